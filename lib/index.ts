export * as azapi from './azapi';
export * as contract from './contract';
export * as core from './core';
export * as identity from './identity';
export * as network from './network';
