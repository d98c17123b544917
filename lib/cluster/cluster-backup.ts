import { DataProtectionBackupInstanceKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-protection-backup-instance-kubernetes-cluster';
import { DataProtectionBackupPolicyKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-protection-backup-policy-kubernetes-cluster';
import { DataProtectionBackupVault } from '@cdktf/provider-azurerm/lib/data-protection-backup-vault';
import { KubernetesClusterExtension } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-extension';
import { KubernetesClusterTrustedAccessRoleBinding } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-trusted-access-role-binding';
import { type ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type EnvironmentProfile, type IResourceGroup, ResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { MlStorage } from '../data';
import { BuiltInRole, type IPrincipal, type IRole, PrincipalType, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';
import type { MlCluster } from './ml-cluster';

export interface ClusterBackupProps {
  readonly cluster: MlCluster;
  /** Group of the vault and of the storage of the backups. */
  readonly resourceGroup: IResourceGroup;
  /** Gives the storage its private endpoint: backups leave the cluster by it. */
  readonly privateAccess: IPrivateAccess;
  /** Hours between two backups: 4, 6, 8, 12 or 24. @default 24 */
  readonly everyHours?: number;
  /** Hour and minute of the first backup of a day, in UTC. @default "01:00" */
  readonly startTime?: string;
  /** Days that backups are kept, 1-360. @default 30 */
  readonly retentionDays?: number;
  /** Namespaces to leave out, beside those of Kubernetes and of AKS. @default - none */
  readonly excludedNamespaces?: string[];
}

/** Namespaces whose content AKS makes itself. */
const NOT_OURS = ['kube-system', 'kube-node-lease', 'kube-public', 'gatekeeper-system', 'dataprotection-microsoft'];
const EVERY_HOURS = [4, 6, 8, 12, 24];
const NAMESPACE = 'dataprotection-microsoft';
const CONTAINER = 'cluster-backup';
/** Nothing that the library offers: Azure Backup asks for it on the group of its snapshots, where it is given and nowhere else. */
const CONTRIBUTOR: IRole = { roleName: 'Contributor', roleId: 'b24988ac-6180-42a0-ab88-20f7382dd24c' };

/**
 * Azure Backup for a cluster: its objects go to a storage account of their own, its disks become snapshots in a resource group of
 * their own. It takes the place of Velero, which the extension is made of: the two exclude each other. Disks only: files and blobs
 * have backups of their own kind. Snapshots stay in the region: what must survive its loss belongs into the storage account.
 *
 * @see https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept
 */
export class ClusterBackup extends Construct {
  /** ARM id as a reference to the vault. */
  public readonly backupVaultId: string;
  /** ARM id of the vault. */
  public readonly armId: string;
  /** Where the objects of the cluster are kept. */
  public readonly storage: MlStorage;
  /** Where snapshots of disks are kept. */
  public readonly snapshotResourceGroup: IResourceGroup;

  /** @throws when the rhythm, the time or the retention is not one of Azure's */
  constructor(scope: Construct, id: string, props: ClusterBackupProps) {
    super(scope, id);
    const { cluster, resourceGroup } = props;
    checkRhythm(this.node.path, props);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_data_protection_backup_vault', 'aks');
    this.armId = `${resourceGroup.armId}/providers/Microsoft.DataProtection/backupVaults/${named.name}`;
    this.storage = new MlStorage(this, 'Storage', {
      resourceGroup,
      privateAccess: props.privateAccess,
      purpose: 'backup',
      containers: [CONTAINER],
      services: [PrivateService.STORAGE_BLOB],
    });
    this.snapshotResourceGroup = new ResourceGroup(this, 'Snapshots', { purpose: 'aks-snapshots' });
    const vault = new DataProtectionBackupVault(this, 'Default', {
      name: named.name,
      resourceGroupName: resourceGroup.resourceGroupName,
      location: environment.location,
      datastoreType: 'VaultStore',
      redundancy: redundancyOf(environment.profile),
      // What is deleted can be brought back, and what must be kept cannot be deleted early.
      softDelete: 'On',
      retentionDurationInDays: Math.max(14, environment.profile.softDeleteRetentionDays),
      immutability: environment.profile.preventDestroy ? 'Unlocked' : 'Disabled',
      identity: { type: 'SystemAssigned' },
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.backupVaultId = vault.id;
    const policy = new DataProtectionBackupPolicyKubernetesCluster(this, 'Policy', {
      name: 'cluster',
      resourceGroupName: resourceGroup.resourceGroupName,
      vaultName: vault.name,
      backupRepeatingTimeIntervals: [intervalOf(props)],
      timeZone: 'UTC',
      defaultRetentionRule: {
        // Snapshots: azurerm knows no other tier for clusters.
        lifeCycle: [{ dataStoreType: 'OperationalStore', duration: `P${props.retentionDays ?? 30}D` }],
      },
    });
    const extension = this.extension(props, environment);
    const trusted = new KubernetesClusterTrustedAccessRoleBinding(this, 'TrustedAccess', {
      name: 'backup-vault',
      kubernetesClusterId: cluster.clusterId,
      sourceResourceId: vault.id,
      roles: ['Microsoft.DataProtection/backupVaults/backup-operator'],
    });
    const grants = this.grants(cluster, vault.identity.principalId, extension.aksAssignedIdentity.get(0).principalId);
    new DataProtectionBackupInstanceKubernetesCluster(this, 'Instance', {
      name: cluster.clusterName,
      location: environment.location,
      vaultId: vault.id,
      backupPolicyId: policy.id,
      kubernetesClusterId: cluster.clusterId,
      snapshotResourceGroupName: this.snapshotResourceGroup.resourceGroupName,
      backupDatasourceParameters: {
        clusterScopedResourcesEnabled: true,
        volumeSnapshotEnabled: true,
        excludedNamespaces: [...NOT_OURS, ...(props.excludedNamespaces ?? [])],
      },
      // Any change of it makes a new instance, and the backups go with the old one.
      lifecycle: statefulLifecycle(environment),
      dependsOn: [trusted, ...grants],
    });
    cluster.registerManagedAddOn('backup');
  }

  private extension({ cluster, resourceGroup }: ClusterBackupProps, environment: Environment): KubernetesClusterExtension {
    const location = 'configuration.backupStorageLocation';
    return new KubernetesClusterExtension(this, 'Extension', {
      name: 'azure-aks-backup',
      clusterId: cluster.clusterId,
      extensionType: 'microsoft.dataprotection.kubernetes',
      releaseTrain: 'stable',
      releaseNamespace: NAMESPACE,
      configurationSettings: {
        [`${location}.bucket`]: CONTAINER,
        [`${location}.config.resourceGroup`]: resourceGroup.resourceGroupName,
        [`${location}.config.storageAccount`]: this.storage.storageName,
        [`${location}.config.subscriptionId`]: environment.subscriptionId,
        // By identity: without these two it asks for the account's keys.
        [`${location}.config.useAAD`]: 'true',
        [`${location}.config.storageAccountURI`]: `${this.storage.blobEndpoint}/`,
        'credentials.tenantId': environment.tenantId,
      },
      // Its pods need nodes without taints, and a way to the container.
      dependsOn: [...resourcesOf(cluster, 'azurerm_kubernetes_cluster_node_pool'), ...resourcesOf(this.storage)],
    });
  }

  private grants(cluster: MlCluster, vaultPrincipalId: string, extensionPrincipalId: string): ITerraformDependable[] {
    const vault = principal('backup-vault', vaultPrincipalId);
    const snapshots = this.snapshotResourceGroup;
    const resourceId = `/subscriptions/${Environment.of(this).subscriptionId}/resourceGroups/${snapshots.resourceGroupName}`;
    const onSnapshots = (who: IPrincipal, role: IRole) =>
      RoleGrant.on(snapshots, { principal: who, role, resourceId, armId: snapshots.armId });
    return [
      RoleGrant.on(this, { principal: vault, role: BuiltInRole.READER, resourceId: cluster.clusterId, armId: cluster.armId }),
      onSnapshots(vault, BuiltInRole.READER),
      // What Azure Backup asks for; the group holds nothing else.
      onSnapshots(cluster.controlPlaneIdentity, CONTRIBUTOR),
      this.storage.grantWrite(principal('backup-extension', extensionPrincipalId), CONTAINER),
    ].map((grant) => grant.dependable);
  }
}

function principal(principalName: string, principalId: string): IPrincipal {
  return { principalName, principalId, principalType: PrincipalType.SERVICE_PRINCIPAL };
}

function resourcesOf(construct: IConstruct, type?: string): TerraformResource[] {
  return construct.node
    .findAll()
    .filter((child): child is TerraformResource => TerraformResource.isTerraformResource(child))
    .filter((resource) => type === undefined || resource.terraformResourceType === type);
}

/** As the storage of the stage is replicated. */
function redundancyOf({ storageReplication }: EnvironmentProfile): string {
  if (storageReplication.includes('G')) return 'GeoRedundant';
  return storageReplication.includes('Z') ? 'ZoneRedundant' : 'LocallyRedundant';
}

function intervalOf({ everyHours = 24, startTime = '01:00' }: ClusterBackupProps): string {
  return `R/2025-01-01T${startTime}:00+00:00/${everyHours === 24 ? 'P1D' : `PT${everyHours}H`}`;
}

function checkRhythm(path: string, { everyHours = 24, startTime = '01:00', retentionDays = 30 }: ClusterBackupProps): void {
  if (!EVERY_HOURS.includes(everyHours)) {
    throw new ConfigurationError(path, {
      what: 'Azure makes no backups at this rhythm',
      got: `everyHours ${everyHours}`,
      allowed: EVERY_HOURS.join(', '),
      fix: 'e.g. everyHours: 24',
    });
  }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(startTime)) {
    throw new ConfigurationError(path, {
      what: 'startTime of the backups is not valid',
      got: JSON.stringify(startTime),
      allowed: 'HH:MM in UTC',
      fix: 'e.g. "01:00"',
    });
  }
  if (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > 360) {
    throw new ConfigurationError(path, {
      what: 'retentionDays of the backups is not valid',
      got: String(retentionDays),
      allowed: 'whole days, 1-360: snapshots are kept no longer',
      fix: 'e.g. 30',
    });
  }
}
