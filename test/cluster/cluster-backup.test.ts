import { describe, expect, test } from 'vitest';
import { ClusterBackup, type ClusterBackupProps, MlCluster } from '../../lib/cluster';
import { EnvironmentProfile, ResourceGroup, Stage } from '../../lib/core';
import { PrivateAccess, Subnet } from '../../lib/network';
import { resourcesOf, synthesized, testStack } from '../helpers/synth';

const VNET = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/vnet';

function testBackup(props: Partial<ClusterBackupProps> = {}, stage = Stage.PROD) {
  const stack = testStack({ stage });
  const resourceGroup = ResourceGroup.fromName(stack, 'Group', 'rg-ml');
  const cluster = new MlCluster(stack, 'Cluster', {
    resourceGroup,
    nodeSubnet: Subnet.fromId(stack, 'Nodes', `${VNET}/subnets/nodes`),
    adminGroupObjectIds: ['22222222-2222-2222-2222-222222222222'],
    logAnalyticsWorkspaceId: '/subscriptions/s/resourceGroups/o/providers/Microsoft.OperationalInsights/workspaces/log',
  });
  cluster.addCpuPool('cpu', { maxCount: 3 });
  const privateAccess = new PrivateAccess(stack, 'Access', {
    resourceGroup,
    subnet: Subnet.fromId(stack, 'Endpoints', `${VNET}/subnets/endpoints`),
    virtualNetworkId: VNET,
  });
  const backup = new ClusterBackup(stack, 'Backup', { cluster, resourceGroup, privateAccess, ...props });
  const one = (type: string) => resourcesOf(stack, type)[0] ?? {};
  return { stack, cluster, backup, one };
}

