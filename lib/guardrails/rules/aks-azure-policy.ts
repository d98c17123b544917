import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksAzurePolicy: IRule = {
  id: 'MLP-AKS-007',
  title: 'Azure Policy watches AKS',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: "Without the add-on the company's policies stop at the edge of the cluster.",
  fix: 'set azure_policy_enabled = true, as MlCluster does',
  mappings: { checkov: ['CKV_AZURE_116'], trivy: ['AZU-0066'], psRule: ['Azure.AKS.AzurePolicyAddOn'], benchmark: ['AM-2'] },
  check: (cluster) => [expectThat(cluster.value('azure_policy_enabled')).is(true)],
};
