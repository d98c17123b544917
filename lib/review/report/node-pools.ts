import priceTable from '../../gpu/data/vm-prices.json';
import { VmPrice } from '../../gpu/vm-price';
import type { AttributeValue } from '../../guardrails/model/attribute-value';
import type { ResourceModel } from '../../guardrails/model/stack-model';
import type { PlatformContractView, SynthesizedStack } from '../synth-output';
import { compareEnvironments, environmentOf } from './layers';

/** Nodes of one size that scale together, and what they cost by list price. */
export interface ReportPool {
  readonly environment: string;
  readonly name: string;
  /** "node pool" of AKS or "ML compute". */
  readonly kind: string;
  readonly vmSize: string;
  readonly location: string;
  readonly gpu: boolean;
  /** e.g. "1 x NVIDIA T4"; empty without GPU, or where nothing tells the model. */
  readonly gpuModel: string;
  readonly spot: boolean;
  readonly minCount: number;
  readonly maxCount: number;
  /** USD for an hour of one node; null where the price table has none. */
  readonly hourlyUsd: number | null;
  readonly hourlyUsdAtMin: number | null;
  readonly hourlyUsdAtMax: number | null;
}

/** Pools of all environments: from the contracts where there are any, else from the Terraform JSON. */
export function readPools(stacks: SynthesizedStack[], contracts: PlatformContractView[]): ReportPool[] {
  const contracted = new Set(contracts.map((contract) => contract.environment.stage));
  const fromContracts = contracts.flatMap((contract) =>
    contract.nodePools.map((pool) =>
      priced({
        environment: contract.environment.stage,
        name: String(pool.name),
        kind: 'node pool',
        vmSize: String(pool.vmSize),
        location: contract.environment.location,
        gpuModel: pool.gpu ? `${pool.gpu.count} x ${pool.gpu.model}` : '',
        spot: pool.spot === true,
        minCount: Number(pool.minCount) || 0,
        maxCount: Number(pool.maxCount) || 0,
      }),
    ),
  );
  const fromTerraform = stacks.flatMap(({ model }) =>
    model.resources.flatMap((resource) => {
      const environment = environmentOf(model.name);
      if (resource.type === 'azurerm_machine_learning_compute_cluster') return [computeCluster(environment, resource)];
      if (contracted.has(environment)) return [];
      if (resource.type === 'azurerm_kubernetes_cluster_node_pool') return [nodePool(environment, resource, '')];
      return resource.type === 'azurerm_kubernetes_cluster' ? [nodePool(environment, resource, 'default_node_pool.')] : [];
    }),
  );
  return [...fromContracts, ...fromTerraform].sort(
    (a, b) => compareEnvironments(a.environment, b.environment) || compare(a.kind, b.kind) || compare(a.name, b.name),
  );
}

type Unpriced = Omit<ReportPool, 'gpu' | 'hourlyUsd' | 'hourlyUsdAtMin' | 'hourlyUsdAtMax'>;

function priced(pool: Unpriced): ReportPool {
  const hourly = VmPrice.hourly(pool.vmSize, pool.location) ?? null;
  const times = (count: number) => (hourly === null ? null : round(hourly * count));
  return {
    ...pool,
    gpu: pool.gpuModel !== '' || /^standard_n[cdgv]/i.test(pool.vmSize),
    hourlyUsd: hourly,
    hourlyUsdAtMin: times(pool.minCount),
    hourlyUsdAtMax: times(pool.maxCount),
  };
}

function nodePool(environment: string, resource: ResourceModel, prefix: string): ReportPool {
  const fixed = count(resource.value(`${prefix}node_count`), 1);
  return priced({
    environment,
    name: shown(resource.value(`${prefix}name`)),
    kind: 'node pool',
    vmSize: shown(resource.value(`${prefix}vm_size`)),
    location: locationOf(resource),
    gpuModel: '',
    spot: resource.value(`${prefix}priority`).literal === 'Spot',
    minCount: count(resource.value(`${prefix}min_count`), fixed),
    maxCount: count(resource.value(`${prefix}max_count`), fixed),
  });
}

function computeCluster(environment: string, resource: ResourceModel): ReportPool {
  return priced({
    environment,
    name: shown(resource.value('name')),
    kind: 'ML compute',
    vmSize: priceName(shown(resource.value('vm_size'))),
    location: locationOf(resource),
    gpuModel: '',
    spot: resource.value('vm_priority').literal === 'LowPriority',
    minCount: count(resource.value('scale_settings.min_node_count'), 0),
    maxCount: count(resource.value('scale_settings.max_node_count'), 0),
  });
}

const PRICED_SIZES = new Map(Object.keys(priceTable.prices).map((size) => [size.toLowerCase(), size]));

/** Azure ML takes sizes in any case, often "STANDARD_NC4AS_T4_V3"; the price table writes them as Azure Compute does. */
function priceName(vmSize: string): string {
  return PRICED_SIZES.get(vmSize.toLowerCase()) ?? vmSize;
}

function locationOf(resource: ResourceModel): string {
  const own = resource.value('location').literal;
  if (typeof own === 'string') return own;
  const cluster = resource.stack.targetsOf(resource.value('kubernetes_cluster_id'))[0];
  const location = cluster?.value('location').literal;
  return typeof location === 'string' ? location : '';
}

function shown(value: AttributeValue): string {
  return typeof value.literal === 'string' ? value.literal : value.seen;
}

function count(value: AttributeValue, otherwise: number): number {
  return value.number ?? otherwise;
}

function round(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
