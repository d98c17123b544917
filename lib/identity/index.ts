export * from './built-in-role';
export * from './managed-identity';
export * from './principal';
export * from './role-grant';
