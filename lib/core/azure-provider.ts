import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from './environment';
import { Stage } from './stage';

/**
 * The azurerm provider of the stack around `scope`, made on first use: identity only, no data-plane calls to private storage,
 * and nothing purged on destroy where others depend on it.
 */
export function azurermProvider(scope: Construct, environment: Environment): AzurermProvider {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild('azurerm');
  if (existing instanceof AzurermProvider) return existing;
  const disposable = environment.stage.strictness === Stage.DEV.strictness;
  return new AzurermProvider(stack, 'azurerm', {
    subscriptionId: environment.subscriptionId,
    tenantId: environment.tenantId,
    storageUseAzuread: true,
    // Registering providers needs rights on the whole subscription; the README lists the ones to register once.
    resourceProviderRegistrations: 'none',
    features: [
      {
        keyVault: [{ purgeSoftDeleteOnDestroy: false, purgeSoftDeletedKeysOnDestroy: false, recoverSoftDeletedKeyVaults: true }],
        logAnalyticsWorkspace: [{ permanentlyDeleteOnDestroy: false }],
        // A soft-deleted workspace keeps its name: a dev environment could not be made again.
        machineLearning: [{ purgeSoftDeletedWorkspaceOnDestroy: disposable }],
        resourceGroup: [{ preventDeletionIfContainsResources: !disposable }],
        // Private accounts answer on their endpoint only, which a pipeline outside the network cannot reach.
        storage: [{ dataPlaneAvailable: false }],
      },
    ],
  });
}
