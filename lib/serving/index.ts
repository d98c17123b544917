export * from './inference-service';
export * from './model-format';
export * from './model-source';
