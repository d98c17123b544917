import { beside, inStage, type Json, LATER, only, type RuleCases, resource, type Stack, stack } from './case';

const aks = only('azurerm_kubernetes_cluster');
const pool = only('azurerm_kubernetes_cluster_node_pool');
const T4 = 'Standard_NC4as_T4_v3';
const A100 = 'Standard_NC24ads_A100_v4';
const entra = (entry: Json) => aks({ azure_active_directory_role_based_access_control: entry });
const defaultPool = (entry: Json) => aks({ default_node_pool: entry });
const operator = resource('helm_release.operator', { chart: 'gpu-operator' });
const operatorWithout = (values: unknown) => resource('helm_release.operator', { chart: 'gpu-operator', values: [values] });
const SPOT = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';
const upgrades = {
  automatic_upgrade_channel: 'patch',
  node_os_upgrade_channel: 'NodeImage',
  maintenance_window_auto_upgrade: { frequency: 'Weekly' },
  maintenance_window_node_os: { frequency: 'Weekly' },
};
const poolsOf = (first: string, second: string): Stack =>
  stack(
    operator,
    resource('azurerm_kubernetes_cluster.aks', { default_node_pool: { os_sku: first } }),
    resource('azurerm_kubernetes_cluster_node_pool.gpu', {
      kubernetes_cluster_id: '${azurerm_kubernetes_cluster.aks.id}',
      vm_size: T4,
      gpu_driver: 'None',
      os_sku: second,
    }),
  );

