import { type CapacityFinding, type CapacityPool, CapacitySeverity, type PoolUse, type VcpuUse } from './capacity-model';
import cpuSizes from './data/cpu-vm-sizes.json';
import gpuSizes from './data/gpu-vm-sizes.json';

/** All spot VMs of a region count against one quota. */
const SPOT_FAMILY = 'lowPriorityCores';

const FAMILIES = new Map([...cpuSizes.sizes, ...gpuSizes.sizes].map(({ name, quotaFamily }) => [name, quotaFamily]));

/** Azure writes families with and without spaces and in mixed case. */
function key(family: string): string {
  return family.toLowerCase().replaceAll(' ', '');
}

/** vCPUs by quota family. Pools of sizes whose family is not known are left out. */
export function vcpuUse(pools: CapacityPool[], quotas: { [family: string]: number } = {}): VcpuUse[] {
  const rows = new Map<string, { family: string; pools: CapacityPool[] }>();
  for (const pool of pools) {
    const family = pool.spot ? SPOT_FAMILY : FAMILIES.get(pool.vmSize);
    if (family === undefined) continue;
    const row = rows.get(key(family)) ?? { family, pools: [] };
    row.pools.push(pool);
    rows.set(key(family), row);
  }
  const stated = new Map(Object.entries(quotas).map(([family, quota]) => [key(family), quota]));
  return [...rows.values()].map(({ family, pools: members }) => {
    const quota = stated.get(key(family));
    const total = (count: (pool: CapacityPool) => number) => members.reduce((sum, pool) => sum + pool.vcpus * count(pool), 0);
    return {
      family,
      pools: members.map(({ name }) => name),
      vcpusAtMin: total(({ minCount }) => minCount),
      vcpusAtMax: total(({ maxCount }) => maxCount),
      ...(quota === undefined ? {} : { quota }),
    };
  });
}

/** Families whose pools cannot start, cannot hold what must run, or cannot grow to their most. */
export function vcpuFindings(uses: VcpuUse[], poolUses: PoolUse[], pools: CapacityPool[]): CapacityFinding[] {
  return uses.flatMap(({ family, pools: names, vcpusAtMax, quota }) => {
    if (quota === undefined || vcpusAtMax <= quota) return [];
    const needed = pools
      .filter(({ name }) => names.includes(name))
      .reduce((sum, pool) => {
        const used = poolUses.find((use) => use.pool === pool.name)?.nodesUsed ?? 0;
        return sum + pool.vcpus * Math.max(pool.minCount, used);
      }, 0);
    const error = needed > quota;
    return [
      {
        severity: error ? CapacitySeverity.ERROR : CapacitySeverity.NOTE,
        subject: `quota ${family}`,
        what: error ? 'too few vCPUs for what must run' : 'pools cannot grow to maxCount',
        got: `${error ? needed : vcpusAtMax} vCPUs (${names.join(', ')})`,
        allowed: `${quota} vCPUs`,
        fix: `ask Azure for ${error ? needed : vcpusAtMax} vCPUs of this family, or lower ${error ? 'minCount or the workloads' : 'maxCount'}`,
      },
    ];
  });
}
