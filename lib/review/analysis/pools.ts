import gpuTable from '../../gpu/data/gpu-vm-sizes.json';
import priceTable from '../../gpu/data/vm-prices.json';
import { VmPrice } from '../../gpu/vm-price';
import { readPath } from '../../guardrails/model/json';
import { type RawChange, type StackInput, withoutIndex } from '../plan/stack-input';

/** Machines of one size that one resource keeps. */
export interface Machines {
  readonly name: string;
  readonly vmSize: string;
  readonly spot: boolean;
  readonly min: number;
  readonly max: number;
  readonly region: string;
}

interface Shape {
  /** Prefix of the block that holds the pool. */
  readonly block: string;
  readonly size: string;
  readonly min: string;
  readonly max: string;
  readonly fixed?: string;
  readonly spot?: [string, string];
}

const SHAPES: { readonly [type: string]: Shape } = {
  azurerm_kubernetes_cluster: {
    block: 'default_node_pool.',
    size: 'vm_size',
    min: 'min_count',
    max: 'max_count',
    fixed: 'node_count',
  },
  azurerm_kubernetes_cluster_node_pool: {
    block: '',
    size: 'vm_size',
    min: 'min_count',
    max: 'max_count',
    fixed: 'node_count',
    spot: ['priority', 'Spot'],
  },
  azurerm_machine_learning_compute_cluster: {
    block: '',
    size: 'vm_size',
    min: 'scale_settings.min_node_count',
    max: 'scale_settings.max_node_count',
    spot: ['vm_priority', 'LowPriority'],
  },
  azurerm_machine_learning_compute_instance: { block: '', size: 'virtual_machine_size', min: '', max: '' },
  azurerm_linux_virtual_machine: { block: '', size: 'size', min: '', max: '', spot: ['priority', 'Spot'] },
  azurerm_windows_virtual_machine: { block: '', size: 'size', min: '', max: '', spot: ['priority', 'Spot'] },
  azurerm_linux_virtual_machine_scale_set: {
    block: '',
    size: 'sku',
    min: '',
    max: '',
    fixed: 'instances',
    spot: ['priority', 'Spot'],
  },
};

/** Types that cost by the hour and that no table of ours prices. */
const UNPRICED = new Set([
  'azurerm_container_registry',
  'azurerm_postgresql_flexible_server',
  'azurerm_cosmosdb_account',
  'azurerm_search_service',
  'azurerm_nat_gateway',
  'azurerm_firewall',
  'azurerm_bastion_host',
  'azurerm_private_endpoint',
  'azurerm_managed_disk',
  'azurerm_log_analytics_workspace',
  'azurerm_dashboard_grafana',
  'azurerm_cognitive_deployment',
  'azurerm_application_gateway',
  'azurerm_redis_cache',
  'azurerm_eventhub_namespace',
]);

/** Machines before or after a change; undefined where the type keeps none or the side does not exist. */
export function machinesOf(change: RawChange, side: 'before' | 'after', input: StackInput): Machines | undefined {
  const shape = SHAPES[change.type];
  const body = change[side];
  if (!shape || body === null || body === undefined) return undefined;
  const read = (path: string) => readPath(body, shape.block + path);
  const size = read(shape.size);
  if (typeof size !== 'string') return undefined;
  const fixed = shape.fixed === undefined ? 1 : number(read(shape.fixed), 1);
  return {
    name: String(read('name') ?? withoutIndex(change.address)),
    vmSize: sizeName(size),
    spot: shape.spot !== undefined && read(shape.spot[0]) === shape.spot[1],
    min: shape.min === '' ? fixed : number(read(shape.min), fixed),
    max: shape.max === '' ? fixed : number(read(shape.max), fixed),
    region: regionOf(change, body, input),
  };
}

/** Whether things of this type keep machines. */
export function keepsMachines(type: string): boolean {
  return Object.hasOwn(SHAPES, type);
}

export function isUnpriced(type: string): boolean {
  return UNPRICED.has(type);
}

/** GPUs on one machine of a size. */
export function gpusOf(vmSize: string): { count: number; model: string } | undefined {
  const entry = gpuTable.sizes.find((size) => size.name === vmSize);
  return entry ? { count: entry.gpu.count ?? 1, model: entry.gpu.model } : undefined;
}

/** USD a month for one machine; undefined where no list price is known, or the price is a spot price. */
export function monthlyPrice(machines: Machines): number | undefined {
  return machines.spot ? undefined : VmPrice.monthly(machines.vmSize, machines.region);
}

function regionOf(change: RawChange, body: unknown, input: StackInput): string {
  const own = readPath(body, 'location');
  if (typeof own === 'string' && !own.includes('${')) return region(own);
  const references = input.references.get(withoutIndex(change.address)) ?? [];
  for (const model of [input.headModel, input.baseModel]) {
    const cluster = references.map((address) => model?.find(address)).find((one) => one?.type === 'azurerm_kubernetes_cluster');
    const location = (
      cluster ??
      model?.ofType('azurerm_kubernetes_cluster')[0] ??
      model?.ofType('azurerm_resource_group')[0]
    )?.value('location').literal;
    if (typeof location === 'string') return region(location);
  }
  return '';
}

/** "westeurope" of "West Europe". */
function region(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}

const SIZES = new Map(
  [...Object.keys(priceTable.prices), ...gpuTable.sizes.map((size) => size.name)].map((size) => [size.toLowerCase(), size]),
);

/** Azure ML takes sizes in any case. */
function sizeName(size: string): string {
  return SIZES.get(size.toLowerCase()) ?? size;
}

function number(value: unknown, otherwise: number): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : otherwise;
}
