import { expectThat } from '../checks';
import { computeKind } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const mlClusterScalesToZero: IRule = {
  id: 'MLP-AML-007',
  title: 'ML clusters scale to zero soon',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_machine_learning_compute_cluster', 'azapi_resource'],
  why: 'A GPU node that waits for jobs costs as much as one that works.',
  fix: 'set min_node_count = 0 and scale_down_nodes_after_idle_duration to PT30M or less',
  mappings: { checkov: ['CKV_AZURE_150'] },
  check: (cluster) => {
    const isAzapi = cluster.type === 'azapi_resource';
    if (isAzapi && computeKind(cluster) !== 'AmlCompute') return [];
    const settings = isAzapi ? 'body.properties.properties.scaleSettings' : 'scale_settings';
    const least = cluster.value(`${settings}.${isAzapi ? 'minNodeCount' : 'min_node_count'}`);
    const idle = cluster.value(`${settings}.${isAzapi ? 'nodeIdleTimeBeforeScaleDown' : 'scale_down_nodes_after_idle_duration'}`);
    return [
      // ARM takes a missing minimum as 0; azurerm wants it stated.
      ...(isAzapi && least.isMissing ? [] : [expectThat(least, { finding: 'minimum' }).atMost(0)]),
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
