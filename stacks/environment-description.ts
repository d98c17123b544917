import type { Environment } from '../lib/core';
import type { GpuRequest } from '../lib/gpu';
import type { MlPlatformProps } from '../lib/platform';
import type { TenantAccessOptions } from '../lib/tenancy';

/** One environment, whole: what surrounds it, and what it is made of. */
export interface EnvironmentDescription {
  readonly environment: Environment;
  readonly platform: MlPlatformProps;
  readonly workloads: WorkloadsDescription;
}

/** What the platform team runs for the tenants of an environment. */
export interface WorkloadsDescription {
  /** Who may work in the namespaces of the tenants, by tenant. */
  readonly access: { readonly [tenant: string]: TenantAccessOptions };
  /** Share of requests that a new version answers, 0-100. */
  readonly canaryPercent: number;
  /** GPUs of one training node. */
  readonly trainingGpu: GpuRequest;
  /** Nodes that train together. */
  readonly trainingNodes: number;
  /** GPUs of the language model. @default - none: no language model here */
  readonly languageModelGpu?: GpuRequest;
}
