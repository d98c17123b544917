import { allowing, inStage, type Json, LATER, only, type RuleCases, resource, type Stack, stack, synthOnly } from './case';

const NO_BACKEND = 'a plan does not hold the backend';
const NO_LIFECYCLE = 'a plan does not hold lifecycle';
const backend = (kind: string, settings: Json): Stack =>
  synthOnly(NO_BACKEND, stack({ terraform: { backend: { [kind]: settings } } }));
const REMOTE = { use_azuread_auth: true, key: 'prod/foundation.tfstate', storage_account_name: 'st', container_name: 'state' };
const provider = (name: string, settings: Json): Json => ({ provider: { [name]: [settings] } });
const vault = resource('azurerm_key_vault.it', {});
const keyless = resource('azurerm_storage_account.it', { shared_access_key_enabled: false });
const output = (name: string, settings: Json): Stack => stack({ output: { [name]: settings } });
const TAGS = { owner: 'risk-ml', 'cost-center': 'CC-1', environment: 'prod', 'data-classification': 'internal' };
const group = resource('azurerm_resource_group.it', { name: 'rg', tags: TAGS });
const budget = (notification: unknown): Stack =>
  stack(
    group,
    resource('azurerm_consumption_budget_resource_group.it', {
      resource_group_id: '${azurerm_resource_group.it.id}',
      notification,
    }),
  );
const notice = (threshold: number, more: Json = { contact_emails: ['ml@contoso.example'] }) => ({
  threshold,
  operator: 'GreaterThan',
  ...more,
});
const A100 = 'Standard_NC24ads_A100_v4';
const T4 = 'Standard_NC4as_T4_v3';
const AKS = resource('azurerm_kubernetes_cluster.aks', { location: 'westeurope' });
const pool = (attributes: Json): Stack =>
  stack(
    AKS,
    resource('azurerm_kubernetes_cluster_node_pool.gpu', {
      kubernetes_cluster_id: '${azurerm_kubernetes_cluster.aks.id}',
      ...attributes,
    }),
  );
const ceiling = (usd: string, maxCount: unknown): Stack =>
  stack(
    resource('azurerm_kubernetes_cluster.aks', {
      location: 'westeurope',
      tags: { 'cost-ceiling-usd-per-hour': usd },
      default_node_pool: { vm_size: 'Standard_D4ds_v5', max_count: 3 },
    }),
    resource('azurerm_kubernetes_cluster_node_pool.gpu', {
      kubernetes_cluster_id: '${azurerm_kubernetes_cluster.aks.id}',
      vm_size: T4,
      max_count: maxCount,
    }),
  );

