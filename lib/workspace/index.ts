export * from './managed-network-isolation';
export * from './ml-workspace';
export * from './workspace-dependencies';
