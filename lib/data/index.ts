export * from './key-vault';
export * from './ml-storage';
