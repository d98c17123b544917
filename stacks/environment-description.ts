import type { Environment } from '../lib/core';
import type { MlPlatformProps } from '../lib/platform';

/** One environment, whole: what surrounds it, and what it is made of. */
export interface EnvironmentDescription {
  readonly environment: Environment;
  readonly platform: MlPlatformProps;
}
