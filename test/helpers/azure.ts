import type { TerraformStack } from 'cdktf';
import { type EnvironmentProps, type IResourceGroup, ResourceGroup } from '../../lib/core';
import { KeyVault, MlStorage, type MlStorageProps } from '../../lib/data';
import { type IPrivateAccess, PrivateAccess, PrivateDns, Subnet } from '../../lib/network';
import { ApplicationInsights, LogAnalytics } from '../../lib/observability';
import { ContainerRegistry } from '../../lib/registry';
import { MlWorkspace, type MlWorkspaceProps } from '../../lib/workspace';
import { testStack } from './synth';

/** A stack with what most Azure constructs ask for: a resource group and private access to a network of somebody else. */
export interface AzureTestStack {
  readonly stack: TerraformStack;
  readonly resourceGroup: IResourceGroup;
  readonly privateAccess: IPrivateAccess;
}

export function azureStack(overrides: Partial<EnvironmentProps> = {}): AzureTestStack {
  const stack = testStack(overrides);
  const resourceGroup = new ResourceGroup(stack, 'Group');
  const network = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v';
  const privateAccess = new PrivateAccess(stack, 'Access', {
    resourceGroup,
    subnet: Subnet.fromId(stack, 'Subnet', `${network}/subnets/pe`),
    virtualNetworkId: network,
    dns: PrivateDns.policyManaged(),
  });
  return { stack, resourceGroup, privateAccess };
}

/** Everything that an Azure ML workspace stands on. */
export function workspaceParts(azure: AzureTestStack, storage: Partial<MlStorageProps> = {}) {
  const { stack, resourceGroup, privateAccess } = azure;
  const logAnalytics = new LogAnalytics(stack, 'Logs', { resourceGroup });
  return {
    resourceGroup,
    privateAccess,
    logAnalytics,
    storage: new MlStorage(stack, 'Storage', { resourceGroup, privateAccess, ...storage }),
    keyVault: new KeyVault(stack, 'Vault', { resourceGroup, privateAccess }),
    registry: new ContainerRegistry(stack, 'Registry', { resourceGroup, privateAccess }),
    applicationInsights: new ApplicationInsights(stack, 'Insights', { resourceGroup, logAnalytics }),
  };
}

/** A workspace with all its parts. */
export function testWorkspace(props: Partial<MlWorkspaceProps> = {}, environment: Partial<EnvironmentProps> = {}) {
  const azure = azureStack(environment);
  const parts = workspaceParts(azure);
  const workspace = new MlWorkspace(azure.stack, 'Workspace', { ...parts, ...props });
  return { ...azure, ...parts, workspace };
}
