import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const storageReplicated: IRule = {
  id: 'MLP-STO-006',
  title: 'storage survives the loss of a zone',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_storage_account'],
  why: 'LRS keeps three copies in one building.',
  fix: 'set account_replication_type to ZRS, GRS or GZRS (replication of MlStorage)',
  mappings: { checkov: ['CKV_AZURE_206'], trivy: ['AZU-0058'], psRule: ['Azure.Storage.UseReplication'] },
  check: (account) => [expectThat(account.value('account_replication_type')).is('ZRS', 'GRS', 'RAGRS', 'GZRS', 'RAGZRS')],
};
