export * from './cert-manager';
export * from './envoy-gateway';
export * from './gpu-operator';
export * from './helm-addon';
export * from './helm-chart';
export * from './kserve';
export * from './pod-security';
