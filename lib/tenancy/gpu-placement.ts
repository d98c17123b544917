import type { ContractNodePool, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { type GpuRequest, NodeLabel } from '../gpu';

/** Where a pod with GPUs may run: what goes into its spec. */
export interface GpuPlacement {
  readonly nodeSelector: { readonly [label: string]: string };
  readonly tolerations: readonly { readonly [field: string]: string }[];
}

/**
 * Finds the pools whose nodes can hold a pod with these GPUs.
 * @throws when there is none, with what the pools offer instead
 */
export function placeOnGpu(where: string, platform: IMlPlatform, request: GpuRequest): GpuPlacement {
  const pools = platform.attributes.nodePools.filter((pool) => offers(pool, request));
  if (pools.length === 0) {
    const gpuPools = platform.attributes.nodePools.filter((pool) => pool.gpu);
    throw new ConfigurationError(where, {
      what: `no pool of ${platform.environment.environmentName} offers the GPU asked for`,
      got: request.toString(),
      allowed: gpuPools.map(described).join('; ') || 'none: the platform has no GPU pools',
      fix: [...gpuPools.flatMap(alternatives), 'have the platform team add a pool that offers it'].join(', or '),
    });
  }
  const taints = new Set(pools.flatMap((pool) => pool.taints));
  const nodeSelector = { ...request.nodeSelector, ...narrowed(where, platform, request, pools) };
  return { nodeSelector, tolerations: [...taints].sort().map(toleration) };
}

/**
 * Keeps pods off pools that share GPUs in the same way but are not what was asked for: Kubernetes cannot tell a T4 from an A100.
 * @throws when one label cannot name the pools that will do
 */
function narrowed(
  where: string,
  platform: IMlPlatform,
  request: GpuRequest,
  pools: ContractNodePool[],
): { [label: string]: string } {
  const alike = platform.attributes.nodePools.filter((pool) => pool.gpu && access(pool) === request.access);
  const others = alike.filter((pool) => !pools.includes(pool));
  if (others.length === 0) return {};
  for (const label of [NodeLabel.POOL, NodeLabel.GPU_MODEL]) {
    const values = new Set(pools.map((pool) => pool.labels[label]));
    const [value] = values;
    if (values.size === 1 && value !== undefined && others.every((pool) => pool.labels[label] !== value))
      return { [label]: value };
  }
  throw new ConfigurationError(where, {
    what: 'several pools will do, and no label tells them from the ones that will not',
    got: request.toString(),
    allowed: pools.map((pool) => pool.name).join(', '),
    fix: `name one of them, e.g. pools: [${JSON.stringify(pools[0]?.name)}]`,
  });
}

function offers(pool: ContractNodePool, request: GpuRequest): boolean {
  const { gpu } = pool;
  if (!gpu) return false;
  const { minMemoryGb, models, pools } = request.constraints;
  return (
    (gpu.resources[request.resourceName] ?? 0) >= request.count &&
    access(pool) === request.access &&
    (minMemoryGb === undefined || gpu.memoryGb >= minMemoryGb) &&
    (models === undefined || models.some((model) => gpu.model.toLowerCase().includes(model.toLowerCase()))) &&
    (pools === undefined || pools.includes(pool.name))
  );
}

function access(pool: ContractNodePool): string {
  if (pool.gpu?.sharing === 'mig') return 'mig';
  return pool.gpu?.sharing === 'none' ? 'whole' : 'slice';
}

function described(pool: ContractNodePool): string {
  const { gpu } = pool;
  if (!gpu) return pool.name;
  const shared = gpu.migLayout
    ? `MIG ${Object.keys(gpu.migLayout).join(', ')}`
    : gpu.replicas
      ? `slices ×${gpu.replicas}`
      : 'whole GPUs';
  return `${pool.name} (${gpu.count} × ${gpu.model} ${gpu.memoryGb} GB: ${shared})`;
}

function alternatives(pool: ContractNodePool): string[] {
  const { gpu } = pool;
  if (gpu?.migLayout) {
    return Object.keys(gpu.migLayout).map((profile) => `GpuRequest.mig(MigProfile.of("${profile}")) on ${pool.name}`);
  }
  return [`GpuRequest.${gpu?.replicas ? 'slice()' : 'whole(1)'} on ${pool.name}`];
}

/** "key=value:effect" or "key:effect" as a toleration. */
export function toleration(taint: string): { [field: string]: string } {
  const [keyAndValue = '', effect = ''] = taint.split(':');
  const [key = '', value] = keyAndValue.split('=');
  return value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
}
