export * from './container-image';
export * from './priority-classes';
export * from './tenant';
export * from './tenant-access';
export * from './tenant-network-policy';
export * from './tenant-secrets';
