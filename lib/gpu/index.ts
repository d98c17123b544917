export * from './cpu-vm-size';
export * from './gpu-driver';
export * from './gpu-request';
export * from './gpu-sharing';
export * from './gpu-vm-size';
export * from './mig-profile';
export * from './node-label';
export * from './vm-price';
