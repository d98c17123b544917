import { anyOf, expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const storageNetworkClosed: IRule = {
  id: 'MLP-STO-003',
  title: 'storage is closed to the public network',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_storage_account'],
  why: 'Training data behind a public endpoint is one leaked token away from anyone.',
  fix: 'set public_network_access_enabled = false and give private endpoints, as MlStorage does',
  mappings: {
    checkov: ['CKV_AZURE_35', 'CKV_AZURE_36', 'CKV_AZURE_59', 'CKV2_AZURE_50'],
    trivy: ['AZU-0010', 'AZU-0012'],
    psRule: ['Azure.Storage.Firewall'],
  },
  check: (account) => {
    const separate = account.stack.referrers('azurerm_storage_account_network_rules', 'storage_account_id', account)[0];
    const rules = (attribute: string) => (separate ? separate.value(attribute) : account.value(`network_rules.${attribute}`));
    const bypass = rules('bypass');
    return [
      anyOf(
        expectThat(account.value('public_network_access_enabled'), { finding: 'public' }).is(false),
        expectThat(rules('default_action'), { finding: 'public' }).is('Deny'),
      ),
      ...(bypass.strings.length > 0
        ? [
            expectThat(bypass, {
              finding: 'bypass',
              fix: 'add AzureServices to bypass: Azure ML and diagnostics reach the account as trusted services',
            }).contains((one) => one === 'AzureServices', 'AzureServices among them', [['None']]),
          ]
        : []),
    ];
  },
};
