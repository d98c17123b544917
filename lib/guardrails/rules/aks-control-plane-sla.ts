import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksControlPlaneSla: IRule = {
  id: 'MLP-AKS-009',
  title: 'the control plane of AKS has an SLA',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'The Free tier has no SLA and throttles the API server first when many nodes scale at once.',
  fix: 'set sku_tier = "Standard" or "Premium" (clusterTier of the EnvironmentProfile)',
  mappings: { checkov: ['CKV_AZURE_170'], psRule: ['Azure.AKS.UptimeSLA'] },
  check: (cluster) => [expectThat(cluster.value('sku_tier')).is('Standard', 'Premium')],
};
