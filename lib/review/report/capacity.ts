import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CapacityFinding, PoolUse, VcpuUse } from '../../gpu/capacity-model';
import { isObject } from '../../guardrails/model/json';
import { readJson } from '../synth-output';
import { compareEnvironments } from './layers';

/** Whether what runs in an environment fits its pools, as its synth worked it out. */
export interface ReportCapacity {
  readonly environment: string;
  readonly pools: PoolUse[];
  readonly vcpus: VcpuUse[];
  readonly findings: CapacityFinding[];
}

/** Reads `capacity/*.json` of an output folder; there is none where no workload of the app is planned. */
export function readCapacity(folder: string): ReportCapacity[] {
  const plans = join(folder, 'capacity');
  if (!existsSync(plans)) return [];
  return readdirSync(plans)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readJson(join(plans, file)))
    .filter(isCapacity)
    .sort((a, b) => compareEnvironments(a.environment, b.environment));
}

/** What is placed on a pool, e.g. "2 × prod-workloads/Fraud". */
export function placedOn(pool: PoolUse): string {
  return pool.placed.map(({ workload, pods }) => `${pods} × ${workload}`).join(', ') || 'nothing';
}

/** What a pool has left with all of its nodes, e.g. "20 cores, 96 GiB, 3 × nvidia.com/gpu". */
export function leftOn(pool: PoolUse): string {
  const extended = Object.entries(pool.resourcesLeft).map(([name, count]) => `${count} × ${name}`);
  return [`${Math.floor(pool.cpuLeft)} cores`, `${Math.floor(pool.memoryGibLeft)} GiB`, ...extended].join(', ');
}

/** GPUs of a pool at its fewest and most nodes, e.g. "1-4 × NVIDIA T4, mig". */
export function gpusOf(pool: PoolUse): string {
  if (pool.gpuModel === undefined) return '';
  return `${pool.gpusAtMin}-${pool.gpusAtMax} × ${pool.gpuModel}${pool.sharing === 'none' ? '' : `, ${pool.sharing}`}`;
}

/** USD a month at fewest and at most nodes. */
export function monthly(pool: PoolUse): string {
  if (pool.monthlyCostMax === undefined) return 'unknown';
  return `$${Math.round(pool.monthlyCostMin ?? 0)}-${Math.round(pool.monthlyCostMax)}`;
}

function isCapacity(value: unknown): value is ReportCapacity {
  return isObject(value) && typeof value.environment === 'string' && Array.isArray(value.pools) && Array.isArray(value.findings);
}
