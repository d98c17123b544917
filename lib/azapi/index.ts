export * from './azapi-options';
export * from './azapi-provider';
export * from './azapi-resource';
export * from './azapi-resource-action';
export * from './azapi-update-resource';
export * from './data-azapi-resource';
