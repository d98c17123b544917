export * from './encryption-key';
export * from './key-vault';
export * from './ml-storage';
export * from './postgres-server';
export * from './storage-lifecycle';
