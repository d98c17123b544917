export * from './ml-platform';
export * from './ml-platform-props';
export * from './platform-app';
export * from './state-backend';