export const STATE_CASES: Record<string, RuleCases> = {
  'MLP-STA-001': {
    pass: [backend('azurerm', REMOTE), backend('s3', { bucket: 'state' })],
    fail: [
      synthOnly(NO_BACKEND, stack({})),
      backend('local', { path: 'terraform.tfstate' }),
      backend('azurerm', { ...REMOTE, use_azuread_auth: undefined }),
      backend('azurerm', { ...REMOTE, access_key: 'planted' }),
      backend('azurerm', { ...REMOTE, sas_token: 'planted' }),
    ],
    unknown: [backend('azurerm', { ...REMOTE, use_azuread_auth: LATER })],
  },
  'MLP-STA-002': {
    pass: [
      synthOnly(NO_LIFECYCLE, only('azurerm_key_vault')({ lifecycle: { prevent_destroy: true } })),
      stack(vault, resource('azurerm_management_lock.it', { scope: '${azurerm_key_vault.it.id}' })),
      stack(
        resource('azurerm_resource_group.rg', { name: 'rg' }),
        resource('azurerm_key_vault.it', { resource_group_name: '${azurerm_resource_group.rg.name}' }),
        resource('azurerm_management_lock.it', { scope: '${azurerm_resource_group.rg.id}' }),
      ),
      synthOnly(
        NO_LIFECYCLE,
        only('azapi_resource')({
          type: 'Microsoft.MachineLearningServices/registries@2025-06-01',
          lifecycle: { prevent_destroy: true },
        }),
      ),
      only('azapi_resource')({ type: 'Microsoft.MachineLearningServices/workspaces/schedules@2025-06-01' }),
    ],
    fail: [
      synthOnly(NO_LIFECYCLE, stack(vault)),
      synthOnly(NO_LIFECYCLE, only('azurerm_storage_account')({ lifecycle: { prevent_destroy: false } })),
      synthOnly(NO_LIFECYCLE, only('azapi_resource')({ type: 'Microsoft.MachineLearningServices/registries@2025-06-01' })),
      synthOnly(NO_LIFECYCLE, only('azurerm_storage_share')({})),
    ],
    unknown: [synthOnly(NO_LIFECYCLE, only('azurerm_key_vault')({ lifecycle: { prevent_destroy: LATER } }))],
  },
  'MLP-STA-003': {
    pass: [
      output('cluster_name', { value: '${azurerm_kubernetes_cluster.aks.name}' }),
      output('db_password', { value: '${random_password.db.result}', sensitive: true }),
      only('azurerm_postgresql_flexible_server')({ administrator_password: '${random_password.db.result}' }),
      only('azurerm_key_vault')({ tags: { token: 'x' }, secret_permissions: 'Get' }),
      only('azurerm_kubernetes_cluster_extension')({ configuration_settings: { sslSecret: 'name-of-a-secret' } }),
      stack(provider('helm', { kubernetes: {} }), { variable: { db_password: { type: 'string', sensitive: true } } }),
    ],
    fail: [
      output('kube', { value: '${azurerm_kubernetes_cluster.aks.kube_config_raw}', sensitive: true }),
      output('key', { value: '${azurerm_storage_account.st.primary_access_key}' }),
      output('db_password', { value: '${random_password.db.result}' }),
      only('azurerm_postgresql_flexible_server')({ administrator_password: 'planted' }),
      stack(provider('azurerm', { features: [{}], client_secret: 'planted' })),
      stack(provider('azurerm', { features: [{}], client_secret: '${var.secret}' })),
      only('azurerm_linux_virtual_machine')({ identity: [{ type: 'x' }], os: [{ admin_password: 'planted' }] }),
      only('azapi_resource')({ type: 'Microsoft.X/y@2025-01-01', body: { properties: { apiKey: 'planted' } } }),
      synthOnly('Terraform shows no default of a variable', stack({ variable: { db_password: { default: 'planted' } } })),
    ],
    unknown: [
      synthOnly(
        'Terraform takes only constants for sensitive',
        output('db_password', { value: '${random_password.db.result}', sensitive: LATER }),
      ),
    ],
  },
  'MLP-STA-004': {
    pass: [
      stack(
        provider('azurerm', { features: [{ key_vault: [{ purge_soft_delete_on_destroy: false }] }], storage_use_azuread: true }),
        vault,
        keyless,
      ),
      stack(provider('azurerm', { features: [{}] })),
    ],
    fail: [
      stack(provider('azurerm', { features: [{}] }), vault),
      stack(provider('azurerm', { features: [{}] }), keyless),
      stack(
        provider('azurerm', { features: [{ machine_learning: [{ purge_soft_deleted_workspace_on_destroy: true }] }] }),
        resource('azurerm_machine_learning_workspace.it', {}),
      ),
      stack(provider('azurerm', { features: [{ resource_group: [{ prevent_deletion_if_contains_resources: false }] }] }), group),
    ],
    unknown: [stack(provider('azurerm', { features: [{ key_vault: [{ purge_soft_delete_on_destroy: LATER }] }] }), vault)],
  },
  'MLP-STA-005': {
    pass: [stack(provider('helm', {})), stack(provider('azurerm', {}), AKS)],
    fail: [
      stack(provider('kubernetes', {}), AKS),
      synthOnly(
        'a plan does not hold provisioners',
        only('null_resource')({ provisioner: [{ 'local-exec': { command: 'true' } }] }),
      ),
    ],
    unknown: [synthOnly('a plan does not hold provisioners', only('null_resource')({ provisioner: LATER }))],
  },
  'MLP-TAG-001': {
    pass: [
      only('azurerm_private_dns_zone')({ tags: {} }),
      only('azurerm_key_vault')({ tags: TAGS }),
      only('azurerm_role_assignment')({}),
      inStage('dev', only('azurerm_key_vault')({ tags: { ...TAGS, environment: 'dev' } })),
      allowing({ locations: ['West Europe'] }, only('azurerm_key_vault')({ tags: TAGS, location: 'westeurope' })),
      allowing({ locations: ['westeurope'] }, only('azurerm_role_assignment')({})),
      allowing({ locations: ['westeurope'] }, only('azurerm_monitor_action_group')({ location: 'global' })),
    ],
    fail: [
      only('azurerm_key_vault')({}),
      only('azurerm_key_vault')({ tags: { ...TAGS, owner: '' } }),
      only('azurerm_key_vault')({ tags: { ...TAGS, environment: 'dev' } }),
      allowing({ locations: ['westeurope'] }, only('azurerm_key_vault')({ tags: TAGS, location: 'eastus' })),
      allowing(
        { locations: ['westeurope'] },
        only('azurerm_container_registry')({ tags: TAGS, location: 'westeurope', georeplications: [{ location: 'eastus' }] }),
      ),
      allowing({ locations: ['westeurope'] }, only('azapi_resource')({ type: 'Microsoft.X/y@2025-01-01', location: 'eastus' })),
    ],
    unknown: [
      only('azurerm_key_vault')({ tags: LATER }),
      only('azurerm_key_vault')({ tags: { ...TAGS, owner: LATER } }),
      allowing({ locations: ['westeurope'] }, only('azurerm_key_vault')({ tags: TAGS, location: LATER })),
    ],
  },
  'MLP-CST-001': {
    pass: [
      budget([notice(80), notice(100)]),
      stack(
        group,
        resource('azurerm_consumption_budget_subscription.it', {
          notification: [notice(80), notice(100, { contact_roles: ['Owner'] })],
        }),
      ),
    ],
    fail: [stack(group), budget([notice(80)]), budget([notice(80, {}), notice(100, {})])],
    unknown: [budget(LATER)],
  },
  'MLP-CST-002': {
    pass: [
      pool({ vm_size: A100, min_count: 0 }),
      pool({ vm_size: T4, min_count: 1, node_labels: { workload: 'serving' } }),
      pool({ vm_size: 'Standard_D4ds_v5', min_count: 3 }),
      only('azapi_resource')({
        type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2025-06-01',
        location: 'westeurope',
        body: { sku: { capacity: 1 }, properties: { instanceType: 'STANDARD_NC4AS_T4_V3' } },
      }),
    ],
    fail: [
      pool({ vm_size: A100, node_count: 2, min_count: 0 }),
      pool({ vm_size: A100, min_count: 1 }),
      pool({ vm_size: A100, min_count: 9, node_labels: { workload: 'serving' } }),
      only('azurerm_machine_learning_compute_cluster')({ vm_size: T4, scale_settings: { min_node_count: 1 } }),
      only('azapi_resource')({
        type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2025-06-01',
        location: 'westeurope',
        body: { sku: { capacity: 6 }, properties: { instanceType: A100 } },
      }),
      only('azapi_resource')({
        type: 'Microsoft.MachineLearningServices/workspaces/computes@2025-06-01',
        body: { properties: { computeType: 'AmlCompute', properties: { vmSize: T4, scaleSettings: { minNodeCount: 1 } } } },
      }),
    ],
    unknown: [
      pool({ vm_size: A100, min_count: LATER }),
      pool({ vm_size: LATER }),
      pool({ vm_size: 'Standard_NC1_unknown_v9', min_count: 1, node_labels: { workload: 'serving' } }),
    ],
  },
  'MLP-CST-003': {
    pass: [ceiling('20', 4), stack(AKS), inStage('dev', only('azurerm_log_analytics_workspace')({ daily_quota_gb: 1 }))],
    fail: [
      ceiling('1', 4),
      inStage('dev', only('azurerm_log_analytics_workspace')({})),
      stack(
        ceiling('20', 4).json,
        resource('azurerm_machine_learning_compute_cluster.train', {
          vm_size: A100,
          location: 'westeurope',
          scale_settings: { max_node_count: 8 },
        }),
      ),
    ],
    unknown: [
      ceiling('20', LATER),
      stack(
        ceiling('20', 4).json,
        resource('azurerm_machine_learning_compute_cluster.train', {
          vm_size: 'Standard_Unheard_v1',
          scale_settings: { max_node_count: 8 },
        }),
      ),
    ],
  },
};
