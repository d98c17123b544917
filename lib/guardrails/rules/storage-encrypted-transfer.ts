import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const storageEncryptedTransfer: IRule = {
  id: 'MLP-STO-001',
  title: 'storage takes encrypted connections only',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_storage_account'],
  why: 'Over HTTP or old TLS, data and tokens can be read on the way.',
  fix: 'leave https_traffic_only_enabled true and min_tls_version at TLS1_2 or later, as MlStorage does',
  mappings: {
    checkov: ['CKV_AZURE_3', 'CKV_AZURE_44'],
    trivy: ['AZU-0008', 'AZU-0011'],
    psRule: ['Azure.Storage.SecureTransfer', 'Azure.Storage.MinTLS'],
    benchmark: ['DP-3'],
  },
  check: (account) => [
    expectThat(account.firstOf('https_traffic_only_enabled', 'enable_https_traffic_only'), { finding: 'https' }).is(true),
    expectThat(account.value('min_tls_version'), { finding: 'tls' }).is('TLS1_2', 'TLS1_3'),
  ],
};
