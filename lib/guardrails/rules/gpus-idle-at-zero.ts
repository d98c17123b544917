import { VmPrice } from '../../gpu/vm-price';
import { isGpuSize, standingNodes } from '../facets/node-pool';
import { isObject } from '../model/json';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

/** List price of all standing nodes of a pool from which even serving is acknowledged by name. */
const DEAR_USD_PER_HOUR = 10;

export const gpusIdleAtZero: IRule = {
  id: 'MLP-CST-002',
  title: 'GPUs that wait cost nothing, but for serving',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster_node_pool', 'azurerm_machine_learning_compute_cluster'],
  why: 'One A100 node that stands by for a month costs as much as a small car.',
  fix: 'set min_count = 0 (minCount of GpuNodePool); pools that serve say so in a label, and dear ones are acknowledged',
  check: (pool) => {
    const size = pool.value('vm_size');
    if (size.isUnresolved) return [Verdict.unknown(size)];
    if (!isGpuSize(size.text)) return [];
    const standing =
      pool.type === 'azurerm_machine_learning_compute_cluster'
        ? pool.value('scale_settings.min_node_count')
        : standingNodes(pool);
    if (standing.isUnresolved) return [Verdict.unknown(standing, 'standing')];
    const nodes = standing.number ?? 0;
    if (nodes === 0) return [Verdict.pass(standing)._refusing(1)];
    const hourly = (VmPrice.hourly(size.text, String(pool.value('location').literal ?? location(pool))) ?? 0) * nodes;
    if (!serves(pool))
      return [Verdict.fail({ value: standing, finding: 'standing', what: 'GPU nodes stand by', allowed: '0, but for serving' })];
    return hourly > DEAR_USD_PER_HOUR
      ? [
          Verdict.fail({
            value: standing,
            finding: 'dear',
            what: `${hourly.toFixed(2)} USD an hour stand by`,
            allowed: `${DEAR_USD_PER_HOUR} USD an hour`,
          }),
        ]
      : [Verdict.pass(standing)];
  },
};

function serves(pool: ResourceModel): boolean {
  const labels = pool.value('node_labels').literal;
  return isObject(labels) && Object.entries(labels).some((label) => /serving|inference/i.test(label.join('=')));
}

function location(pool: ResourceModel): string {
  return String(pool.stack.targetsOf(pool.value('kubernetes_cluster_id'))[0]?.value('location').literal ?? '');
}
