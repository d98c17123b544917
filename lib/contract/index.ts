export * from './cluster-access';
export * from './contract-attributes';
export * from './ml-platform';
export * from './platform-contract';
