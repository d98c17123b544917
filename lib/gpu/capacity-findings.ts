import { ConfigurationError } from '../core/configuration-error';
import { accessOf, Mismatch, offersOf, type PoolMismatch, profileOf } from './capacity-match';
import {
  type CapacityFinding,
  type CapacityGpu,
  type CapacityInput,
  type CapacityPool,
  CapacitySeverity,
  type CapacityTenant,
  type CapacityWorkload,
} from './capacity-model';
import type { GpuRequest } from './gpu-request';
import { MigProfile } from './mig-profile';

/** Refuses numbers that make no sense: a plan built on them would say anything. */
export function checkInput({ workloads, pools }: CapacityInput): void {
  const refuse = (name: string, field: string, got: number, allowed: string): never => {
    throw new ConfigurationError(name, { what: `${field} is not valid`, got: String(got), allowed, fix: `correct ${field}` });
  };
  for (const workload of workloads) {
    const { name, replicas, maxReplicas, cpu, memoryGib } = workload;
    if (!Number.isInteger(replicas) || replicas < 0) refuse(name, 'replicas', replicas, 'a whole number from 0 on');
    if (maxReplicas !== undefined && (!Number.isInteger(maxReplicas) || maxReplicas < replicas)) {
      refuse(name, 'maxReplicas', maxReplicas, `a whole number from ${replicas} (replicas) on`);
    }
    if (!(cpu >= 0 && Number.isFinite(cpu))) refuse(name, 'cpu', cpu, 'cores, 0 or more');
    if (!(memoryGib >= 0 && Number.isFinite(memoryGib))) refuse(name, 'memoryGib', memoryGib, 'GiB, 0 or more');
  }
  for (const { name, maxCount } of pools) {
    if (!Number.isInteger(maxCount) || maxCount < 0) refuse(name, 'maxCount', maxCount, 'a whole number from 0 on');
  }
}

/** No pool takes a pod of the workload, however empty. */
export function noPlaceFinding(workload: CapacityWorkload, pools: CapacityPool[], mismatches: PoolMismatch[]): CapacityFinding {
  const { gpu } = workload;
  // Pools that came close say more than pools that were never meant.
  const closest = Math.max(-1, ...mismatches.map(({ kind }) => kind));
  const unlike = gpu !== undefined && closest <= Mismatch.GPU_KIND;
  const near = mismatches.filter(({ kind }) => kind === closest);
  return {
    severity: CapacitySeverity.ERROR,
    subject: workload.name,
    what: unlike
      ? 'no pool offers the GPU asked for'
      : `no pool takes its pods: ${near.map(({ pool, reason }) => `${pool.name} ${reason()}`).join('; ')}`,
    got: gpu && unlike ? gpu.toString() : askedFor(workload),
    allowed: unlike
      ? describeGpuPools(pools)
      : pools.map(({ name, vmSize }) => `${name} (${vmSize})`).join(', ') || 'no pools at all',
    fix: gpu && unlike ? nearestGpuFix(gpu, pools) : fixFor(near),
  };
}

export interface TooFull {
  readonly workload: CapacityWorkload;
  /** Pods without a place. */
  readonly left: number;
  readonly severity: CapacitySeverity;
  /** Pools that could take it, and how many of its pods an empty node of each takes. */
  readonly pools: CapacityPool[];
  readonly podsPerNode: number[];
}

/** Pools would take the pods, but have no room for all. */
export function tooFullFinding({ workload, left, severity, pools, podsPerNode }: TooFull): CapacityFinding {
  const grow = pools.map((pool, index) => {
    const more = Math.ceil(left / Math.max(1, podsPerNode[index] ?? 1));
    return `maxCount of ${pool.name} from ${pool.maxCount} to ${pool.maxCount + more}`;
  });
  const note = severity === CapacitySeverity.NOTE;
  const total = Math.max(workload.replicas, workload.maxReplicas ?? 0);
  return {
    severity,
    subject: workload.name,
    what: note
      ? workload.waits
        ? 'waits until others finish: no room beside all that must run'
        : 'cannot grow to its most replicas beside all that must run'
      : severity === CapacitySeverity.UNSURE
        ? 'found no room for all pods beside the rest, though the totals allow it'
        : 'no room for all pods beside the rest',
    got: `${left} of ${total} pods without a node (${askedFor(workload)} each)`,
    allowed: pools
      .map((pool, index) => `${pool.name}: ${pool.maxCount} nodes × ${podsPerNode[index]} such pods when empty`)
      .join(', '),
    fix: `raise ${grow.slice(0, 2).join(' or ')}, or run fewer pods`,
  };
}

/** Workloads that exceed their tenant's quota. What waits counts too: it starts under the same quota, one at a time. */
export function quotaFindings({ workloads, tenants = [] }: CapacityInput): CapacityFinding[] {
  const unknown = workloads.filter(({ tenant }) => tenant !== undefined && !tenants.some(({ name }) => name === tenant));
  return [
    ...unknown.map((workload) => ({
      severity: CapacitySeverity.ERROR,
      subject: workload.name,
      what: 'tenant is not known',
      got: JSON.stringify(workload.tenant),
      allowed: tenants.map(({ name }) => name).join(', ') || 'none: the platform has no tenants',
      fix: 'correct the name, or have the platform team add the tenant',
    })),
    ...tenants.flatMap((tenant) =>
      tenantFindings(
        tenant,
        workloads.filter((workload) => workload.tenant === tenant.name),
      ),
    ),
  ];
}

