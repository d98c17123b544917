import type { TerraformResourceLifecycle } from 'cdktf';
import type { Environment } from './environment';

/**
 * Lifecycle of a resource that holds state: Terraform refuses to destroy it where the profile says so.
 * @internal
 */
export function statefulLifecycle(environment: Environment): TerraformResourceLifecycle | undefined {
  return environment.profile.preventDestroy ? { preventDestroy: true } : undefined;
}
