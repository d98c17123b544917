import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const mlClusterScalesToZero: IRule = {
  id: 'MLP-AML-007',
  title: 'ML clusters scale to zero soon',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_machine_learning_compute_cluster'],
  why: 'A GPU node that waits for jobs costs as much as one that works.',
  fix: 'set min_node_count = 0 and scale_down_nodes_after_idle_duration to PT30M or less',
  mappings: { checkov: ['CKV_AZURE_150'] },
  check: (cluster) => {
    const idle = cluster.value('scale_settings.scale_down_nodes_after_idle_duration');
    return [
      expectThat(cluster.value('scale_settings.min_node_count'), { finding: 'minimum' }).atMost(0),
      expectThat(idle, { finding: 'idle' }).holds(() => minutes(idle.text) <= 30, 'PT30M or less', ['PT2H']),
    ];
  },
};

/** Minutes of an ISO 8601 duration; endless where it is none. */
function minutes(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!match || duration === '') return Number.POSITIVE_INFINITY;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return days * 1440 + hours * 60 + minutes + seconds / 60;
}
