import { isObject } from '../../guardrails/model/json';
import { byEnvironment, compare } from '../model/order';
import type { ContractChange } from '../model/review';
import type { ContractView, PoolView, TenantView } from '../plan/contracts';

type Contracts = ReadonlyMap<string, ContractView>;
type Told = Omit<ContractChange, 'environment'>;

/** What two versions of the platform's contracts promise differently, and for whom that breaks something. */
export function contractChanges(base: Contracts, head: Contracts): ContractChange[] {
  if (base.size === 0) return [];
  const stages = [...new Set([...base.keys(), ...head.keys()])].sort(byEnvironment);
  return stages.flatMap((environment) => {
    const [before, after] = [base.get(environment), head.get(environment)];
    if (!before) return [];
    if (!after) return [{ environment, ...gone('contract', 'the whole contract', tenantsOf(before)) }];
    return [...pools(before, after), ...tenants(before, after), ...promises(before, after)]
      .sort((a, b) => Number(b.breaking) - Number(a.breaking) || compare(a.path, b.path))
      .map((told) => ({ environment, ...told }));
  });
}

function pools(before: ContractView, after: ContractView): Told[] {
  const found = new Map(after.nodePools.map((pool) => [pool.name, pool]));
  const users = (pool: PoolView) => usersOf(pool, before.tenants);
  const removed = before.nodePools
    .filter((pool) => !found.has(pool.name))
    .map((pool) => gone(`nodePools.${pool.name}`, 'pods that select this pool stay pending', users(pool)));
  const added = after.nodePools
    .filter((pool) => !before.nodePools.some((old) => old.name === pool.name))
    .map((pool) => told(`nodePools.${pool.name}`, 'none', pool.vmSize, false, 'new pool', []));
  const changed = before.nodePools.flatMap((old) => {
    const pool = found.get(old.name);
    return pool ? poolChanges(old, pool, users(old)) : [];
  });
  return [...removed, ...added, ...changed];
}

function poolChanges(old: PoolView, pool: PoolView, users: string[]): Told[] {
  const path = `nodePools.${old.name}`;
  const found: Told[] = [];
  if (old.vmSize !== pool.vmSize)
    found.push(
      told(`${path}.vmSize`, old.vmSize, pool.vmSize, false, 'other machines: requests that filled a node may not fit', users),
    );
  for (const [key, value] of Object.entries(old.labels)) {
    if (pool.labels[key] === value) continue;
    found.push(
      told(`${path}.labels.${key}`, value, pool.labels[key] ?? 'none', true, 'pods that select this label stay pending', users),
    );
  }
  for (const taint of pool.taints.filter((one) => !old.taints.includes(one))) {
    found.push(told(`${path}.taints`, 'none', taint, true, 'pods that do not tolerate this taint stay pending', users));
  }
  for (const taint of old.taints.filter((one) => !pool.taints.includes(one))) {
    found.push(told(`${path}.taints`, taint, 'none', false, 'any pod may land on this pool now', users));
  }
  if (pool.maxCount < old.maxCount)
    found.push(told(`${path}.maxCount`, String(old.maxCount), String(pool.maxCount), true, 'fewer nodes at most', users));
  else if (pool.maxCount > old.maxCount)
    found.push(told(`${path}.maxCount`, String(old.maxCount), String(pool.maxCount), false, 'more nodes at most', []));
  for (const [name, count] of Object.entries(old.gpu?.resources ?? {})) {
    const now = pool.gpu?.resources[name] ?? 0;
    if (now < count)
      found.push(
        told(
          `${path}.gpu.resources.${name}`,
          String(count),
          String(now),
          true,
          now === 0 ? 'pods that request this resource stay pending' : 'fewer on a node',
          users,
        ),
      );
  }
  return found;
}

function tenants(before: ContractView, after: ContractView): Told[] {
  const found = new Map(after.tenants.map((tenant) => [tenant.name, tenant]));
  return before.tenants.flatMap((old) => {
    const tenant = found.get(old.name);
    if (!tenant) return [gone(`tenants.${old.name}`, 'the namespace, identity and quota of the team go', [nameOf(old)])];
    return Object.entries(old.gpus).flatMap(([resource, count]) => {
      const now = tenant.gpus[resource] ?? 0;
      return now < count
        ? [
            told(
              `tenants.${old.name}.quota.${resource}`,
              String(count),
              String(now),
              true,
              'what the team runs may not fit its quota any more',
              [nameOf(old)],
            ),
          ]
        : [];
    });
  });
}

const READ_APART = new Set(['nodePools']);

/** Everything else: names, ids and endpoints that consumers were given. Gone or changed means they look in the wrong place. */
function promises(before: ContractView, after: ContractView): Told[] {
  const found: Told[] = [];
  const visit = (path: string, left: unknown, right: unknown, depth: number): void => {
    if (JSON.stringify(left) === JSON.stringify(right) || depth > 8) return;
    if (isObject(left) && (isObject(right) || right === undefined)) {
      const other = isObject(right) ? right : {};
      for (const key of new Set([...Object.keys(left), ...Object.keys(other)]))
        visit(path === '' ? key : `${path}.${key}`, left[key], other[key], depth + 1);
      return;
    }
    const breaking = left !== undefined;
    const what =
      path === 'contractVersion'
        ? 'readers of another major version refuse it'
        : breaking
          ? 'stacks that were synthesized against the old value look in the wrong place'
          : 'new promise';
    found.push(told(path, textOf(left), textOf(right), breaking, what, breaking ? tenantsOf(before) : []));
  };
  const [left, right] = [withNamedTenants(before.document), withNamedTenants(after.document)];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!READ_APART.has(key)) visit(key, left[key], right[key], 1);
  }
  return found.filter((one) => !/^tenants\.[^.]+(?:$|\.quota|\.owner)|^environment\.owner/.test(one.path));
}

/** Tenants by name, so that their order makes no difference. */
function withNamedTenants(document: Record<string, unknown>): Record<string, unknown> {
  const list = Array.isArray(document.tenants) ? document.tenants.filter(isObject) : [];
  return { ...document, tenants: Object.fromEntries(list.map((tenant) => [String(tenant.name), tenant])) };
}

function usersOf(pool: PoolView, all: readonly TenantView[]): string[] {
  const offered = Object.keys(pool.gpu?.resources ?? {});
  const users = offered.length === 0 ? all : all.filter((tenant) => offered.some((name) => (tenant.gpus[name] ?? 0) > 0));
  return users.map(nameOf);
}

function tenantsOf(contract: ContractView): string[] {
  return contract.tenants.map(nameOf);
}

function nameOf(tenant: TenantView): string {
  return tenant.owner === '' || tenant.owner === tenant.name
    ? `tenant ${tenant.name}`
    : `tenant ${tenant.name} (${tenant.owner})`;
}

function gone(path: string, what: string, affects: string[]): Told {
  return told(path, 'promised', 'gone', true, what, affects);
}

function told(path: string, before: string, after: string, breaking: boolean, what: string, affects: string[]): Told {
  return { path, before, after, breaking, what, affects };
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
