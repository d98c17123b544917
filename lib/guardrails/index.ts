export * from './guardrail-pack';
export * from './guardrails';
export * from './model/attribute-value';
export * from './model/stack-model';
export * from './rule';
export * from './verdict';
