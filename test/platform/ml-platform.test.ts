import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { GpuDriver, GpuSharing, GpuVmSize } from '../../lib/gpu';
import { MlPlatform, type MlPlatformProps } from '../../lib/platform';
import { resourcesOf, testStack } from '../helpers/synth';

const TENANT = {
  name: 'risk',
  owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
  quota: { cpu: 8, memoryGib: 32, gpus: { 'nvidia.com/gpu': 2 } },
};

const CLUSTER_ID = /^\$\{azurerm_kubernetes_cluster\..*\.id\}$/;

function platform(props: Partial<MlPlatformProps> = {}, stage = Stage.DEV) {
  const stack = testStack({ stage });
  const subject = new MlPlatform(stack, 'Platform', {
    addressSpace: '10.40.0.0/18',
    adminGroupObjectIds: ['22222222-2222-2222-2222-222222222222'],
    cpuPools: { cpu: { maxCount: 3 } },
    gpuPools: { t4: { vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'), maxCount: 2 } },
    tenants: [TENANT],
    budget: { monthlyAmount: 1000, startMonth: '2026-12' },
    ...props,
  });
  return { stack, subject };
}

describe('MlPlatform', () => {
  test('gives each tenant an identity that its service account alone can become, and read access to the storage', () => {
    const { stack, subject } = platform();
    expect(resourcesOf(stack, 'azurerm_federated_identity_credential')).toContainEqual(
      expect.objectContaining({
        subject: 'system:serviceaccount:risk:workload',
        issuer: expect.stringContaining('oidc_issuer_url'),
      }),
    );
    const [tenant] = subject.contract.attributes.tenants;
    expect(tenant).toMatchObject({ namespace: 'risk', serviceAccount: 'workload', quota: { gpus: { 'nvidia.com/gpu': 2 } } });
    expect(tenant?.identity.id).toMatch(/userAssignedIdentities\/id-contoso-ml-dev-euw-risk$/);
  });

  test('gives each tenant a container that no other tenant reads', () => {
    const search = { ...TENANT, name: 'search' };
    const { stack, subject } = platform({ tenants: [TENANT, search] });
    expect(subject.contract.attributes.tenants.map((tenant) => tenant.container)).toEqual(['tenant-risk', 'tenant-search']);
    const grants = resourcesOf(stack, 'azurerm_role_assignment').filter((role) =>
      String(role.principal_id).includes('Tenant-risk'),
    );
    const scopes = grants.map((role) => String(role.scope));
    expect(scopes.some((scope) => scope.includes('tenant-risk'))).toBe(true);
    expect(scopes.some((scope) => scope.includes('tenant-search'))).toBe(false);
    expect(scopes.filter((scope) => scope.startsWith('${azurerm_storage_account.'))).toEqual([]);
  });

  test('lets External Secrets alone read the vault of the platform, and each tenant its own', () => {
    const group = '33333333-3333-3333-3333-333333333333';
    const { stack, subject } = platform({ tenants: [{ ...TENANT, secretOfficers: { 'risk-leads': group } }] });
    const roles = resourcesOf(stack, 'azurerm_role_assignment');
    const readers = roles.filter((role) => String(role.role_definition_id).endsWith('4633458b-17de-408a-b874-0445c86b69e6'));
    expect(readers.map((role) => [String(role.scope), String(role.principal_id)])).toEqual(
      expect.arrayContaining([
        [expect.stringContaining('Platform_KeyVault'), expect.stringContaining('ExternalSecrets')],
        [expect.stringContaining('Platform_Vault-risk'), expect.stringContaining('Tenant-risk')],
      ]),
    );
    expect(readers).toHaveLength(2);
    expect(roles).toContainEqual(
      expect.objectContaining({ principal_id: group, scope: expect.stringContaining('Platform_Vault-risk') }),
    );
    const { addonIdentities, tenants } = subject.contract.attributes;
    expect(addonIdentities?.['external-secrets']?.name).toBe('id-contoso-ml-dev-euw-external-secrets');
    expect(tenants[0]?.keyVault?.uri).toMatch(/^https:\/\/kv-.*\.vault\.azure\.net$/);
  });

  test('lets each tenant record its runs in the workspace', () => {
    const scientists = resourcesOf(platform().stack, 'azurerm_role_assignment').filter((role) =>
      String(role.role_definition_id).endsWith('f6c7c914-8db3-469d-8ca1-694a8f32e121'),
    );
    expect(scientists.map((role) => String(role.principal_id))).toEqual([expect.stringContaining('Tenant-risk')]);
  });

  test('keeps database, container and identity of an MLflow server where asked to, and promises them', () => {
    const databaseAdminGroups = { dba: '33333333-3333-3333-3333-333333333333' };
    const { stack, subject } = platform({ mlflow: { databaseAdminGroups } });
    expect(subject.contract.attributes.mlflow).toEqual({
      databaseHost: expect.stringMatching(/^psql-contoso-ml-dev-euw-mlflow.*\.postgres\.database\.azure\.com$/),
      database: 'mlflow',
      databaseUser: 'id-contoso-ml-dev-euw-mlflow',
      container: 'mlflow',
    });
    expect(subject.contract.attributes.addonIdentities?.mlflow?.name).toBe('id-contoso-ml-dev-euw-mlflow');
    expect(subject.contract.attributes.storage.containers).toContain('mlflow');
    expect(resourcesOf(stack, 'azurerm_federated_identity_credential')).toContainEqual(
      expect.objectContaining({ subject: 'system:serviceaccount:mlflow:mlflow' }),
    );
    const admins = resourcesOf(stack, 'azurerm_postgresql_flexible_server_active_directory_administrator');
    expect(admins.map(({ principal_name, principal_type }) => [principal_name, principal_type]).sort()).toEqual([
      ['dba', 'Group'],
      ['id-contoso-ml-dev-euw-mlflow', 'ServicePrincipal'],
    ]);
    expect(platform().subject.contract.attributes).not.toHaveProperty('mlflow');
  });

  test('backs the cluster up where the profile says so, with a budget for the snapshots', () => {
    expect(platform().subject.clusterBackup).toBeUndefined();
    const { stack, subject } = platform({}, Stage.PROD);
    expect(subject.contract.attributes.cluster.managedAddOns).toContain('backup');
    expect(resourcesOf(stack, 'azurerm_consumption_budget_resource_group').map(({ amount }) => amount)).toContain(20);
  });

  test('tells the owner when cost nears the budget, and when pods find no node', () => {
    const { stack } = platform();
    expect(resourcesOf(stack, 'azurerm_consumption_budget_resource_group')).toMatchObject([{ amount: 1000 }]);
    expect(resourcesOf(stack, 'azurerm_monitor_metric_alert')).toMatchObject([{ name: 'pods-without-a-node', severity: 1 }]);
  });

  test('keeps the logs of cluster, vault, registry, workspace and storage', () => {
    const targets = resourcesOf(platform().stack, 'azurerm_monitor_diagnostic_setting').map((setting) =>
      String(setting.target_resource_id),
    );
    for (const type of [
      'kubernetes_cluster',
      'key_vault',
      'container_registry',
      'machine_learning_workspace',
      'storage_account',
    ]) {
      expect(
        targets.some((target) => target.includes(`azurerm_${type}.`)),
        type,
      ).toBe(true);
    }
  });

  test('promises a gateway where callers may reach models, and quotas where they are stated', () => {
    const modelAccess = { domain: 'models.contoso.example', audiences: ['api://contoso-ml'] };
    const { attributes } = platform({ modelAccess, vcpuQuotas: { lowPriorityCores: 64 } }).subject.contract;
    expect(attributes.serving.gateway).toEqual({
      namespace: 'kserve',
      name: 'models',
      proxyNamespace: 'envoy-gateway-system',
      ...modelAccess,
    });
    expect(attributes.vcpuQuotas).toEqual({ lowPriorityCores: 64 });
    expect(platform().subject.contract.attributes.serving).not.toHaveProperty('gateway');
  });

  test('builds images on compute of the workspace, since the registry is private', () => {
    const { stack } = platform();
    const [workspace] = resourcesOf(stack, 'azurerm_machine_learning_workspace');
    const clusters = resourcesOf(stack, 'azurerm_machine_learning_compute_cluster').map((cluster) => cluster.name);
    expect(clusters).toContain(workspace?.image_build_compute_name);
  });

  test('lets nodes pull from the registry with the identity of the kubelet', () => {
    const { stack } = platform();
    const roles = resourcesOf(stack, 'azurerm_role_assignment');
    const pull = roles.filter((role) => String(role.role_definition_id).endsWith('7f951dda-4ed3-4680-a7ca-43fe172d538d'));
    expect(pull.map((role) => role.principal_id)).toContainEqual(expect.stringContaining('Kubelet'));
  });

  test('puts GPU nodes into their own subnet and lets the control plane join it', () => {
    const { stack } = platform();
    const pools = resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool');
    expect(pools.find((pool) => pool.name === 't4')?.vnet_subnet_id).toContain('gpu-nodes');
    const joins = resourcesOf(stack, 'azurerm_role_assignment').filter((role) =>
      String(role.role_definition_id).endsWith('4d97b98b-1d4f-4787-a291-c67834d212e7'),
    );
    expect(joins.map((role) => String(role.scope)).some((scope) => scope.includes('gpu-nodes'))).toBe(true);
  });

  test('keeps metrics in the cluster unless asked for managed ones', () => {
    const { stack } = platform();
    expect(resourcesOf(stack, 'azurerm_monitor_workspace')).toEqual([]);
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster')[0]).not.toHaveProperty('monitor_metrics');
  });

  test('collects the metrics of its cluster in a managed Prometheus, privately, and shows them to the groups named', () => {
    const { stack } = platform({
      managedMetrics: { privateLink: true, grafanaViewers: { 'risk-ml': '22222222-2222-2222-2222-222222222222' } },
    });
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster')).toMatchObject([{ monitor_metrics: {} }]);
    const targets = resourcesOf(stack, 'azurerm_monitor_data_collection_rule_association').map(
      (association) => association.target_resource_id,
    );
    expect(targets).toEqual([expect.stringMatching(CLUSTER_ID), expect.stringMatching(CLUSTER_ID)]);
    expect(resourcesOf(stack, 'azurerm_monitor_data_collection_endpoint')).toMatchObject([
      { public_network_access_enabled: false },
    ]);
    const members = resourcesOf(stack, 'azurerm_monitor_private_link_scoped_service').map((member) =>
      String(member.linked_resource_id),
    );
    expect(members.map((id) => id.split('.')[0]).sort()).toEqual([
      '${azurerm_application_insights',
      '${azurerm_log_analytics_workspace',
      '${azurerm_monitor_data_collection_endpoint',
    ]);
    const closed = { internet_ingestion_enabled: false, internet_query_enabled: false };
    expect(resourcesOf(stack, 'azurerm_log_analytics_workspace')).toMatchObject([closed]);
    expect(resourcesOf(stack, 'azurerm_application_insights')).toMatchObject([closed]);
    expect(resourcesOf(stack, 'azurerm_dashboard_grafana')).toHaveLength(1);
    expect(resourcesOf(stack, 'azurerm_monitor_alert_prometheus_rule_group')).toHaveLength(1);
  });

  test('promises only what is known at synth: no token in the contract', () => {
    expect(JSON.stringify(platform().subject.contract.attributes)).not.toContain('${');
  });

  test.each([
    ['an address space that is no range', { addressSpace: '10.40.0.0' }, /Platform\/Network/],
    ['an address space too small for its subnets', { addressSpace: '10.40.0.0/26' }, /Platform\/Network/],
    ['an address space that overlaps a peered network', { reservedRanges: ['10.40.32.0/20'] }, /10\.40\.32\.0\/20/],
    ['an address space that overlaps the services of the cluster', { addressSpace: '172.16.0.0/18' }, /172\.16\.0\.0/],
  ])('refuses %s', (_, props, message) => {
    expect(() => platform(props)).toThrow(message);
  });

  test('refuses a driver that the GPU family does not take', () => {
    const a10 = { vmSize: GpuVmSize.of('Standard_NV36ads_A10_v5'), driver: GpuDriver.OPERATOR, maxCount: 1 };
    expect(() => platform({ gpuPools: { a10 } })).toThrow(/Platform\/Cluster\/a10: .*allowed: .*fix: /s);
  });

  test('refuses MIG on a GPU that cannot be cut', () => {
    const t4 = {
      name: 't4',
      vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'),
      sharing: GpuSharing.mig({ '1g.10gb': 7 }),
      maxCount: 1,
    };
    expect(() => platform({ gpuPools: { t4 } })).toThrow(/Platform\/Cluster\/t4: .*fix: /s);
  });

  test.each(['kube-risk', 'default', 'Risk', 'r', 'risk--ml'])('refuses a tenant called %s', (name) => {
    expect(() => platform({ tenants: [{ ...TENANT, name }] })).toThrow(
      /Test\/Platform: .*tenant.*fix: use the name of the team/s,
    );
  });

  test('wants an owner of each tenant', () => {
    expect(() => platform({ tenants: [{ ...TENANT, owner: { team: '', contact: '' } }] })).toThrow(
      /Platform \(tenant risk\): owner is missing/,
    );
  });
});
