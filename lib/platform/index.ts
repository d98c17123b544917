export * from './platform-app';
export * from './state-backend';
