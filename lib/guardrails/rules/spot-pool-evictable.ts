import { expectThat } from '../checks';
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
    const taints = pool.value('node_taints');
    return [
      expectThat(pool.value('eviction_policy'), { finding: 'eviction' }).is('Delete'),
      expectThat(taints, { finding: 'taint' }).holds(() => taints.strings.includes(SPOT_TAINT), SPOT_TAINT, [[]]),
      expectThat(pool.value('upgrade_settings'), { finding: 'upgrade-settings' }).isNotSet(),
    ];
  },
};
