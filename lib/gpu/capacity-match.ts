import type { CapacityGpu, CapacityPool, CapacityWorkload } from './capacity-model';
import type { NodeRoom } from './capacity-node';
import { NodeLabel, NodeTaint } from './node-label';

/** Why a pod cannot run on a pool, in the order of the checks: the later, the closer it came. */
export enum Mismatch {
  GPU_SHARING = 0,
  GPU_KIND = 1,
  NODE_SELECTOR = 2,
  TAINT = 3,
  ARCHITECTURE = 4,
  GPU_COUNT = 5,
  CPU = 6,
  MEMORY = 7,
}

/** A pod's needs in whole numbers. */
export interface PodNeed {
  readonly milliCpu: number;
  readonly mib: number;
  readonly resource?: string;
  readonly count: number;
}

export interface PoolMismatch {
  readonly pool: CapacityPool;
  readonly kind: Mismatch;
  /** e.g. "has 1 GPU a node". Made when asked for: most mismatches are never told. */
  readonly reason: () => string;
}

export function needOf(workload: CapacityWorkload): PodNeed {
  return {
    milliCpu: Math.ceil(workload.cpu * 1000 - 1e-9),
    mib: Math.ceil(workload.memoryGib * 1024 - 1e-9),
    resource: workload.gpu?.resourceName,
    count: workload.gpu?.count ?? 0,
  };
}

function no(pool: CapacityPool, kind: Mismatch, reason: () => string): PoolMismatch {
  return { pool, kind, reason };
}

/** Why no pod of the workload can run on an empty node of the pool; undefined when it can. */
export function mismatch(
  workload: CapacityWorkload,
  need: PodNeed,
  pool: CapacityPool,
  room: NodeRoom,
): PoolMismatch | undefined {
  const gpu = gpuMismatch(workload, pool);
  if (gpu) return gpu;
  const label = workload.nodeSelector && missingLabel(workload.nodeSelector, pool);
  if (label) return no(pool, Mismatch.NODE_SELECTOR, () => `lacks the label ${label[0]}=${label[1]}`);
  const taint = pool.taints.find((candidate) => !tolerates(workload, candidate));
  if (taint !== undefined) {
    return no(pool, Mismatch.TAINT, () =>
      taint === NodeTaint.SPOT ? 'is spot, which it does not tolerate' : `has the taint ${taint}`,
    );
  }
  const architecture = workload.architecture ?? 'amd64';
  if (architecture !== pool.architecture) return no(pool, Mismatch.ARCHITECTURE, () => `is ${pool.architecture}`);
  const offered = need.resource === undefined ? 0 : (room.resources[need.resource] ?? 0);
  if (need.count > offered) return no(pool, Mismatch.GPU_COUNT, () => `has ${offered} × ${need.resource} a node`);
  if (need.milliCpu > room.milliCpu) return no(pool, Mismatch.CPU, () => `has ${cores(room.milliCpu)} cores for pods on a node`);
  if (need.mib > room.mib) return no(pool, Mismatch.MEMORY, () => `has ${gib(room.mib)} GiB for pods on a node`);
  return undefined;
}

function gpuMismatch({ gpu: request }: CapacityWorkload, pool: CapacityPool): PoolMismatch | undefined {
  const { gpu } = pool;
  if (!request) return undefined;
  if (!gpu) return no(pool, Mismatch.GPU_SHARING, () => 'has no GPUs');
  if (accessOf(gpu) !== request.access || gpu.resources[request.resourceName] === undefined) {
    return no(pool, Mismatch.GPU_SHARING, () => `offers ${offersOf(gpu)}`);
  }
  const { minMemoryGb, models, pools } = request.constraints;
  if (minMemoryGb !== undefined && gpu.memoryGb < minMemoryGb) {
    return no(pool, Mismatch.GPU_KIND, () => `has GPUs of ${gpu.memoryGb} GB`);
  }
  if (models && !models.some((model) => gpu.model.toLowerCase().includes(model.toLowerCase()))) {
    return no(pool, Mismatch.GPU_KIND, () => `has ${gpu.model}`);
  }
  if (pools && !pools.includes(pool.name)) return no(pool, Mismatch.GPU_KIND, () => 'is not one of the pools asked for');
  return undefined;
}

/** What a pod gets of such GPUs: "whole", "slice" or "mig". */
export function accessOf(gpu: CapacityGpu): string {
  if (gpu.sharing === 'none') return 'whole';
  return gpu.sharing === 'mig' ? 'mig' : 'slice';
}

/** In words, e.g. "slices ×4" or "MIG 3g.40gb". */
export function offersOf(gpu: CapacityGpu): string {
  if (gpu.sharing === 'none') return 'whole GPUs';
  if (gpu.sharing !== 'mig') return `slices ×${gpu.replicas}`;
  return Object.keys(gpu.resources)
    .map((name) => `MIG ${profileOf(name)}`)
    .join(', ');
}

/** The profile behind "nvidia.com/mig-1g.10gb". */
export function profileOf(resourceName: string): string {
  return resourceName.replace('nvidia.com/mig-', '').replace('.me', '+me');
}

function missingLabel(selector: { [label: string]: string }, pool: CapacityPool): [string, string] | undefined {
  const labels = labelsOf(pool);
  return Object.entries(selector).find(([key, value]) => labels[key] !== value);
}

/** Labels that pods can select a pool's nodes by. */
function labelsOf(pool: CapacityPool): { [key: string]: string } {
  return {
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': pool.architecture,
    'node.kubernetes.io/instance-type': pool.vmSize,
    'kubernetes.azure.com/agentpool': pool.name,
    agentpool: pool.name,
    [NodeLabel.POOL]: pool.name,
    ...(pool.gpu
      ? { [NodeLabel.GPU_ACCESS]: accessOf(pool.gpu), [NodeLabel.GPU_MODEL]: NodeLabel.modelValue(pool.gpu.model) }
      : {}),
    ...pool.labels,
  };
}

function tolerates(workload: CapacityWorkload, taint: string): boolean {
  if (taint.endsWith(':PreferNoSchedule')) return true;
  if (taint === NodeTaint.GPU) return workload.gpu !== undefined;
  if (taint === NodeTaint.SPOT) return workload.spot ?? false;
  return workload.tolerations?.includes(taint) ?? false;
}

/** Cores as people write them. */
export function cores(milliCpu: number): string {
  return String(Math.floor(milliCpu / 10) / 100);
}

/** GiB as people write them. */
export function gib(mib: number): string {
  return String(Math.floor((mib / 1024) * 10) / 10);
}
