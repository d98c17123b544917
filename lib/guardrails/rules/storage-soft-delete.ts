import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const storageSoftDelete: IRule = {
  id: 'MLP-STO-005',
  title: 'deleted blobs and containers can be brought back for a week',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_storage_account'],
  why: 'A wrong path in a pipeline deletes a dataset in seconds.',
  fix: 'set blob_properties delete_retention_policy and container_delete_retention_policy to 7 days or more (softDeleteRetentionDays of MlStorage)',
  mappings: { checkov: ['CKV2_AZURE_38'], trivy: ['AZU-0056'], psRule: ['Azure.Storage.SoftDelete'] },
  check: (account) => [
    expectThat(account.value('blob_properties.delete_retention_policy.days'), { finding: 'blobs' }).atLeast(7),
    expectThat(account.value('blob_properties.container_delete_retention_policy.days'), { finding: 'containers' }).atLeast(7),
  ],
};
