import { Annotations, TerraformProvider, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { Environment } from '../core';

/**
 * Warns where a workspace may be destroyed, but its name could not be used again: Azure keeps deleted workspaces for 14 days unless
 * the provider purges them.
 * @returns no errors: it is a warning
 */
export function warnOfSoftDelete(workspace: Construct, workspaceName: string): string[] {
  if (Environment.of(workspace).profile.preventDestroy) return [];
  const providers = TerraformStack.of(workspace)
    .node.findAll()
    .filter((construct) => TerraformProvider.isTerraformProvider(construct) && construct.terraformResourceType === 'azurerm');
  if (providers.some((provider) => purges(provider as TerraformProvider))) return [];
  Annotations.of(workspace).addWarning(
    `${workspaceName} may be destroyed here, and Azure keeps deleted workspaces for 14 days: the next apply could not use the name. ` +
      'Set features.machine_learning.purge_soft_deleted_workspace_on_destroy on the azurerm provider of this stage.',
  );
  return [];
}

function purges(provider: TerraformProvider): boolean {
  return JSON.stringify(provider.toTerraform()).includes('"purge_soft_deleted_workspace_on_destroy":true');
}
