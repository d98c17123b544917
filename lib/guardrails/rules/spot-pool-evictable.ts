import { expectThat } from '../checks';
import { servesModels } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const SPOT_TAINT = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';

export const spotPoolEvictable: IRule = {
  id: 'MLP-GPU-004',
  title: 'spot pools are evicted cleanly',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster_node_pool'],
  why: 'A deallocated spot node keeps its quota; without the taint pods land on nodes that vanish; AKS refuses upgrade settings on spot.',
  fix: 'set eviction_policy = "Delete", declare the spot taint, drop upgrade_settings (spot: true of the pool does all three)',
  check: (pool) => {
    const priority = pool.value('priority');
    if (priority.isUnresolved) return [Verdict.unknown(priority)];
    if (priority.literal !== 'Spot') return [];
    return [
      expectThat(pool.value('eviction_policy'), { finding: 'eviction' }).is('Delete'),
      expectThat(pool.value('node_taints'), { finding: 'taint' }).contains((taint) => taint === SPOT_TAINT, SPOT_TAINT),
      expectThat(pool.value('upgrade_settings'), { finding: 'upgrade-settings' }).isNotSet(),
      ...(pool.strictness === 'prod' && servesModels(pool)
        ? [
            Verdict.fail({
              value: pool.value('node_labels'),
              finding: 'serving',
              what: 'the pool serves in prod, and Azure may take its nodes at half a minute notice',
              allowed: 'no label of serving',
              fix: 'serve from a pool with priority = "Regular"; keep spot for training',
            }),
          ]
        : []),
    ];
  },
};
