import type { ITerraformDependable } from 'cdktf';
import type { IMlPlatform } from '../contract';
import type { ContainerImage } from '../tenancy';

/** What everything that runs for a while in a tenant's namespace has in common. */
export interface WorkloadOptions {
  readonly platform: IMlPlatform;
  /** Tenant in whose namespace it runs, as the contract lists it. */
  readonly tenant: string;
  /** Of jobs what they run; of pipelines what the steps run that state none. */
  readonly image: ContainerImage;
  /** Nothing secret. @default - none */
  readonly env?: { [name: string]: string };
  /** Environment from Kubernetes secrets: name of the variable to "<secret>/<key>". @default - none */
  readonly secretEnv?: { [name: string]: string };
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
