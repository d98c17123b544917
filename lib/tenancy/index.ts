export * from './tenant';
export * from './tenant-network-policy';
