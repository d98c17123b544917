import type { ReportPool } from './node-pools';

/** An amount in USD, or a dash where no price is known. */
export function usd(value: number | null): string {
  return value === null ? '-' : `$${value.toFixed(2)}`;
}

export interface PoolTotal {
  readonly environment: string;
  readonly gpuOnly: boolean;
  readonly atMin: number;
  readonly atMax: number;
  /** Pools that no price is known for; they are not in the sums. */
  readonly unpriced: number;
}

/** Sums by environment: GPU pools, then all pools. */
export function poolTotals(pools: readonly ReportPool[]): PoolTotal[] {
  const environments = [...new Set(pools.map((pool) => pool.environment))];
  return environments.flatMap((environment) =>
    [true, false].flatMap((gpuOnly) => {
      const members = pools.filter((pool) => pool.environment === environment && (!gpuOnly || pool.gpu));
      if (members.length === 0) return [];
      const sum = (pick: (pool: ReportPool) => number | null) => members.reduce((total, pool) => total + (pick(pool) ?? 0), 0);
      return [
        {
          environment,
          gpuOnly,
          atMin: sum((pool) => pool.hourlyUsdAtMin),
          atMax: sum((pool) => pool.hourlyUsdAtMax),
          unpriced: members.filter((pool) => pool.hourlyUsd === null).length,
        },
      ];
    }),
  );
}
