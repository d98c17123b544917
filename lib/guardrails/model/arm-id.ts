/** ARM types of what rules look up by id; a resource is found by type and name, as its resource group may be a reference. */
const ARM_TYPES: { readonly [terraformType: string]: string } = {
  azurerm_ai_foundry: 'microsoft.machinelearningservices/workspaces',
  azurerm_ai_services: 'microsoft.cognitiveservices/accounts',
  azurerm_application_insights: 'microsoft.insights/components',
  azurerm_cognitive_account: 'microsoft.cognitiveservices/accounts',
  azurerm_container_registry: 'microsoft.containerregistry/registries',
  azurerm_dashboard_grafana: 'microsoft.dashboard/grafana',
  azurerm_eventhub_namespace: 'microsoft.eventhub/namespaces',
  azurerm_key_vault: 'microsoft.keyvault/vaults',
  azurerm_kubernetes_cluster: 'microsoft.containerservice/managedclusters',
  azurerm_log_analytics_workspace: 'microsoft.operationalinsights/workspaces',
  azurerm_machine_learning_workspace: 'microsoft.machinelearningservices/workspaces',
  azurerm_monitor_action_group: 'microsoft.insights/actiongroups',
  azurerm_network_security_group: 'microsoft.network/networksecuritygroups',
  azurerm_postgresql_flexible_server: 'microsoft.dbforpostgresql/flexibleservers',
  azurerm_private_dns_zone: 'microsoft.network/privatednszones',
  azurerm_search_service: 'microsoft.search/searchservices',
  azurerm_storage_account: 'microsoft.storage/storageaccounts',
  azurerm_user_assigned_identity: 'microsoft.managedidentity/userassignedidentities',
  azurerm_virtual_network: 'microsoft.network/virtualnetworks',
};

/** "type/name" of an ARM id, lower case; undefined where the text is no literal ARM id. */
export function armKeyOfId(id: string): string | undefined {
  if (!id.startsWith('/subscriptions/')) return undefined;
  const lower = id.toLowerCase();
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)$/.exec(lower);
  if (group) return `resourcegroups/${group[1]}`;
  return /\/providers\/([^/$]+\/[^$]+)$/.exec(lower)?.[1]?.replace(/\/$/, '');
}

/** The key of an id, and that of its account where the id names one of its services, as ".../blobServices/default" does. */
export function armKeysOfId(id: string): string[] {
  const key = armKeyOfId(id);
  if (key === undefined) return [];
  const account = key.replace(/\/(?:blob|file|queue|table)services\/default$/, '');
  return account === key ? [key] : [key, account];
}

/** The same key from a Terraform type, or from an ARM type in lower case, and a name. */
export function armKeyOfName(type: string, name: string): string | undefined {
  if (type === 'azurerm_resource_group') return `resourcegroups/${name.toLowerCase()}`;
  const armType = ARM_TYPES[type] ?? type;
  return armType.split('/').length === 2 ? `${armType}/${name}`.toLowerCase() : undefined;
}
