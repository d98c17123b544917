export * from './contract-attributes';
export * from './ml-platform';
