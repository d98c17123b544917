import { Token } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { GpuNodePool, MlCluster, type MlClusterProps, NodeOs, Weekday } from '../../lib/cluster';
import { EnvironmentProfile, ResourceGroup, Stage } from '../../lib/core';
import { CpuVmSize, GpuDriver, GpuVmSize } from '../../lib/gpu';
import { Principal } from '../../lib/identity';
import { Subnet } from '../../lib/network';
import { resourcesOf, synthesized, testStack } from '../helpers/synth';

const ADMINS = '22222222-2222-2222-2222-222222222222';
const VNET = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/vnet';
const WORKSPACE = '/subscriptions/s/resourceGroups/o/providers/Microsoft.OperationalInsights/workspaces/log';

function testCluster(props: Partial<MlClusterProps> = {}, stage = Stage.PROD) {
  const stack = testStack({ stage });
  const cluster = new MlCluster(stack, 'Cluster', {
    resourceGroup: ResourceGroup.fromName(stack, 'Group', 'rg-ml'),
    nodeSubnet: Subnet.fromId(stack, 'Nodes', `${VNET}/subnets/nodes`),
    adminGroupObjectIds: [ADMINS],
    logAnalyticsWorkspaceId: WORKSPACE,
    ...props,
  });
  return { stack, cluster, json: () => synthesized(stack, 'azurerm_kubernetes_cluster.Cluster') };
}

