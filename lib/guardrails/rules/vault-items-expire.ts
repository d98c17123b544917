import { anyOf, expectThat, masked } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const vaultItemsExpire: IRule = {
  id: 'MLP-KVT-004',
  title: 'secrets are not in the code, and secrets and keys end',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_key_vault_secret', 'azurerm_key_vault_key'],
  why: 'A literal secret lies in git and in state; what never expires is never rotated.',
  fix: 'give secrets value_wo, expiration_date and content_type; keys a rotation_policy or expiration_date',
  mappings: {
    checkov: ['CKV_AZURE_40', 'CKV_AZURE_41', 'CKV_AZURE_114'],
    trivy: ['AZU-0014', 'AZU-0015', 'AZU-0017'],
    psRule: ['Azure.KeyVault.AutoRotationPolicy'],
    benchmark: ['IM-3'],
  },
  check: (item) => {
    if (item.type === 'azurerm_key_vault_key') {
      return [
        anyOf(
          expectThat(item.value('expiration_date'), { finding: 'expiry' }).isSet(),
          expectThat(item.value('rotation_policy'), { finding: 'expiry' }).isSet(),
        ),
      ];
    }
    return [
      ...['value', 'value_wo'].map((name) => {
        const value = item.value(name);
        return value.literal === undefined
          ? Verdict.pass()
          : Verdict.fail({
              value: masked(value),
              finding: 'literal',
              what: 'the secret stands in the code',
              allowed: 'value_wo from a variable or another resource',
            });
      }),
      expectThat(item.value('expiration_date'), { finding: 'expiry' }).isSet(),
      expectThat(item.value('content_type'), { finding: 'content-type' }).isSet(),
    ];
  },
};
