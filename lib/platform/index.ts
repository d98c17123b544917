export * from './ml-platform';
export * from './platform-app';
export * from './state-backend';
