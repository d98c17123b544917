import { byEnvironment, compare } from '../model/order';
import type { CapacityRow } from '../model/review';
import type { ContractView } from '../plan/contracts';
import type { StackInput } from '../plan/stack-input';
import { gpusOf, keepsMachines, type Machines, machinesOf } from './pools';

type Contracts = ReadonlyMap<string, ContractView>;

/** Node pools that change. */
export function poolChanges(inputs: readonly StackInput[]): CapacityRow[] {
  return inputs.flatMap((input) =>
    input.changes.flatMap((change) => {
      if (!keepsMachines(change.type) || change.actions.join() === 'no-op') return [];
      const [before, after] = [machinesOf(change, 'before', input), machinesOf(change, 'after', input)];
      if ((!before && !after) || shown(before) === shown(after)) return [];
      return [
        {
          environment: input.environment,
          pool: (after ?? before)?.name ?? change.address,
          before: shown(before),
          after: shown(after),
          gpusAtMaxBefore: gpusAtMax(before),
          gpusAtMaxAfter: gpusAtMax(after),
        },
      ];
    }),
  );
}

/** Node pools that change, and whether the tenants' GPU quotas still fit what the pools come to. */
export function capacityAfter(pools: readonly CapacityRow[], base: Contracts, head: Contracts): CapacityRow[] {
  return [...pools, ...quotaProblems(base, head)].sort(
    (a, b) => byEnvironment(a.environment, b.environment) || compare(a.pool, b.pool),
  );
}

/** Quotas of all tenants together against what the pools offer with all nodes there. */
function quotaProblems(base: Contracts, head: Contracts): CapacityRow[] {
  return [...head].flatMap(([environment, contract]) => {
    const wanted = promised(contract);
    return Object.entries(wanted).flatMap(([resource, count]) => {
      const [offered, before] = [offeredBy(contract, resource), base.get(environment)];
      const wasOffered = before ? offeredBy(before, resource) : offered;
      const wasShort = before ? (promised(before)[resource] ?? 0) > wasOffered : false;
      if (offered >= count || (wasShort && offered === wasOffered)) return [];
      const problem = `tenants' quotas come to ${count} × ${resource}, the pools to ${offered}`;
      return [
        {
          environment,
          pool: resource,
          before: `${wasOffered} offered`,
          after: `${offered} offered`,
          gpusAtMaxBefore: wasOffered,
          gpusAtMaxAfter: offered,
          problem,
        },
      ];
    });
  });
}

function promised(contract: ContractView): { [resource: string]: number } {
  const sums: { [resource: string]: number } = {};
  for (const tenant of contract.tenants) {
    for (const [resource, count] of Object.entries(tenant.gpus)) sums[resource] = (sums[resource] ?? 0) + count;
  }
  return sums;
}

function offeredBy(contract: ContractView, resource: string): number {
  return contract.nodePools.reduce((sum, pool) => sum + (pool.gpu?.resources[resource] ?? 0) * pool.maxCount, 0);
}

function gpusAtMax(machines: Machines | undefined): number {
  return machines ? (gpusOf(machines.vmSize)?.count ?? 0) * machines.max : 0;
}

function shown(machines: Machines | undefined): string {
  if (!machines) return 'none';
  const gpu = gpusOf(machines.vmSize);
  const nodes = machines.min === machines.max ? `${machines.max}` : `${machines.min}-${machines.max}`;
  return `${nodes} × ${machines.vmSize}${gpu ? ` (${gpu.count} × ${gpu.model})` : ''}${machines.spot ? ', spot' : ''}`;
}
