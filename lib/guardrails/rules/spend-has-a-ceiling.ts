import { VmPrice } from '../../gpu/vm-price';
import { expectThat } from '../checks';
import { poolValue } from '../facets/node-pool';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const CEILING = 'cost-ceiling-usd-per-hour';

export const spendHasACeiling: IRule = {
  id: 'MLP-CST-003',
  title: 'pools at their maximum stay below the ceiling, and dev logs have a quota',
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
    const pools = poolsOfCluster(resource);
    const unresolved = pools
      .flatMap((pool) => ['max_count', 'node_count', 'vm_size'].map((name) => poolValue(pool, name)))
      .find((value) => value.isUnresolved);
    if (unresolved) return [Verdict.unknown(unresolved, 'ceiling')];
    const location = String(resource.value('location').literal ?? '');
    const most = pools.reduce((sum, pool) => {
      const nodes = poolValue(pool, 'max_count').number ?? poolValue(pool, 'node_count').number ?? 1;
      return sum + nodes * (VmPrice.hourly(poolValue(pool, 'vm_size').text, location) ?? 0);
    }, 0);
    return [
      expectThat(ceiling, {
        finding: 'ceiling',
        what: `all pools at max_count cost ${most.toFixed(2)} USD an hour by list price`,
      }).holds(() => (ceiling.number ?? 0) >= most, 'a ceiling above it', ['0.01']),
    ];
  },
};

function poolsOfCluster(cluster: ResourceModel): ResourceModel[] {
  return [cluster, ...cluster.stack.referrers('azurerm_kubernetes_cluster_node_pool', 'kubernetes_cluster_id', cluster)];
}
