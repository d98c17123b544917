import type { IConstruct } from 'constructs';
import type { Environment } from '../core';
import type { ContractNodePool, ContractTenant, PlatformContractAttributes } from './contract-attributes';

/** A platform as those see it who build on it: by its contract alone. */
export interface IMlPlatform extends IConstruct {
  readonly attributes: PlatformContractAttributes;
  /** The platform's environment: names, tags, profile. */
  readonly environment: Environment;
  /**
   * A pool by its name.
   * @throws when the platform has none of that name
   */
  nodePool(name: string): ContractNodePool;
  /**
   * A tenant by its name.
   * @throws when the contract lists none of that name
   */
  tenant(name: string): ContractTenant;
}
