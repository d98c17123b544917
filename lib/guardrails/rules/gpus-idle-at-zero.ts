import { computeKind, isArmType, ML } from '../facets/azapi';
import { isGpuSize, servesModels, standingNodes } from '../facets/node-pool';
import { hourlyPrice } from '../facets/price';
import type { AttributeValue } from '../model/attribute-value';
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
  resourceTypes: ['azurerm_kubernetes_cluster_node_pool', 'azurerm_machine_learning_compute_cluster', 'azapi_resource'],
  why: 'One A100 node that stands by for a month costs as much as a small car.',
  fix: 'set min_count = 0 (minCount of GpuNodePool); pools that serve say so in a label, and dear ones are acknowledged',
  check: (resource) => {
    const pool = standingGpus(resource);
    if (!pool) return [];
    if (pool.size.isUnresolved) return [Verdict.unknown(pool.size)];
    if (!isGpuSize(pool.size.text)) return [];
    if (pool.nodes.isUnresolved) return [Verdict.unknown(pool.nodes, 'standing')];
    const nodes = pool.nodes.number ?? pool.fallback;
    if (nodes === 0) return [Verdict.pass(pool.nodes)._refusing(1)];
    if (!pool.serves) {
      return [
        Verdict.fail({ value: pool.nodes, finding: 'standing', what: 'GPU nodes stand by', allowed: '0, but for serving' }),
      ];
    }
    const hourly = hourlyPrice(pool.size.text, pool.location);
    if (hourly === undefined) return [Verdict.unknown(pool.size, 'dear')];
    return hourly * nodes > DEAR_USD_PER_HOUR
      ? [
          Verdict.fail({
            value: pool.nodes,
            finding: 'dear',
            what: `${(hourly * nodes).toFixed(2)} USD an hour stand by`,
            allowed: `${DEAR_USD_PER_HOUR} USD an hour`,
          }),
        ]
      : [Verdict.pass(pool.nodes)];
  },
};

interface StandingGpus {
  readonly size: AttributeValue;
  readonly nodes: AttributeValue;
  /** Nodes where none are stated. */
  readonly fallback: number;
  readonly location: string;
  readonly serves: boolean;
}

function standingGpus(resource: ResourceModel): StandingGpus | undefined {
  const stated = resource.type === 'azurerm_kubernetes_cluster_node_pool' ? undefined : resource.value('location').literal;
  const location = String(
    stated ?? (resource.type === 'azurerm_machine_learning_compute_cluster' ? '' : locationOfParent(resource)),
  );
  const properties = (path: string) => resource.value(`body.properties.${path}`);
  if (resource.type === 'azurerm_machine_learning_compute_cluster') {
    const nodes = resource.value('scale_settings.min_node_count');
    return { size: resource.value('vm_size'), nodes, fallback: 0, location, serves: false };
  }
  if (resource.type !== 'azapi_resource') {
    return {
      size: resource.value('vm_size'),
      nodes: standingNodes(resource),
      fallback: 0,
      location,
      serves: servesModels(resource),
    };
  }
  if (isArmType(resource, ML.onlineDeployment)) {
    const least = properties('scaleSettings.minInstances');
    const nodes = least.isMissing ? resource.value('body.sku.capacity') : least;
    return { size: properties('instanceType'), nodes, fallback: 1, location, serves: true };
  }
  if (computeKind(resource) !== 'AmlCompute') return undefined;
  const nodes = properties('properties.scaleSettings.minNodeCount');
  return { size: properties('properties.vmSize'), nodes, fallback: 0, location, serves: false };
}

function locationOfParent(resource: ResourceModel): string {
  const path = resource.type === 'azapi_resource' ? 'parent_id' : 'kubernetes_cluster_id';
  return String(resource.stack.targetsOf(resource.value(path))[0]?.value('location').literal ?? '');
}
