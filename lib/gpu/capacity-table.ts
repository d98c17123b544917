import type { PoolUse } from './capacity-model';
import type { CapacityPlan } from './capacity-plan';
import { VmPrice } from './vm-price';

const HEAD = ['pool', 'size', 'nodes', 'GPUs', 'sharing', 'placed', 'left', 'USD a month'];

/** A plan as a Markdown table, a row a pool: what it is, what is placed on it, what is left, what it costs. */
export function capacityTable(plan: CapacityPlan): string {
  const rows = plan.pools.map(row);
  const unknown = plan.poolsWithoutPrice.length > 0 ? ` No price known for ${plan.poolsWithoutPrice.join(', ')}.` : '';
  return [
    `| ${HEAD.join(' | ')} |`,
    `|${HEAD.map(() => '-').join('|')}|`,
    ...rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
    '',
    `Total: ${dollars(plan.monthlyCostMin)} at fewest nodes, ${dollars(plan.monthlyCostMax)} at most nodes, ` +
      `by list prices of ${VmPrice.DATE} without discounts; spot at the regular price.${unknown}`,
  ].join('\n');
}

function row(pool: PoolUse): string[] {
  return [
    pool.pool,
    `${pool.vmSize}${pool.spot ? ' (spot)' : ''}`,
    `${pool.minCount}-${pool.maxCount}`,
    pool.gpuModel === undefined ? '' : `${pool.gpusAtMin}-${pool.gpusAtMax} × ${pool.gpuModel}`,
    pool.gpuModel === undefined ? '' : pool.sharing,
    pool.placed.map(({ workload, pods }) => `${pods} × ${workload}`).join(', '),
    [
      `${Math.floor(pool.cpuLeft)} cores`,
      `${Math.floor(pool.memoryGibLeft)} GiB`,
      ...Object.entries(pool.resourcesLeft).map(([name, count]) => `${count} × ${name}`),
    ].join(', '),
    pool.monthlyCostMax === undefined ? 'unknown' : `${dollars(pool.monthlyCostMin ?? 0)}-${dollars(pool.monthlyCostMax)}`,
  ];
}

/** Whole dollars with thousands set apart, the same in every locale. */
function dollars(amount: number): string {
  return String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ',');
}
