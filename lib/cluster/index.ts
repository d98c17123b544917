export * from './capacity-planner';
export * from './cpu-node-pool';
export * from './gpu-node-pool';
export * from './kubernetes-cluster';
export * from './maintenance-window';
export * from './ml-cluster';
export * from './node-os';
export * from './node-pool-options';