function tenantFindings(tenant: CapacityTenant, workloads: CapacityWorkload[]): CapacityFinding[] {
  const names = [...new Set(workloads.flatMap(({ gpu }) => gpu?.resourceName ?? []))];
  const dimensions = [
    { what: 'CPU', unit: ' cores', quota: tenant.quota.cpu, of: (w: CapacityWorkload) => w.cpu },
    { what: 'memory', unit: ' GiB', quota: tenant.quota.memoryGib, of: (w: CapacityWorkload) => w.memoryGib },
    ...names.map((name) => ({
      what: name,
      unit: '',
      quota: tenant.quota.gpus[name] ?? 0,
      of: (w: CapacityWorkload) => (w.gpu?.resourceName === name ? w.gpu.count : 0),
    })),
  ];
  return dimensions.flatMap(({ what, unit, quota, of }) => {
    const running = workloads.filter(({ waits }) => !waits);
    const used = running.reduce((sum, workload) => sum + workload.replicas * of(workload), 0);
    const queued = workloads.filter(({ waits, replicas }) => waits && replicas > 0).map((w) => w.replicas * of(w));
    const most = used > quota + 1e-9 ? used : Math.max(0, ...queued);
    if (most <= quota + 1e-9) return [];
    const users = workloads.filter((workload) => of(workload) * workload.replicas > 0).map(({ name }) => name);
    return [
      {
        severity: CapacitySeverity.ERROR,
        subject: `tenant ${tenant.name}`,
        what: `quota of ${what} is exceeded by ${users.join(', ')}`,
        got: `${round(most)}${unit}`,
        allowed: `${round(quota)}${unit}`,
        fix: `run fewer or smaller pods, or have the platform team raise the tenant's quota to ${round(most)}${unit}`,
      },
    ];
  });
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function askedFor({ cpu, memoryGib, gpu, architecture }: CapacityWorkload): string {
  const parts = [`${round(cpu)} cores`, `${round(memoryGib)} GiB`, ...(gpu ? [gpu.toString()] : [])];
  return [...parts, ...(architecture === undefined ? [] : [architecture])].join(', ');
}

function describeGpuPools(pools: CapacityPool[]): string {
  const described = pools.flatMap(({ name, gpu, maxCount }) =>
    gpu ? [`${name} (${gpu.count * maxCount} × ${gpu.model}${memoryOf(gpu)}: ${offersOf(gpu)})`] : [],
  );
  return described.join(', ') || 'no pool has GPUs';
}

/** Memory, unless the model's name says it already. */
function memoryOf(gpu: CapacityGpu): string {
  return /\d\s?GB/.test(gpu.model) ? '' : ` ${gpu.memoryGb} GB`;
}

function fixFor(near: PoolMismatch[]): string {
  const kind = near[0]?.kind;
  const { pool } = near[0] ?? {};
  if (kind === Mismatch.TAINT)
    return pool?.spot ? 'let it tolerate spot nodes, or add a pool that is not spot' : 'tolerate the taint, or take another pool';
  if (kind === Mismatch.NODE_SELECTOR) return 'correct the node selector';
  if (kind === Mismatch.ARCHITECTURE) return `build its image for ${pool?.architecture}, or add a pool of its architecture`;
  if (kind === Mismatch.GPU_COUNT) return 'ask for fewer GPUs a pod, or have the platform team add a pool of a larger size';
  return 'ask for less a pod, or have the platform team add a pool of a larger size';
}

/** What asks for about the same and would fit. */
function nearestGpuFix(request: GpuRequest, pools: CapacityPool[]): string {
  const options = pools.flatMap(({ name, gpu }) => {
    if (gpu?.vendor !== 'nvidia') return [];
    const access = accessOf(gpu);
    if (access === 'whole') return [`GpuRequest.whole(${request.access === 'whole' ? request.count : 1}) on ${name}`];
    if (access === 'slice') return request.access === 'whole' ? [] : [`GpuRequest.slice() on ${name}`];
    const profile = nearestProfile(request, gpu);
    return profile === undefined ? [] : [`MigProfile ${profile} on ${name}`];
  });
  const wanted = request.migProfile
    ? `with ${request.migProfile.name}`
    : request.access === 'slice'
      ? 'with shared GPUs'
      : 'with whole GPUs';
  return [...options.slice(0, 3), `have the platform team add a pool ${wanted}`].join(', or ');
}

/** The smallest MIG instance of a pool that is no smaller than the one asked for; for whole GPUs the largest. */
function nearestProfile(request: GpuRequest, gpu: CapacityGpu): string | undefined {
  const profiles = Object.keys(gpu.resources)
    .map((name) => MigProfile.of(profileOf(name)))
    .sort((a, b) => a.memoryGb - b.memoryGb);
  if (request.access === 'slice') return profiles[0]?.name;
  const least = request.migProfile?.memoryGb ?? Number.POSITIVE_INFINITY;
  return (profiles.find(({ memoryGb }) => memoryGb >= least) ?? profiles.at(-1))?.name;
}
