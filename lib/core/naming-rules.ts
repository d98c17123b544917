/**
 * What Azure accepts as a name, by Terraform type.
 *
 * Sources: abbreviations from the Cloud Adoption Framework (MicrosoftDocs/cloud-adoption-framework,
 * docs/ready/azure-best-practices/resource-abbreviations.md @024dcbc); patterns from the validators of azurerm 4.55.0, and
 * where it has none, from mspnp/AzureNamingTool @3e6badc. Types without an official abbreviation say so.
 */
export interface NamingRule {
  readonly abbreviation: string;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: RegExp;
  /** In words, for error messages. */
  readonly allowed: string;
  /** Whether the name must be the only one of its kind in all of Azure. */
  readonly global: boolean;
  /** Between the parts of a name: a hyphen, or nothing where Azure takes none. */
  readonly separator: '-' | '';
}

function hyphenated(abbreviation: string, minLength: number, maxLength: number, options: Partial<NamingRule> = {}): NamingRule {
  return {
    abbreviation,
    minLength,
    maxLength,
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9_])?$/,
    allowed: `${minLength}-${maxLength} ASCII letters, digits, "-", "_" and ".", letter or digit first`,
    global: false,
    separator: '-',
    ...options,
  };
}

function letterFirst(abbreviation: string, minLength: number, maxLength: number, options: Partial<NamingRule> = {}): NamingRule {
  return hyphenated(abbreviation, minLength, maxLength, {
    pattern: /^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
    allowed: `${minLength}-${maxLength} ASCII letters, digits and single hyphens, letter first`,
    ...options,
  });
}

/** @internal */
export const NAMING_RULES: Readonly<Record<string, NamingRule>> = {
  azurerm_resource_group: hyphenated('rg', 1, 90, {
    pattern: /^[a-zA-Z0-9._()-]*[a-zA-Z0-9_()-]$/,
    allowed: '1-90 letters, digits, "-", "_", ".", "(" and ")", no "." at the end',
  }),
  azurerm_virtual_network: hyphenated('vnet', 2, 64),
  azurerm_subnet: hyphenated('snet', 1, 80),
  azurerm_virtual_network_peering: hyphenated('peer', 1, 80),
  azurerm_network_security_group: hyphenated('nsg', 1, 80),
  azurerm_nat_gateway: hyphenated('ng', 1, 80),
  azurerm_public_ip: hyphenated('pip', 1, 80),
  azurerm_public_ip_prefix: hyphenated('ippre', 1, 80),
  azurerm_route_table: hyphenated('rt', 1, 80),
  azurerm_firewall: hyphenated('afw', 1, 80),
  azurerm_firewall_policy: hyphenated('afwp', 1, 80),
  azurerm_firewall_policy_rule_collection_group: hyphenated('rcg', 1, 80), // no official abbreviation
  azurerm_private_endpoint: hyphenated('pep', 1, 80),
  azurerm_private_dns_zone_virtual_network_link: hyphenated('link', 1, 80), // no official abbreviation
  azurerm_user_assigned_identity: hyphenated('id', 3, 128, {
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
    allowed: '3-128 ASCII letters, digits, "-" and "_"',
  }),
  azurerm_key_vault: letterFirst('kv', 3, 24, { global: true }),
  azurerm_storage_account: hyphenated('st', 3, 24, {
    pattern: /^[a-z0-9]+$/,
    allowed: '3-24 lower-case ASCII letters and digits',
    global: true,
    separator: '',
  }),
  azurerm_container_registry: hyphenated('cr', 5, 50, {
    pattern: /^[a-zA-Z0-9]+$/,
    allowed: '5-50 ASCII letters and digits',
    global: true,
    separator: '',
  }),
  azurerm_log_analytics_workspace: hyphenated('log', 4, 63, {
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]+[a-zA-Z0-9]$/,
    allowed: '4-63 ASCII letters, digits and hyphens',
  }),
  azurerm_application_insights: hyphenated('appi', 1, 260, {
    pattern: /^[^%&\\?/]*[^%&\\?/. ]$/,
    allowed: '1-260 characters without % & \\ ? /',
  }),
  azurerm_monitor_workspace: letterFirst('amw', 4, 44), // no official abbreviation
  azurerm_monitor_private_link_scope: hyphenated('ampls', 1, 255), // no official abbreviation
  azurerm_monitor_action_group: hyphenated('ag', 1, 260),
  azurerm_monitor_data_collection_rule: hyphenated('dcr', 1, 64, { pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/ }),
  azurerm_monitor_data_collection_endpoint: hyphenated('dce', 1, 64, { pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/ }),
  azurerm_monitor_diagnostic_setting: hyphenated('diag', 1, 260), // no official abbreviation
  azurerm_dashboard_grafana: letterFirst('amg', 2, 23, { global: true }),
  azurerm_consumption_budget_resource_group: hyphenated('budget', 1, 63, { pattern: /^[a-zA-Z0-9_-]+$/ }), // no official abbreviation
  azurerm_machine_learning_workspace: hyphenated('mlw', 3, 33, {
    pattern: /^[a-zA-Z0-9][\w-]{2,32}$/,
    allowed: '3-33 ASCII letters, digits, "-" and "_", letter or digit first',
  }),
  'Microsoft.MachineLearningServices/registries': hyphenated('mlr', 3, 33, {
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
    allowed: '3-33 ASCII letters, digits, "-" and "_"',
    global: true,
  }),
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints': letterFirst('oe', 3, 32, { global: true }), // unique in a region
  'Microsoft.MachineLearningServices/workspaces/batchEndpoints': letterFirst('be', 3, 32, { global: true }),
  azurerm_machine_learning_compute_cluster: letterFirst('cc', 3, 32),
  azurerm_machine_learning_compute_instance: letterFirst('ci', 4, 24),
  azurerm_kubernetes_cluster: hyphenated('aks', 1, 63, {
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$/,
    allowed: '1-63 ASCII letters, digits, "-" and "_"',
  }),
  azurerm_kubernetes_cluster_node_pool: hyphenated('np', 1, 12, {
    pattern: /^[a-z][a-z0-9]*$/,
    allowed: '1-12 lower-case ASCII letters and digits, letter first',
    separator: '',
  }),
  azurerm_disk_encryption_set: hyphenated('des', 1, 80),
  azurerm_proximity_placement_group: hyphenated('ppg', 1, 80),
  azurerm_capacity_reservation_group: hyphenated('crg', 1, 80), // no official abbreviation
  azurerm_postgresql_flexible_server: hyphenated('psql', 3, 63, {
    pattern: /^[a-z0-9]([a-z0-9-]+[a-z0-9])?$/,
    allowed: '3-63 lower-case ASCII letters, digits and hyphens',
    global: true,
  }),
  azurerm_data_protection_backup_vault: letterFirst('bvault', 2, 50),
};
