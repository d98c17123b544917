export * from './azure-provider';
export * from './environment';
export * from './environment-profile';
export * from './image-lock';
export * from './naming';
export * from './ownership';
export * from './resource-group';
export * from './stage';
