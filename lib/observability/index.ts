export * from './application-insights';
export * from './log-analytics';
