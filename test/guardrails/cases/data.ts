import { beside, ID, inStage, type Json, LATER, only, type RuleCases, resource, stack } from './case';

const registry = only('azurerm_container_registry');
const storage = only('azurerm_storage_account');
const container = only('azurerm_storage_container');
const vault = only('azurerm_key_vault');
const secret = only('azurerm_key_vault_secret');
const key = only('azurerm_key_vault_key');
const aks = only('azurerm_kubernetes_cluster');
const cognitive = only('azurerm_cognitive_account');
const postgres = only('azurerm_postgresql_flexible_server');
const logs = only('azurerm_log_analytics_workspace');
const insights = only('azurerm_application_insights');
const actionGroup = only('azurerm_monitor_action_group');
const resilient = {
  zone_redundancy_enabled: true,
  export_policy_enabled: false,
  retention_policy_in_days: 30,
  data_endpoint_enabled: true,
};
const keyless = { shared_access_key_enabled: false, local_user_enabled: false };
const retention = (blobs: unknown, containers: unknown) =>
  storage({
    blob_properties: { delete_retention_policy: { days: blobs }, container_delete_retention_policy: { days: containers } },
  });
const networkRules = (rules: Json) =>
  stack(
    resource('azurerm_storage_account.it', {}),
    resource('azurerm_storage_account_network_rules.it', { storage_account_id: '${azurerm_storage_account.it.id}', ...rules }),
  );
const lasting = { expiration_date: '2027-01-01T00:00:00Z', content_type: 'password' };
const bounded = { identity: { type: 'SystemAssigned' }, outbound_network_access_restricted: true, fqdns: ['acme.example'] };
const durable = { authentication: { active_directory_auth_enabled: true }, geo_redundant_backup_enabled: true };
const diagnostics = (target: string, logged: unknown): Json =>
  resource('azurerm_monitor_diagnostic_setting.it', { target_resource_id: target, enabled_log: logged });
const scoped = (id: string): Json => resource('azurerm_monitor_private_link_scoped_service.it', { linked_resource_id: id });

