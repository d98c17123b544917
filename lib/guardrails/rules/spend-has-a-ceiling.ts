import { expectThat } from '../checks';
import { poolValue } from '../facets/node-pool';
import { hourlyPrice } from '../facets/price';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict, VerdictKind } from '../verdict';

const CEILING = 'cost-ceiling-usd-per-hour';

export const spendHasACeiling: IRule = {
  id: 'MLP-CST-003',
  title: 'AKS pools and ML clusters at their maximum stay below the ceiling, and dev logs have a quota',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_kubernetes_cluster', 'azurerm_log_analytics_workspace'],
  why: 'Autoscalers spend up to the maximum somebody once typed; one chatty dev pod can fill a workspace.',
  fix: 'lower max_count, or raise the tag cost-ceiling-usd-per-hour of the cluster; in dev set daily_quota_gb (logDailyQuotaGb of the EnvironmentProfile)',
  check: (resource) => {
    if (resource.type === 'azurerm_log_analytics_workspace') {
      const quota = resource.value('daily_quota_gb');
      return resource.strictness === 'dev'
        ? [expectThat(quota, { finding: 'log-quota' }).holds(() => (quota.number ?? -1) > 0, 'a quota', [-1])]
        : [];
    }
    const ceiling = resource.value(`tags.${CEILING}`);
    if (ceiling.isMissing) return [];
    const pools = poolsOf(resource);
    const unresolved = pools.flatMap((pool) => [pool.size, pool.nodes]).find((value) => value.isUnresolved);
    if (unresolved) return [Verdict.unknown(unresolved, 'ceiling')];
    const costs = pools.map((pool) => {
      const price = hourlyPrice(pool.size.text, pool.location);
      return price === undefined ? undefined : price * (pool.nodes.number ?? 1);
    });
    const most = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
    const verdict = expectThat(ceiling, {
      finding: 'ceiling',
      what: `all pools at their maximum cost ${most.toFixed(2)} USD an hour by list price`,
    }).holds(() => (ceiling.number ?? 0) >= most, 'a ceiling above it', ['0.01']);
    const unpriced = pools.find((_, index) => costs[index] === undefined);
    return [verdict.kind === VerdictKind.PASS && unpriced ? Verdict.unknown(unpriced.size, 'ceiling') : verdict];
  },
};

interface CostingPool {
  readonly size: AttributeValue;
  readonly nodes: AttributeValue;
  readonly location: string;
}

/** Pools of the cluster, and the ML clusters of its environment. */
function poolsOf(cluster: ResourceModel): CostingPool[] {
  const location = String(cluster.value('location').literal ?? '');
  const pools = [
    cluster,
    ...cluster.stack.referrers('azurerm_kubernetes_cluster_node_pool', 'kubernetes_cluster_id', cluster),
  ].map((pool) => {
    const [most, fixed] = [poolValue(pool, 'max_count'), poolValue(pool, 'node_count')];
    return { size: poolValue(pool, 'vm_size'), nodes: most.isMissing ? fixed : most, location };
  });
  const training = cluster.stack.inEnvironment('azurerm_machine_learning_compute_cluster').map((compute) => ({
    size: compute.value('vm_size'),
    nodes: compute.value('scale_settings.max_node_count'),
    location: String(compute.value('location').literal ?? location),
  }));
  return [...pools, ...training];
}
