import { expectThat } from '../checks';
import { standingNodes } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const systemPoolReserved: IRule = {
  id: 'MLP-NPL-004',
  title: 'the system pool is reserved and large enough',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'A training job that fills the system pool takes DNS and the autoscaler with it.',
  fix: 'set only_critical_addons_enabled = true and min_count to 3 in prod, 2 in staging (systemNodesMin of the EnvironmentProfile)',
  mappings: { checkov: ['CKV_AZURE_232'], psRule: ['Azure.AKS.MinNodeCount'] },
  check: (cluster) => [
    expectThat(cluster.value('default_node_pool.only_critical_addons_enabled'), { finding: 'reserved' }).is(true),
    expectThat(standingNodes(cluster), { finding: 'nodes' }).atLeast(cluster.strictness === 'prod' ? 3 : 2),
  ],
};