export const DATA_CASES: Record<string, RuleCases> = {
  'MLP-ACR-001': {
    pass: [registry({}), registry({ admin_enabled: false, anonymous_pull_enabled: false })],
    fail: [registry({ admin_enabled: true }), registry({ anonymous_pull_enabled: true })],
    unknown: [registry({ admin_enabled: LATER })],
  },
  'MLP-ACR-002': {
    pass: [
      registry({ sku: 'Premium', public_network_access_enabled: false }),
      registry({ sku: 'Premium', public_network_access_enabled: 'false' }),
    ],
    fail: [registry({ sku: 'Premium' }), registry({ sku: 'Standard', public_network_access_enabled: false })],
    unknown: [registry({ sku: LATER, public_network_access_enabled: false })],
  },
  'MLP-ACR-003': {
    pass: [
      registry(resilient),
      registry({ ...resilient, retention_policy_in_days: 7 }),
      stack(
        resource('azurerm_container_registry.it', {
          ...resilient,
          location: 'West Europe',
          georeplications: [{ location: 'northeurope' }],
        }),
        resource('azurerm_kubernetes_cluster.here', { location: 'westeurope' }),
        resource('azurerm_machine_learning_workspace.there', { location: 'northeurope' }),
      ),
      beside(
        { stackName: 'dev-test', json: resource('azurerm_kubernetes_cluster.dev', { location: 'northeurope' }) },
        registry({ ...resilient, location: 'westeurope' }),
      ),
    ],
    fail: [
      registry({}),
      registry({ ...resilient, zone_redundancy_enabled: false }),
      registry({ ...resilient, export_policy_enabled: true }),
      registry({ ...resilient, data_endpoint_enabled: undefined }),
      registry({ ...resilient, retention_policy_in_days: undefined }),
      registry(
        { ...resilient, location: 'westeurope' },
        resource('azurerm_kubernetes_cluster.there', { location: 'northeurope' }),
      ),
    ],
    unknown: [
      registry({ ...resilient, zone_redundancy_enabled: LATER }),
      registry({ ...resilient, location: LATER }, resource('azurerm_kubernetes_cluster.there', { location: 'northeurope' })),
    ],
  },
  'MLP-STO-001': {
    pass: [storage({}), storage({ min_tls_version: 'TLS1_3' })],
    fail: [
      storage({ https_traffic_only_enabled: false }),
      storage({ min_tls_version: 'TLS1_0' }),
      storage({ enable_https_traffic_only: false }),
    ],
    unknown: [storage({ min_tls_version: LATER })],
  },
  'MLP-STO-002': {
    pass: [storage({ allow_nested_items_to_be_public: false }), container({}), container({ container_access_type: 'private' })],
    fail: [storage({}), container({ container_access_type: 'blob' })],
    unknown: [container({ container_access_type: LATER })],
  },
  'MLP-STO-003': {
    pass: [
      storage({ public_network_access_enabled: false }),
      storage({ network_rules: { default_action: 'Deny', bypass: ['AzureServices'] } }),
      networkRules({ default_action: 'Deny' }),
    ],
    fail: [
      storage({}),
      storage({ network_rules: { default_action: 'Allow' } }),
      storage({ public_network_access_enabled: false, network_rules: { default_action: 'Deny', bypass: ['None'] } }),
      networkRules({ default_action: 'Allow' }),
    ],
    unknown: [
      storage({ network_rules: { default_action: LATER } }),
      storage({ public_network_access_enabled: false, network_rules: { default_action: 'Deny', bypass: [LATER] } }),
    ],
  },
  'MLP-STO-004': {
    pass: [storage(keyless), storage({ ...keyless, sftp_enabled: false })],
    fail: [
      storage({}),
      storage({ shared_access_key_enabled: false }),
      storage({ ...keyless, sftp_enabled: true }),
      storage({ ...keyless, cross_tenant_replication_enabled: true }),
    ],
    unknown: [storage({ ...keyless, shared_access_key_enabled: LATER })],
  },
  'MLP-STO-005': {
    pass: [retention(7, 7), retention(30, 30)],
    fail: [storage({}), retention(6, 30), retention(30, undefined)],
    unknown: [retention(LATER, 7)],
  },
  'MLP-STO-006': {
    pass: [storage({ account_replication_type: 'ZRS' }), storage({ account_replication_type: 'GZRS' })],
    fail: [storage({ account_replication_type: 'LRS' }), storage({})],
    unknown: [storage({ account_replication_type: LATER })],
  },
  'MLP-KVT-001': {
    pass: [
      vault({ purge_protection_enabled: true }),
      inStage('dev', vault({ purge_protection_enabled: true, soft_delete_retention_days: 7 })),
    ],
    fail: [vault({}), vault({ purge_protection_enabled: true, soft_delete_retention_days: 7 })],
    unknown: [vault({ purge_protection_enabled: LATER })],
  },
  'MLP-KVT-002': {
    pass: [vault({ rbac_authorization_enabled: true }), vault({ enable_rbac_authorization: true })],
    fail: [
      vault({}),
      vault({ rbac_authorization_enabled: true, access_policy: [{ object_id: 'x' }] }),
      only('azurerm_key_vault_access_policy')({ object_id: 'x' }),
    ],
    unknown: [vault({ rbac_authorization_enabled: LATER })],
  },
  'MLP-KVT-003': {
    pass: [vault({ public_network_access_enabled: false }), vault({ network_acls: { default_action: 'Deny', bypass: 'None' } })],
    fail: [vault({}), vault({ network_acls: { default_action: 'Allow', bypass: 'None' } })],
    unknown: [vault({ public_network_access_enabled: LATER })],
  },
  'MLP-KVT-004': {
    pass: [
      secret({ value: '${random_password.db.result}', ...lasting }),
      secret({ value_wo_version: 1, ...lasting }),
      key({ rotation_policy: { expire_after: 'P90D' } }),
      key({ expiration_date: '2027-01-01T00:00:00Z' }),
    ],
    fail: [
      secret({ value: 'planted', ...lasting }),
      secret({ content_type: 'password' }),
      secret({ expiration_date: 'x' }),
      key({}),
      secret({ value_wo: 'planted', ...lasting }),
    ],
    unknown: [secret({ ...lasting, expiration_date: LATER })],
  },
  'MLP-CMK-001': {
    pass: [
      aks({
        disk_encryption_set_id: '${azurerm_disk_encryption_set.it.id}',
        key_management_service: { key_vault_key_id: 'https://kv.example/k' },
      }),
      storage({ customer_managed_key: { user_assigned_identity_id: 'x' } }),
      stack(
        resource('azurerm_storage_account.it', {}),
        resource('azurerm_storage_account_customer_managed_key.it', { storage_account_id: '${azurerm_storage_account.it.id}' }),
      ),
      stack(
        resource('azurerm_key_vault.kv', { purge_protection_enabled: true }),
        resource('azurerm_key_vault_key.k', { key_vault_id: '${azurerm_key_vault.kv.id}' }),
        resource('azurerm_storage_account.it', { customer_managed_key: { key_vault_key_id: '${azurerm_key_vault_key.k.id}' } }),
      ),
    ],
    fail: [
      aks({}),
      storage({}),
      only('azurerm_machine_learning_workspace')({}),
      stack(
        resource('azurerm_key_vault.kv', {}),
        resource('azurerm_machine_learning_workspace.it', {
          encryption: { key_id: 'k', key_vault_id: '${azurerm_key_vault.kv.id}' },
        }),
      ),
      stack(
        resource('azurerm_key_vault.kv', {}),
        resource('azurerm_key_vault_key.k', { key_vault_id: '${azurerm_key_vault.kv.id}' }),
        resource('azurerm_storage_account.it', { customer_managed_key: { key_vault_key_id: '${azurerm_key_vault_key.k.id}' } }),
      ),
      stack(
        resource('azurerm_key_vault.kv', {}),
        resource('azurerm_key_vault_key.k', { key_vault_id: '${azurerm_key_vault.kv.id}' }),
        resource('azurerm_disk_encryption_set.it', { key_vault_key_id: '${azurerm_key_vault_key.k.id}' }),
        resource('azurerm_kubernetes_cluster.it', {
          disk_encryption_set_id: '${azurerm_disk_encryption_set.it.id}',
          key_management_service: { key_vault_key_id: 'https://kv.example/k' },
        }),
      ),
    ],
    unknown: [aks({ disk_encryption_set_id: LATER, key_management_service: { key_vault_key_id: 'https://kv.example/k' } })],
  },
  'MLP-AIS-001': {
    pass: [
      cognitive({ local_auth_enabled: false }),
      only('azurerm_ai_services')({ local_authentication_enabled: false }),
      only('azurerm_eventhub_namespace')({ local_authentication_enabled: false }),
    ],
    fail: [
      cognitive({}),
      only('azurerm_ai_services')({}),
      only('azurerm_eventhub_namespace')({}),
      only('azurerm_search_service')({}),
    ],
    unknown: [cognitive({ local_auth_enabled: LATER })],
  },
  'MLP-AIS-002': {
    pass: [
      cognitive({ public_network_access_enabled: false }),
      postgres({ delegated_subnet_id: '${azurerm_subnet.db.id}' }),
      only('azurerm_ai_services')({ public_network_access: 'Disabled' }),
    ],
    fail: [
      cognitive({}),
      postgres({}),
      only('azurerm_ai_services')({}),
      only('azurerm_postgresql_flexible_server_firewall_rule')({ start_ip_address: '0.0.0.0', end_ip_address: '0.0.0.0' }),
    ],
    unknown: [cognitive({ public_network_access_enabled: LATER })],
  },
  'MLP-AIS-003': {
    pass: [
      cognitive(bounded),
      only('azurerm_cognitive_deployment')({
        model: { format: 'OpenAI', version: '2024-11-20' },
        version_upgrade_option: 'NoAutoUpgrade',
      }),
    ],
    fail: [
      cognitive({}),
      cognitive({ ...bounded, fqdns: [] }),
      cognitive({ ...bounded, identity: undefined }),
      only('azurerm_cognitive_deployment')({ model: { format: 'OpenAI' } }),
      only('azurerm_cognitive_deployment')({ model: { format: 'OpenAI', version: '2024-11-20' } }),
    ],
    unknown: [cognitive({ ...bounded, outbound_network_access_restricted: LATER })],
  },
  'MLP-AIS-004': {
    pass: [postgres(durable), postgres({ ...durable, administrator_password: '${random_password.db.result}' })],
    fail: [
      postgres({}),
      postgres({ ...durable, administrator_password: 'planted' }),
      postgres({ ...durable, geo_redundant_backup_enabled: false }),
      postgres({ ...durable, administrator_password_wo: 'planted' }),
    ],
    unknown: [postgres({ ...durable, geo_redundant_backup_enabled: LATER })],
  },
  'MLP-MON-001': {
    pass: [
      aks({}, diagnostics('${azurerm_kubernetes_cluster.it.id}', [{ category: 'kube-audit-admin' }, { category: 'guard' }])),
      vault({ name: 'kv-a' }, diagnostics(`${ID}/Microsoft.KeyVault/vaults/kv-a`, [{ category_group: 'audit' }])),
      registry({}, diagnostics('${azurerm_container_registry.it.id}', [{ category_group: 'allLogs' }])),
      storage({}, diagnostics('${azurerm_storage_account.it.id}/blobServices/default', [{ category: 'StorageRead' }])),
      storage(
        { name: 'sta' },
        diagnostics(`${ID}/Microsoft.Storage/storageAccounts/sta/blobServices/default`, [{ category: 'StorageRead' }]),
      ),
    ],
    fail: [
      aks({}),
      aks({}, diagnostics('${azurerm_kubernetes_cluster.it.id}', [{ category: 'kube-scheduler' }])),
      vault({}, diagnostics('${azurerm_key_vault.it.id}', [{ category: 'AzurePolicyEvaluationDetails' }])),
      registry({}, diagnostics('${azurerm_container_registry.it.id}', undefined)),
      only('azurerm_ai_services')({}),
    ],
    unknown: [aks({}, diagnostics('${azurerm_kubernetes_cluster.it.id}', LATER))],
  },
  'MLP-MON-002': {
    pass: [
      logs({ local_authentication_enabled: false, retention_in_days: 90 }),
      insights({ local_authentication_disabled: true, workspace_id: '${azurerm_log_analytics_workspace.log.id}' }),
      logs({ local_authentication_disabled: true, retention_in_days: 365 }),
    ],
    fail: [
      logs({}),
      logs({ local_authentication_enabled: false }),
      insights({ local_authentication_disabled: true }),
      logs({ local_authentication_enabled: false, retention_in_days: 90 }, scoped('${azurerm_log_analytics_workspace.it.id}')),
    ],
    unknown: [logs({ local_authentication_enabled: LATER, retention_in_days: 90 })],
  },
  'MLP-MON-003': {
    pass: [
      actionGroup({ email_receiver: [{ name: 'team', email_address: 'ml@contoso.example' }] }),
      aks({}, resource('azurerm_monitor_metric_alert.it', { scopes: ['${azurerm_kubernetes_cluster.it.id}'] })),
      aks(
        { name: 'aks-a' },
        resource('azurerm_monitor_metric_alert.it', { scopes: [`${ID}/Microsoft.ContainerService/managedClusters/aks-a`] }),
      ),
    ],
    fail: [actionGroup({}), aks({})],
    unknown: [actionGroup({ dynamic: { email_receiver: { for_each: LATER } } })],
  },
};
