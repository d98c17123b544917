import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aiServicesNoKeys: IRule = {
  id: 'MLP-AIS-001',
  title: 'AI and data services take Entra tokens only',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_cognitive_account', 'azurerm_ai_services', 'azurerm_eventhub_namespace', 'azurerm_search_service'],
  why: 'A key in a notebook opens the service for whoever copies the notebook.',
  fix: 'set local_auth_enabled (local_authentication_enabled) = false',
  mappings: { checkov: ['CKV_AZURE_236'], psRule: ['Azure.AI.DisableLocalAuth'], benchmark: ['IM-1'] },
  check: (service) => {
    const attribute = service.type === 'azurerm_cognitive_account' ? 'local_auth_enabled' : 'local_authentication_enabled';
    return [expectThat(service.value(attribute)).is(false)];
  },
};