describe('ClusterBackup', () => {
  test('keeps a vault that gives nothing up early, replicated as the storage of the stage', () => {
    const { one, backup } = testBackup();
    expect(one('azurerm_data_protection_backup_vault')).toMatchObject({
      datastore_type: 'VaultStore',
      redundancy: 'GeoRedundant',
      soft_delete: 'On',
      retention_duration_in_days: 90,
      immutability: 'Unlocked',
      identity: { type: 'SystemAssigned' },
      lifecycle: { prevent_destroy: true },
    });
    expect(backup.armId).toMatch(/^\/subscriptions\/.*\/Microsoft\.DataProtection\/backupVaults\/bvault-contoso-ml-prod-euw-aks/);
    const dev = testBackup({}, Stage.DEV).one('azurerm_data_protection_backup_vault');
    expect(dev).toMatchObject({ redundancy: 'LocallyRedundant', immutability: 'Disabled', retention_duration_in_days: 14 });
    expect(testBackup({}, Stage.STAGING).one('azurerm_data_protection_backup_vault').redundancy).toBe('ZoneRedundant');
  });

  test('backs up once a day, for thirty days, unless told otherwise', () => {
    expect(testBackup().one('azurerm_data_protection_backup_policy_kubernetes_cluster')).toMatchObject({
      backup_repeating_time_intervals: ['R/2025-01-01T01:00:00+00:00/P1D'],
      default_retention_rule: { life_cycle: [{ data_store_type: 'OperationalStore', duration: 'P30D' }] },
    });
    const other = testBackup({ everyHours: 4, startTime: '02:30', retentionDays: 7 });
    expect(other.one('azurerm_data_protection_backup_policy_kubernetes_cluster')).toMatchObject({
      backup_repeating_time_intervals: ['R/2025-01-01T02:30:00+00:00/PT4H'],
      default_retention_rule: { life_cycle: [{ duration: 'P7D' }] },
    });
  });

  test('writes to storage of its own as the identity of the extension, without a key', () => {
    const { stack, one, backup } = testBackup();
    expect(one('azurerm_kubernetes_cluster_extension')).toMatchObject({
      extension_type: 'microsoft.dataprotection.kubernetes',
      configuration_settings: {
        'configuration.backupStorageLocation.bucket': 'cluster-backup',
        'configuration.backupStorageLocation.config.storageAccount': backup.storage.storageName,
        'configuration.backupStorageLocation.config.useAAD': 'true',
        'configuration.backupStorageLocation.config.storageAccountURI': `https://${backup.storage.storageName}.blob.core.windows.net/`,
      },
    });
    expect(one('azurerm_storage_account')).toMatchObject({
      shared_access_key_enabled: false,
      public_network_access_enabled: false,
    });
    const grants = resourcesOf(stack, 'azurerm_role_assignment').filter(({ principal_id }) =>
      String(principal_id).includes('aks_assigned_identity[0].principal_id'),
    );
    expect(grants).toHaveLength(1);
    expect(String(grants[0]?.role_definition_id)).toContain('ba92f5b4-2d11-453d-a403-e96b0029c9fe');
  });

  test('gives the vault what it needs to see, and the cluster the group of the snapshots alone', () => {
    const { stack, one } = testBackup();
    const grants = resourcesOf(stack, 'azurerm_role_assignment').map(({ scope, role_definition_id, principal_id }) => ({
      scope: String(scope),
      role: String(role_definition_id).split('/').at(-1),
      principal: String(principal_id),
    }));
    const vault = '${azurerm_data_protection_backup_vault.Backup.identity[0].principal_id}';
    const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
    expect(grants.filter(({ principal }) => principal === vault)).toEqual([
      { scope: '${azurerm_kubernetes_cluster.Cluster.id}', role: reader, principal: vault },
      { scope: expect.stringContaining('azurerm_resource_group.Backup_Snapshots'), role: reader, principal: vault },
    ]);
    expect(grants.filter(({ role }) => role === 'b24988ac-6180-42a0-ab88-20f7382dd24c')).toEqual([
      expect.objectContaining({ scope: expect.stringContaining('azurerm_resource_group.Backup_Snapshots') }),
    ]);
    expect(one('azurerm_kubernetes_cluster_trusted_access_role_binding')).toMatchObject({
      roles: ['Microsoft.DataProtection/backupVaults/backup-operator'],
      source_resource_id: '${azurerm_data_protection_backup_vault.Backup.id}',
    });
  });

  test('backs up disks and what belongs to no namespace, after all its roles are given', () => {
    const { stack } = testBackup({ excludedNamespaces: ['scratch'] });
    const instance = synthesized(stack, 'azurerm_data_protection_backup_instance_kubernetes_cluster.Backup_Instance_47677C8A');
    expect(instance).toMatchObject({
      backup_datasource_parameters: {
        cluster_scoped_resources_enabled: true,
        volume_snapshot_enabled: true,
        excluded_namespaces: expect.arrayContaining(['kube-system', 'scratch']),
      },
      lifecycle: { prevent_destroy: true },
    });
    expect(String(instance.depends_on)).toContain('azurerm_kubernetes_cluster_trusted_access_role_binding');
    expect((instance.depends_on as string[]).filter((address) => address.startsWith('azurerm_role_assignment'))).toHaveLength(4);
  });

  test('tells the contract, so that Velero is refused beside it', () => {
    expect(testBackup().cluster.managedAddOns).toContain('backup');
  });

  test('is on by profile', () => {
    expect([Stage.DEV, Stage.STAGING, Stage.PROD].map((stage) => EnvironmentProfile.of(stage).clusterBackup)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test.each([
    [{ everyHours: 5 }, /no backups at this rhythm, got everyHours 5\n {2}allowed: 4, 6, 8, 12, 24/],
    [{ startTime: '1:00' }, /startTime of the backups is not valid, got "1:00"/],
    [{ retentionDays: 400 }, /retentionDays of the backups is not valid, got 400\n {2}allowed: whole days, 1-360/],
  ])('refuses %o', (props, message) => {
    expect(() => testBackup(props)).toThrow(message);
  });
});
