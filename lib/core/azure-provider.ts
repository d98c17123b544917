import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from './environment';
import { Stage } from './stage';

/** The azurerm provider as the platform wants it: identities only, and nothing purged on destroy where others depend on it. */
export class AzureProvider {
  /**
   * Gives the stack around `scope` the provider, once: no keys, no data-plane calls to private storage, no registration of
   * resource providers, and guards against destroying what holds state.
   */
  public static attach(scope: Construct, environment: Environment): void {
    const stack = TerraformStack.of(scope);
    if (stack.node.tryFindChild('azurerm')) return;
    const disposable = environment.stage.strictness === Stage.DEV.strictness;
    new AzurermProvider(stack, 'azurerm', {
      subscriptionId: environment.subscriptionId,
      tenantId: environment.tenantId,
      storageUseAzuread: true,
      // Registering providers needs rights on the whole subscription; the README lists the ones to register once.
      resourceProviderRegistrations: 'none',
      features: [
        {
          keyVault: [
            { purgeSoftDeleteOnDestroy: false, purgeSoftDeletedKeysOnDestroy: false, recoverSoftDeletedKeyVaults: true },
          ],
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

  private constructor() {}
}
