export * from './container-registry';
export * from './model-registry';
export * from './registry-model';
export * from './registry-options';
