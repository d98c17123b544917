export * from './built-in-role';
export * from './custom-role';
export * from './federated-credential';
export * from './managed-identity';
export * from './principal';
export * from './role';
export * from './role-grant';
export * from './workload-identity';
