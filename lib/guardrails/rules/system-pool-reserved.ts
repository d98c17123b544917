import { expectThat } from '../checks';
import { NODE_POOL_TYPES, standingNodes } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const systemPoolReserved: IRule = {
  id: 'MLP-NPL-004',
  title: 'the system pool is reserved and large enough',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: NODE_POOL_TYPES,
  why: 'A training job that fills the system pool takes DNS and the autoscaler with it.',
  fix: 'set only_critical_addons_enabled = true and min_count to 3 in prod, 2 in staging (systemNodesMin of the EnvironmentProfile)',
  mappings: { checkov: ['CKV_AZURE_232'], psRule: ['Azure.AKS.MinNodeCount'] },
  check: (pool) => {
    const nodes = expectThat(standingNodes(pool), { finding: 'nodes' }).atLeast(pool.strictness === 'prod' ? 3 : 2);
    if (pool.type === 'azurerm_kubernetes_cluster') {
      return [expectThat(pool.value('default_node_pool.only_critical_addons_enabled'), { finding: 'reserved' }).is(true), nodes];
    }
    const mode = pool.value('mode');
    if (mode.isUnresolved) return [Verdict.unknown(mode)];
    if (mode.literal !== 'System') return [];
    const taint = 'CriticalAddonsOnly=true:NoSchedule';
    return [expectThat(pool.value('node_taints'), { finding: 'reserved' }).contains((one) => one === taint, taint), nodes];
  },
};
