import { inStage, type Json, LATER, only, type RuleCases, resource, type Stack, stack, synthOnly } from './case';

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
    ],
    fail: [
      synthOnly(NO_LIFECYCLE, stack(vault)),
      synthOnly(NO_LIFECYCLE, only('azurerm_storage_account')({ lifecycle: { prevent_destroy: false } })),
    ],
    unknown: [synthOnly(NO_LIFECYCLE, only('azurerm_key_vault')({ lifecycle: { prevent_destroy: LATER } }))],
  },
  'MLP-STA-003': {
    pass: [
      output('cluster_name', { value: '${azurerm_kubernetes_cluster.aks.name}' }),
      output('db_password', { value: '${random_password.db.result}', sensitive: true }),
      only('azurerm_postgresql_flexible_server')({ administrator_password: '${random_password.db.result}' }),
    ],
    fail: [
      output('kube', { value: '${azurerm_kubernetes_cluster.aks.kube_config_raw}', sensitive: true }),
      output('key', { value: '${azurerm_storage_account.st.primary_access_key}' }),
      output('db_password', { value: '${random_password.db.result}' }),
      only('azurerm_postgresql_flexible_server')({ administrator_password: 'planted' }),
      stack(provider('azurerm', { features: [{}], client_secret: 'planted' })),
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
    ],
    fail: [
      only('azurerm_key_vault')({}),
      only('azurerm_key_vault')({ tags: { ...TAGS, owner: '' } }),
      only('azurerm_key_vault')({ tags: { ...TAGS, environment: 'dev' } }),
    ],
    unknown: [only('azurerm_key_vault')({ tags: LATER }), only('azurerm_key_vault')({ tags: { ...TAGS, owner: LATER } })],
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
    ],
    fail: [
      pool({ vm_size: A100, node_count: 2, min_count: 0 }),
      pool({ vm_size: A100, min_count: 1 }),
      pool({ vm_size: A100, min_count: 9, node_labels: { workload: 'serving' } }),
      only('azurerm_machine_learning_compute_cluster')({ vm_size: T4, scale_settings: { min_node_count: 1 } }),
    ],
    unknown: [pool({ vm_size: A100, min_count: LATER }), pool({ vm_size: LATER })],
  },
  'MLP-CST-003': {
    pass: [ceiling('20', 4), stack(AKS), inStage('dev', only('azurerm_log_analytics_workspace')({ daily_quota_gb: 1 }))],
    fail: [ceiling('1', 4), inStage('dev', only('azurerm_log_analytics_workspace')({}))],
    unknown: [ceiling('20', LATER)],
  },
};
