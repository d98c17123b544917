import { anyOf, expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aiServicesNetworkClosed: IRule = {
  id: 'MLP-AIS-002',
  title: 'AI and data services are closed to the public network',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: [
    'azurerm_cognitive_account',
    'azurerm_ai_services',
    'azurerm_eventhub_namespace',
    'azurerm_search_service',
    'azurerm_postgresql_flexible_server',
    'azurerm_postgresql_flexible_server_firewall_rule',
  ],
  why: 'A database or a model behind a public endpoint is one leaked password away from anyone.',
  fix: 'set public_network_access_enabled = false and give a private endpoint; Postgres may take delegated_subnet_id instead',
  mappings: {
    checkov: ['CKV_AZURE_11', 'CKV_AZURE_124', 'CKV_AZURE_134', 'CKV2_AZURE_26', 'CKV2_AZURE_57'],
    psRule: ['Azure.AI.PublicAccess'],
    benchmark: ['NS-2'],
  },
  check: (service) => {
    if (service.type === 'azurerm_postgresql_flexible_server_firewall_rule') {
      return [expectThat(service.value('start_ip_address'), { finding: 'firewall' }).isNot('0.0.0.0')];
    }
    if (service.type === 'azurerm_ai_services')
      return [expectThat(service.value('public_network_access'), { finding: 'public' }).is('Disabled')];
    const closed = expectThat(service.value('public_network_access_enabled'), { finding: 'public' }).is(false);
    return [
      service.type === 'azurerm_postgresql_flexible_server'
        ? anyOf(closed, expectThat(service.value('delegated_subnet_id')).isSet())
        : closed,
    ];
  },
};
