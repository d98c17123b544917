import { PrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AzapiProvider } from '../lib/azapi';
import { Environment, ResourceGroup, Stage } from '../lib/core';
import { AzureProvider } from '../lib/core/azure-provider';
import { Guardrails } from '../lib/guardrails';
import { BuiltInRole, Principal, RoleGrant } from '../lib/identity';
import { Budget, DiagnosticSettings, LogAnalytics } from '../lib/observability';
import { StateBackend } from '../lib/platform';
import { ModelRegistry } from '../lib/registry';
import type { Organization } from './organization';

const CONTAINER = 'tfstate';

/**
 * What all environments share: the registry of models, and the store of Terraform's state. The store holds its own state too; the first deployment keeps that
 * locally (`ML_PLATFORM_STATE=local`) and then moves it here, as the README tells.
 */
export class SharedStack extends TerraformStack {
  /** ARM id of the Azure ML registry through which models go from stage to stage. */
  public readonly modelRegistryId: string;
  /** Where the other stacks keep their state. */
  public readonly state: StateBackend;

  constructor(scope: Construct, id: string, organization: Organization) {
    super(scope, id);
    const environment = new Environment({
      project: organization.project,
      stage: Stage.custom('shared', Stage.PROD),
      location: organization.location,
      subscriptionId: organization.sharedSubscriptionId,
      tenantId: organization.tenantId,
      owner: organization.owner,
    });
    environment.attach(this);
    AzureProvider.attach(this, environment);
    const group = new ResourceGroup(this, 'ResourceGroup');
    new AzapiProvider(this, 'azapi', { subscriptionId: environment.subscriptionId, tenantId: environment.tenantId });
    this.modelRegistryId = new ModelRegistry(this, 'ModelRegistry', { resourceGroup: group }).armId;
    const named = environment.name(this, 'azurerm_storage_account', 'state');
    const account = new StorageAccount(this, 'State', {
      name: named.name,
      resourceGroupName: group.resourceGroupName,
      location: environment.location,
      accountKind: 'StorageV2',
      accountTier: 'Standard',
      accountReplicationType: 'GZRS', // losing state costs more than the storage
      // State holds kubeconfigs and keys: nobody reaches it but by identity, from the build agents' network.
      publicNetworkAccessEnabled: false,
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      allowNestedItemsToBePublic: false,
      crossTenantReplicationEnabled: false,
      httpsTrafficOnlyEnabled: true,
      minTlsVersion: 'TLS1_2',
      infrastructureEncryptionEnabled: true,
      blobProperties: {
        versioningEnabled: true, // a broken state is mended by its previous version
        changeFeedEnabled: true,
        deleteRetentionPolicy: { days: environment.profile.softDeleteRetentionDays },
        containerDeleteRetentionPolicy: { days: environment.profile.softDeleteRetentionDays },
      },
      tags: named.tags,
      lifecycle: { preventDestroy: true },
    });
    const container = new StorageContainer(this, 'Container', {
      name: CONTAINER,
      storageAccountId: account.id,
      containerAccessType: 'private',
      lifecycle: { preventDestroy: true },
    });
    const accountId = `${group.armId}/providers/Microsoft.Storage/storageAccounts/${named.name}`;
    RoleGrant.on(this, {
      principal: Principal.group('build-agents', organization.buildAgents.groupObjectId),
      role: BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR,
      resourceId: container.id,
      armId: `${accountId}/blobServices/default/containers/${CONTAINER}`,
    });
    const endpoint = environment.name(this, 'azurerm_private_endpoint', 'state');
    new PrivateEndpoint(this, 'StateEndpoint', {
      name: endpoint.name,
      resourceGroupName: group.resourceGroupName,
      location: environment.location,
      subnetId: organization.buildAgents.subnetId,
      privateServiceConnection: {
        name: endpoint.name,
        privateConnectionResourceId: account.id,
        subresourceNames: ['blob'],
        isManualConnection: false,
      },
      privateDnsZoneGroup: { name: 'default', privateDnsZoneIds: [organization.buildAgents.blobDnsZoneId] },
      tags: endpoint.tags,
    });
    const logAnalytics = new LogAnalytics(this, 'Logs', { resourceGroup: group });
    DiagnosticSettings.forAll(this, logAnalytics); // who read and wrote state
    new Budget(this, 'Budget', { resourceGroup: group, ...organization.sharedBudget });
    this.state = new StateBackend({
      subscriptionId: environment.subscriptionId,
      tenantId: environment.tenantId,
      resourceGroupName: group.armId.split('/').at(-1) ?? '',
      storageAccountName: named.name,
      containerName: CONTAINER,
    });
    if (process.env.ML_PLATFORM_STATE === 'local') this.startLocally();
    else this.state.attach(this);
  }

  /** The very first deployment: the store that will hold its state does not exist yet. */
  private startLocally(): void {
    new LocalBackend(this, { path: 'terraform.shared.tfstate' });
    Guardrails.of(this).acknowledge({
      rule: 'MLP-STA-001',
      reason: 'First deployment of the state store itself; the next step moves this state into it.',
      owner: Environment.of(this).owner.team,
      expires: new Date().toISOString().slice(0, 10),
    });
  }
}
