export * from './encryption-key';
export * from './key-vault';
export * from './ml-storage';
export * from './storage-lifecycle';
