import type { ITerraformDependable } from 'cdktf';
import type { IMlPlatform } from '../contract';
import type { Owner } from '../core';
import type { ServiceLevel } from './service-level';

/** What all kinds of served models have in common. */
export interface ServiceOptions {
  readonly platform: IMlPlatform;
  /** Tenant in whose namespace it runs, as the contract lists it. */
  readonly tenant: string;
  /** Who answers when it alarms. */
  readonly owner: Owner;
  /** 1-40 lower-case letters, digits and hyphens, letter first. @default - the construct's id in that form */
  readonly serviceName?: string;
  /** What it promises; alerts follow from it. @default - see ServiceLevel */
  readonly level?: ServiceLevel;
  /** Name of a PriorityClass, e.g. PriorityClasses.SERVING. @default - the cluster's */
  readonly priorityClass?: string;
  /** What must stand before it, e.g. the tenant when both are in one stack. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