describe('MlCluster', () => {
  test('is reached from the network only', () => {
    expect(testCluster().json()).toMatchObject({
      private_cluster_enabled: true,
      private_cluster_public_fqdn_enabled: false,
      private_dns_zone_id: 'System',
      run_command_enabled: false,
    });
  });

  test('knows Entra identities only', () => {
    expect(testCluster().json()).toMatchObject({
      local_account_disabled: true,
      role_based_access_control_enabled: true,
      azure_active_directory_role_based_access_control: { azure_rbac_enabled: true, admin_group_object_ids: [ADMINS] },
      identity: { type: 'UserAssigned' },
    });
  });

  test('states the OIDC issuer and workload identity', () => {
    expect(testCluster().json()).toMatchObject({ oidc_issuer_enabled: true, workload_identity_enabled: true });
  });

  test('runs Cilium over an overlay and leaves by the NAT gateway of the network', () => {
    expect(testCluster().json().network_profile).toMatchObject({
      network_plugin: 'azure',
      network_plugin_mode: 'overlay',
      network_data_plane: 'cilium',
      network_policy: 'cilium',
      outbound_type: 'userAssignedNATGateway',
      service_cidr: '172.16.0.0/16',
      dns_service_ip: '172.16.0.10',
    });
  });

  test('gives the control plane its roles before the cluster is made', () => {
    const { stack, json } = testCluster({
      privateDnsZoneId:
        '/subscriptions/s/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io',
    });
    const grants = resourcesOf(stack, 'azurerm_role_assignment');
    expect(grants.map((grant) => grant.scope)).toEqual(
      expect.arrayContaining([expect.stringContaining('/subnets/nodes'), expect.stringContaining('azmk8s.io')]),
    );
    expect(json().depends_on).toHaveLength(grants.length);
    expect(json()).toMatchObject({ dns_prefix_private_cluster: expect.any(String) });
    expect(json()).not.toHaveProperty('dns_prefix');
  });

  test('keeps the system pool to critical add-ons and replaces it without an outage', () => {
    expect(testCluster().json().default_node_pool).toMatchObject({
      name: 'system',
      only_critical_addons_enabled: true,
      temporary_name_for_rotation: 'systemtmp',
      min_count: 3,
      max_count: 6,
      zones: ['1', '2', '3'],
      os_disk_type: 'Ephemeral',
      host_encryption_enabled: true,
      upgrade_settings: { max_surge: '33%', drain_timeout_in_minutes: 30 },
    });
  });

  test('costs little in dev', () => {
    const json = testCluster({ logAnalyticsWorkspaceId: undefined }, Stage.DEV).json();
    expect(json).toMatchObject({
      sku_tier: 'Free',
      cost_analysis_enabled: false,
      default_node_pool: { min_count: 1, max_count: 2 },
    });
    expect(json).not.toHaveProperty('microsoft_defender');
    expect(json.default_node_pool).not.toHaveProperty('zones');
    expect(json).not.toHaveProperty('lifecycle');
  });

  test('is guarded and held in prod', () => {
    expect(testCluster().json()).toMatchObject({
      sku_tier: 'Standard',
      cost_analysis_enabled: true,
      microsoft_defender: { log_analytics_workspace_id: WORKSPACE },
      lifecycle: { prevent_destroy: true },
      azure_policy_enabled: true,
      image_cleaner_enabled: true,
      key_vault_secrets_provider: { secret_rotation_enabled: true },
    });
  });

  test('upgrades itself inside windows', () => {
    const json = testCluster({
      upgradeWindow: { day: Weekday.MONDAY, startTime: '22:00', utcOffset: '+01:00', durationHours: 4 },
    }).json();
    expect(json).toMatchObject({
      automatic_upgrade_channel: 'patch',
      node_os_upgrade_channel: 'NodeImage',
      maintenance_window_auto_upgrade: {
        day_of_week: 'Monday',
        start_time: '22:00',
        utc_offset: '+01:00',
        duration: 4,
        frequency: 'Weekly',
      },
      maintenance_window_node_os: { day_of_week: 'Saturday', start_time: '02:00', duration: 6 },
    });
  });

  test('says what it is at synth', () => {
    const { cluster } = testCluster({ managedKeda: true, kubernetesVersion: '1.34' });
    expect(cluster.clusterName).toBe('aks-contoso-ml-prod-euw');
    expect(cluster.armId).toMatch(
      /^\/subscriptions\/.*\/resourceGroups\/rg-ml\/providers\/Microsoft.ContainerService\/managedClusters\/aks-contoso-ml-prod-euw$/,
    );
    expect(cluster.managedAddOns).toEqual(['keda']);
    expect(cluster.kubernetesVersion).toBe('1.34');
    expect(cluster.nodePools).toEqual([
      expect.objectContaining({
        name: 'system',
        mode: 'System',
        vcpus: 4,
        memoryGib: 16,
        taints: ['CriticalAddonsOnly=true:NoSchedule'],
      }),
    ]);
  });

  test('integrates the API server with a subnet and encrypts secrets with a key of your own', () => {
    const stack = testStack();
    new MlCluster(stack, 'Cluster', {
      resourceGroup: ResourceGroup.fromName(stack, 'Group', 'rg-ml'),
      nodeSubnet: Subnet.fromId(stack, 'Nodes', `${VNET}/subnets/nodes`),
      apiServerSubnet: Subnet.fromId(stack, 'Api', `${VNET}/subnets/api`),
      adminGroupObjectIds: [ADMINS],
      logAnalyticsWorkspaceId: WORKSPACE,
      secretsEncryption: { keyVaultKeyId: 'https://kv.vault.azure.net/keys/etcd/1' },
    });
    expect(synthesized(stack, 'azurerm_kubernetes_cluster.Cluster')).toMatchObject({
      api_server_access_profile: { virtual_network_integration_enabled: true, subnet_id: `${VNET}/subnets/api` },
      key_management_service: { key_vault_network_access: 'Private' },
    });
  });

  test('starts without a way out from a registry of its own, and without host encryption where the subscription lacks it', () => {
    const json = testCluster({
      outboundType: 'none',
      bootstrapRegistryId: '/registries/cr',
      systemPool: {
        hostEncryption: false,
        vmSize: CpuVmSize.of('Standard_D8s_v5'),
        minCount: 2,
        maxCount: 3,
        zones: ['1'],
        osDiskSizeGib: 64,
      },
    }).json();
    expect(json).toMatchObject({
      bootstrap_profile: { artifact_source: 'Cache', container_registry_id: '/registries/cr' },
      default_node_pool: {
        host_encryption_enabled: false,
        vm_size: 'Standard_D8s_v5',
        os_disk_type: 'Managed',
        os_disk_size_gb: 64,
        min_count: 2,
        max_count: 3,
        zones: ['1'],
      },
    });
    expect(testCluster().json()).not.toHaveProperty('bootstrap_profile');
  });

  test('takes the id of a DNS zone as a reference, with its ARM id beside it', () => {
    const zone = Token.asString({ resolve: () => '${azurerm_private_dns_zone.aks.id}' });
    expect(() => testCluster({ privateDnsZoneId: zone })).toThrow(/not known at synth.*privateDnsZoneArmId/s);
    const { json } = testCluster({ privateDnsZoneId: zone, privateDnsZoneArmId: '/privateDnsZones/z' });
    expect(json()).toMatchObject({ private_dns_zone_id: '${azurerm_private_dns_zone.aks.id}' });
  });

  test('grants roles once', () => {
    const { cluster, stack } = testCluster();
    const group = Principal.group('risk-ml', ADMINS);
    expect(cluster.grantUser(group)).toBe(cluster.grantUser(group));
    cluster.grantRead(group);
    cluster.grantClusterAdmin(group);
    expect(resourcesOf(stack, 'azurerm_role_assignment').filter((grant) => grant.principal_type === 'Group')).toHaveLength(3);
  });

  test('takes pools onto a cluster owned elsewhere and creates nothing else', () => {
    const stack = testStack();
    const cluster = MlCluster.fromMlClusterAttributes(stack, 'Existing', {
      armId: '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/theirs',
      nodeSubnet: Subnet.fromId(stack, 'Nodes', `${VNET}/subnets/nodes`),
    });
    const pool = cluster.addGpuPool('T4', { vmSize: GpuVmSize.of('Standard_NC4as_T4_v3'), maxCount: 2 });
    expect(pool).toBeInstanceOf(GpuNodePool);
    expect(cluster.clusterName).toBe('theirs');
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster')).toEqual([]);
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool')).toHaveLength(1);
  });

  test.each<[string, Partial<MlClusterProps>, RegExp]>([
    ['no administrators', { adminGroupObjectIds: [] }, /nobody could administer.*adminGroupObjectIds/s],
    [
      'an administrator by mail address',
      { adminGroupObjectIds: ['ml@contoso.example'] },
      /not an object id, got "ml@contoso.example"/,
    ],
    ['a patch version', { kubernetesVersion: '1.34.2' }, /not a minor version, got "1.34.2"/],
    ['overlapping ranges', { serviceCidr: '10.244.0.0/20' }, /overlap, got 10.244.0.0\/20 and 10.244.0.0\/16/],
    ['a malformed range', { podCidr: '10.244.0.1/16' }, /podCidr is not a range/],
    ['an unknown way out', { outboundType: 'nat' }, /outboundType is not allowed.*userAssignedNATGateway/s],
    ['nodes that could not start', { outboundType: 'none' }, /cannot fetch AKS's own images.*bootstrapRegistryId/s],
    ['a zone of another service', { privateDnsZoneId: '/x/privateDnsZones/privatelink.azurecr.io' }, /does not serve AKS/],
    ['Defender without a workspace', { logAnalyticsWorkspaceId: undefined }, /Defender has nowhere to report/],
    ['a spot system pool', { systemPool: { spot: true } }, /system pool cannot be spot.*regular nodes/s],
    ['an empty system pool', { systemPool: { minCount: 0 } }, /node counts of the system pool/],
    ['a private vault that AKS cannot reach', { secretsEncryption: { keyVaultKeyId: 'k' } }, /API server VNet integration/],
    ['a short window', { upgradeWindow: { day: Weekday.SUNDAY, startTime: '02:00', durationHours: 2 } }, /durationHours.*4-24/s],
    ['a malformed window', { upgradeWindow: { day: Weekday.SUNDAY, startTime: '2am' } }, /startTime "2am"/],
    ['a reference to a zone without its ARM id', { privateDnsZoneId: '${azurerm_private_dns_zone.z.id}' }, /does not serve AKS/],
  ])('refuses %s', (_, props, message) => {
    expect(() => testCluster(props)).toThrow(message);
  });

  test('refuses the operator on Azure Linux and takes the AKS driver there', () => {
    const { cluster } = testCluster({ nodeOs: NodeOs.AZURE_LINUX });
    const vmSize = GpuVmSize.of('Standard_NC4as_T4_v3');
    expect(() => cluster.addGpuPool('a', { vmSize, maxCount: 2 })).toThrow(/no driver on Azure Linux/);
    cluster.addGpuPool('b', { vmSize, maxCount: 2, driver: GpuDriver.AKS });
  });

  test('leaves Defender out where the profile says so', () => {
    const stack = testStack({ profile: EnvironmentProfile.PROD.with({ defender: false }) });
    new MlCluster(stack, 'Cluster', {
      resourceGroup: ResourceGroup.fromName(stack, 'Group', 'rg-ml'),
      nodeSubnet: Subnet.fromId(stack, 'Nodes', `${VNET}/subnets/nodes`),
      adminGroupObjectIds: [ADMINS],
    });
    expect(synthesized(stack, 'azurerm_kubernetes_cluster.Cluster')).not.toHaveProperty('microsoft_defender');
  });
});
