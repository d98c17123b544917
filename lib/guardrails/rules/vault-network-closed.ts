import { anyOf, expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const vaultNetworkClosed: IRule = {
  id: 'MLP-KVT-003',
  title: 'the vault is closed to the public network',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_key_vault'],
  why: 'A vault on the internet needs only a token to be emptied.',
  fix: 'set public_network_access_enabled = false, as KeyVault does, or network_acls { default_action = "Deny" }',
  mappings: { checkov: ['CKV_AZURE_109', 'CKV_AZURE_189'], trivy: ['AZU-0013'], psRule: ['Azure.KeyVault.Firewall'] },
  check: (vault) => [
    anyOf(
      expectThat(vault.value('public_network_access_enabled')).is(false),
      expectThat(vault.value('network_acls.default_action')).is('Deny'),
    ),
  ],
};
