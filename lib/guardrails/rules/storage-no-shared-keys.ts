import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const storageNoSharedKeys: IRule = {
  id: 'MLP-STO-004',
  title: 'storage is reached by identities, not by keys',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_storage_account'],
  why: 'An account key reads and deletes everything, for ever, and names nobody in the log.',
  fix: 'set shared_access_key_enabled and local_user_enabled = false, leave SFTP and cross-tenant replication off, as MlStorage does',
  mappings: { checkov: ['CKV_AZURE_244', 'CKV2_AZURE_40'] },
  check: (account) => [
    expectThat(account.value('shared_access_key_enabled'), { finding: 'keys' }).is(false),
    expectThat(account.value('local_user_enabled'), { finding: 'local-users' }).is(false),
    expectThat(account.value('sftp_enabled'), { finding: 'sftp' }).is(false),
    expectThat(account.value('cross_tenant_replication_enabled'), { finding: 'cross-tenant' }).is(false),
  ],
};
