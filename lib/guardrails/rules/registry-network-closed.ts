import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const registryNetworkClosed: IRule = {
  id: 'MLP-ACR-002',
  title: 'the registry is closed to the public network',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_container_registry'],
  why: 'Images hold code and sometimes weights; private endpoints need Premium.',
  fix: 'set sku = "Premium" and public_network_access_enabled = false, as ContainerRegistry does',
  mappings: { checkov: ['CKV_AZURE_139', 'CKV_AZURE_163'], psRule: ['Azure.ACR.Firewall', 'Azure.ACR.MinSku'] },
  check: (registry) => [
    expectThat(registry.value('sku'), { finding: 'sku' }).is('Premium'),
    expectThat(registry.value('public_network_access_enabled'), { finding: 'public' }).is(false),
  ],
};
