import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const vaultRecoverable: IRule = {
  id: 'MLP-KVT-001',
  title: 'a deleted vault can be brought back',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_key_vault'],
  why: 'Without purge protection whoever may delete the vault may destroy every key for good.',
  fix: 'set purge_protection_enabled = true and in prod keep soft_delete_retention_days at 90, as KeyVault does',
  mappings: { checkov: ['CKV_AZURE_42', 'CKV_AZURE_110'], trivy: ['AZU-0016'], psRule: ['Azure.KeyVault.PurgeProtect'] },
  check: (vault) => [
    expectThat(vault.value('purge_protection_enabled'), { finding: 'purge' }).is(true),
    ...(vault.strictness === 'prod'
      ? [expectThat(vault.value('soft_delete_retention_days'), { finding: 'retention' }).atLeast(90)]
      : []),
  ],
};