export const CLUSTER_CASES: Record<string, RuleCases> = {
  'MLP-AKS-001': {
    pass: [aks({ local_account_disabled: true }), aks({ local_account_disabled: 'true' })],
    fail: [aks({}), aks({ local_account_disabled: false })],
    unknown: [aks({ local_account_disabled: LATER })],
  },
  'MLP-AKS-002': {
    pass: [entra({ azure_rbac_enabled: true }), entra({ admin_group_object_ids: ['11111111-1111-1111-1111-111111111111'] })],
    fail: [aks({}), aks({ ...entra({ azure_rbac_enabled: true }), role_based_access_control_enabled: false })],
    unknown: [entra({ azure_rbac_enabled: LATER })],
  },
  'MLP-AKS-003': {
    pass: [
      aks({ private_cluster_enabled: true }),
      inStage('dev', aks({ api_server_access_profile: { authorized_ip_ranges: ['203.0.113.0/24'] } })),
    ],
    fail: [
      aks({}),
      aks({ api_server_access_profile: { authorized_ip_ranges: ['203.0.113.0/24'] } }),
      inStage('dev', aks({ api_server_access_profile: { authorized_ip_ranges: ['0.0.0.0/0'] } })),
      inStage('dev', aks({ api_server_access_profile: { authorized_ip_ranges: [] } })),
    ],
    unknown: [
      aks({ private_cluster_enabled: LATER }),
      inStage('dev', aks({ api_server_access_profile: { authorized_ip_ranges: [LATER] } })),
    ],
  },
  'MLP-AKS-004': {
    pass: ['cilium', 'calico'].map((policy) => aks({ network_profile: { network_plugin: 'azure', network_policy: policy } })),
    fail: [
      aks({}),
      aks({ network_profile: { network_plugin: 'kubenet', network_policy: 'calico' } }),
      aks({ network_profile: { network_plugin: 'azure' } }),
    ],
    unknown: [aks({ network_profile: { network_plugin: 'azure', network_policy: LATER } })],
  },
  'MLP-AKS-005': {
    pass: [
      aks({ oidc_issuer_enabled: true, workload_identity_enabled: true }),
      inStage('dev', aks({ oidc_issuer_enabled: true, workload_identity_enabled: true })),
    ],
    fail: [aks({ oidc_issuer_enabled: true }), aks({ workload_identity_enabled: true })],
    unknown: [aks({ oidc_issuer_enabled: true, workload_identity_enabled: LATER })],
  },
  'MLP-AKS-006': {
    pass: [aks({ identity: { type: 'UserAssigned' } }), aks({ identity: { type: 'SystemAssigned' } })],
    fail: [aks({}), aks({ identity: { type: 'SystemAssigned' }, service_principal: { client_id: 'x' } })],
    unknown: [aks({ identity: { type: LATER } })],
  },
  'MLP-AKS-007': {
    pass: [aks({ azure_policy_enabled: true }), inStage('staging', aks({ azure_policy_enabled: true }))],
    fail: [aks({})],
    unknown: [aks({ azure_policy_enabled: LATER })],
  },
  'MLP-AKS-008': {
    pass: [
      aks({ key_vault_secrets_provider: { secret_rotation_enabled: true } }),
      aks({ key_vault_secrets_provider: { secret_rotation_enabled: true, secret_rotation_interval: '2m' } }),
    ],
    fail: [aks({}), aks({ key_vault_secrets_provider: { secret_rotation_interval: '2m' } })],
    unknown: [aks({ key_vault_secrets_provider: { secret_rotation_enabled: LATER } })],
  },
  'MLP-AKS-009': {
    pass: [aks({ sku_tier: 'Standard' }), aks({ sku_tier: 'Premium' })],
    fail: [aks({}), aks({ sku_tier: 'Free' })],
    unknown: [aks({ sku_tier: LATER })],
  },
  'MLP-AKS-010': {
    pass: [aks(upgrades), aks({ ...upgrades, node_os_upgrade_channel: undefined })],
    fail: [
      aks({ ...upgrades, automatic_upgrade_channel: undefined }),
      aks({ ...upgrades, maintenance_window_node_os: undefined }),
      aks({ ...upgrades, node_os_upgrade_channel: 'None' }),
    ],
    unknown: [
      aks({ ...upgrades, maintenance_window_node_os: undefined, dynamic: { maintenance_window_node_os: { for_each: LATER } } }),
    ],
  },
  'MLP-AKS-011': {
    pass: [aks({ run_command_enabled: false }), inStage('dev', aks({}))],
    fail: [
      aks({}),
      aks({ run_command_enabled: false, http_application_routing_enabled: true }),
      aks({ run_command_enabled: false, open_service_mesh_enabled: true }),
    ],
    unknown: [aks({ run_command_enabled: LATER })],
  },
  'MLP-AKS-012': {
    pass: [
      aks({
        image_cleaner_enabled: true,
        microsoft_defender: { log_analytics_workspace_id: '${azurerm_log_analytics_workspace.log.id}' },
      }),
      aks({ image_cleaner_enabled: true, microsoft_defender: { log_analytics_workspace_id: '/subscriptions/x' } }),
    ],
    fail: [aks({ image_cleaner_enabled: true }), aks({ microsoft_defender: { log_analytics_workspace_id: '/subscriptions/x' } })],
    unknown: [aks({ image_cleaner_enabled: true, microsoft_defender: { log_analytics_workspace_id: LATER } })],
  },
  'MLP-AKS-013': {
    pass: [defaultPool({ temporary_name_for_rotation: 'systemtmp' }), pool({ temporary_name_for_rotation: 't4tmp' })],
    fail: [defaultPool({ name: 'system' }), pool({ name: 't4' })],
    unknown: [pool({ temporary_name_for_rotation: LATER })],
  },
  'MLP-NPL-001': {
    pass: [pool({}), defaultPool({ node_public_ip_enabled: false })],
    fail: [pool({ node_public_ip_enabled: true }), defaultPool({ node_public_ip_enabled: true })],
    unknown: [pool({ node_public_ip_enabled: LATER })],
  },
  'MLP-NPL-002': {
    pass: [pool({ host_encryption_enabled: true }), defaultPool({ host_encryption_enabled: true })],
    fail: [pool({}), defaultPool({ name: 'system' })],
    unknown: [pool({ host_encryption_enabled: LATER })],
  },
  'MLP-NPL-003': {
    pass: [pool({ vm_size: 'Standard_D4ds_v5', zones: ['1', '2'] }), pool({ vm_size: T4, zones: ['1'] })],
    fail: [pool({ vm_size: 'Standard_D4ds_v5', zones: ['1'] }), pool({ vm_size: T4 })],
    unknown: [pool({ vm_size: T4, zones: LATER }), pool({ vm_size: LATER, zones: ['1'] }), pool({ vm_size: T4, zones: LATER })],
  },
  'MLP-NPL-004': {
    pass: [
      defaultPool({ only_critical_addons_enabled: true, min_count: 3 }),
      defaultPool({ only_critical_addons_enabled: true, node_count: 3, min_count: 0 }),
      inStage('staging', defaultPool({ only_critical_addons_enabled: true, node_count: 2 })),
      pool({ mode: 'System', node_taints: ['CriticalAddonsOnly=true:NoSchedule'], min_count: 3, auto_scaling_enabled: true }),
      pool({}),
    ],
    fail: [
      defaultPool({ only_critical_addons_enabled: true, min_count: 2 }),
      defaultPool({ min_count: 3 }),
      pool({ mode: 'System', min_count: 3, auto_scaling_enabled: true }),
    ],
    unknown: [defaultPool({ only_critical_addons_enabled: true, min_count: LATER })],
  },
  'MLP-NPL-005': {
    pass: [
      pool({ vm_size: 'Standard_D4ds_v5', auto_scaling_enabled: true, min_count: 0, max_count: 3, os_disk_type: 'Ephemeral' }),
      pool({ vm_size: 'Standard_D4s_v5', auto_scaling_enabled: true, min_count: 1, max_count: 3 }),
    ],
    fail: [
      pool({ vm_size: 'Standard_D4s_v5', min_count: 1, max_count: 3 }),
      pool({ vm_size: 'Standard_D4s_v5', auto_scaling_enabled: true, min_count: 3, max_count: 3 }),
      pool({ vm_size: 'Standard_D4ds_v5', auto_scaling_enabled: true, min_count: 0, max_count: 3 }),
    ],
    unknown: [
      pool({ vm_size: 'Standard_D4s_v5', auto_scaling_enabled: LATER }),
      pool({ vm_size: 'Standard_D4s_v5', auto_scaling_enabled: true, min_count: 1, max_count: LATER }),
    ],
  },
  'MLP-GPU-001': {
    pass: [
      pool({ vm_size: T4, node_taints: ['nvidia.com/gpu=present:NoSchedule'], node_labels: { gpu: 't4' } }),
      pool({ vm_size: 'Standard_D4s_v5' }),
    ],
    fail: [
      pool({ vm_size: T4, node_labels: { gpu: 't4' } }),
      pool({ vm_size: T4, node_taints: [SPOT], node_labels: { gpu: 't4' } }),
      pool({ vm_size: T4, node_taints: ['nvidia.com/gpu=present:NoSchedule'] }),
      defaultPool({ vm_size: T4 }),
    ],
    unknown: [
      pool({ vm_size: T4, node_taints: LATER, node_labels: { gpu: 't4' } }),
      pool({ vm_size: LATER }),
      pool({ vm_size: T4, node_taints: [LATER], node_labels: { gpu: 't4' } }),
    ],
  },
  'MLP-GPU-002': {
    pass: [
      pool({ vm_size: T4, gpu_driver: 'Install' }),
      pool({ vm_size: T4, gpu_driver: 'None' }, operator),
      poolsOf('Ubuntu', 'Ubuntu'),
      pool({ vm_size: T4, gpu_driver: 'Install' }, operatorWithout(JSON.stringify({ driver: { enabled: false } }))),
      pool({ vm_size: T4, gpu_driver: 'Install' }, operatorWithout('driver:\n  rdma:\n    enabled: true\n  enabled: false\n')),
    ],
    fail: [
      pool({ vm_size: T4 }),
      pool({ vm_size: T4, gpu_driver: 'Install', tags: { SkipGPUDriverInstall: 'true' } }),
      pool({ vm_size: 'Standard_NV36ads_A10_v5', gpu_driver: 'None' }, operator),
      pool({ vm_size: T4, gpu_driver: 'None' }, resource('helm_release.other', { chart: 'kueue' })),
      poolsOf('Ubuntu2204', 'Ubuntu'),
      pool({ vm_size: T4, gpu_driver: 'Install' }, operator),
      pool({ vm_size: T4, gpu_driver: 'Install' }, operatorWithout(JSON.stringify({ driver: { rdma: { enabled: false } } }))),
      beside(
        { stackName: 'dev-addons', json: operator },
        pool({ vm_size: T4, gpu_driver: 'None' }, resource('helm_release.other', { chart: 'kueue' })),
      ),
    ],
    unknown: [pool({ vm_size: T4, gpu_driver: LATER }), pool({ vm_size: T4, gpu_driver: 'None' })],
  },
  'MLP-GPU-003': {
    pass: [pool({ vm_size: A100, gpu_instance: 'MIG1g' }), pool({ vm_size: T4 })],
    fail: [pool({ vm_size: T4, gpu_instance: 'MIG1g' }), pool({ vm_size: A100, gpu_instance: 'MIG5g' })],
    unknown: [pool({ vm_size: A100, gpu_instance: LATER })],
  },
  'MLP-GPU-004': {
    pass: [
      pool({ priority: 'Spot', eviction_policy: 'Delete', node_taints: [SPOT] }),
      pool({}),
      inStage(
        'dev',
        pool({ priority: 'Spot', eviction_policy: 'Delete', node_taints: [SPOT], node_labels: { workload: 'serving' } }),
      ),
    ],
    fail: [
      pool({ priority: 'Spot', eviction_policy: 'Deallocate', node_taints: [SPOT] }),
      pool({ priority: 'Spot', eviction_policy: 'Delete' }),
      pool({ priority: 'Spot', eviction_policy: 'Delete', node_taints: [SPOT], upgrade_settings: { max_surge: '10%' } }),
      pool({ priority: 'Spot', eviction_policy: 'Delete', node_taints: [SPOT], node_labels: { workload: 'serving' } }),
    ],
    unknown: [pool({ priority: LATER })],
  },
};
