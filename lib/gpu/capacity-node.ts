import type { CapacityPool, NodeOverhead } from './capacity-model';
import table from './data/node-overhead.json';

/** What pods can have of one node. Whole numbers: sums of fractions would not compare. */
export interface NodeRoom {
  readonly milliCpu: number;
  readonly mib: number;
  readonly pods: number;
  readonly resources: { readonly [name: string]: number };
}

// The guest sees less memory than the size's page says: firmware and kernel keep about this share.
const MEMORY_KEPT_BY_VM = 0.03;
const EVICTION_MIB = 100;
const MIB = 1024;
/** Pods of a node that AKS and the add-ons run there. */
const SYSTEM_PODS = 20;

/**
 * Room on an empty node, after what AKS reserves for itself (Kubernetes 1.29 and later) and what runs on each node.
 *
 * Memory: 20 MB for each pod that the node takes at most, and 50 MB, but no more than a quarter of it; 100 MiB stay free before the
 * kubelet evicts. CPU: by the number of cores.
 * @see https://learn.microsoft.com/azure/aks/node-resource-reservations
 */
export function roomOf(pool: CapacityPool, overhead: NodeOverhead = {}): NodeRoom {
  const maxPods = overhead.maxPods ?? pool.maxPods ?? 110;
  const daemons = daemonSetsOn(pool);
  const daemonCpu = overhead.cpu === undefined ? daemons.milliCpu : overhead.cpu * 1000;
  const daemonMib = overhead.memoryGib === undefined ? daemons.mib : overhead.memoryGib * MIB;
  const memory = pool.memoryGib * (1 - MEMORY_KEPT_BY_VM) * MIB;
  const reservedMib = Math.min((20 * maxPods + 50) * (1e6 / MIB ** 2), memory / 4);
  return {
    milliCpu: Math.max(0, Math.floor(pool.vcpus * 1000 - reservedMilliCpu(pool.vcpus) - daemonCpu)),
    mib: Math.max(0, Math.floor(memory - reservedMib - EVICTION_MIB - daemonMib)),
    pods: Math.max(0, maxPods - SYSTEM_PODS),
    resources: pool.gpu?.resources ?? {},
  };
}

/** What the DaemonSets of a node request together: lib/gpu/data/node-overhead.json. */
function daemonSetsOn(pool: CapacityPool): { readonly milliCpu: number; readonly mib: number } {
  const rows = table.daemonSets.filter(({ on }) => on === 'all' || pool.gpu !== undefined);
  return {
    milliCpu: rows.reduce((sum, row) => sum + row.milliCpu, 0),
    mib: rows.reduce((sum, row) => sum + row.mib, 0),
  };
}

/** AKS's table: 1 core 60 m, 2 cores 100 m, 4 cores 140 m, and 10 m for each further core. */
function reservedMilliCpu(cores: number): number {
  if (cores <= 1) return 60;
  if (cores <= 2) return 100;
  if (cores <= 4) return 140;
  return 140 + 10 * (cores - 4);
}
