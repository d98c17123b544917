import { compare } from '../model/order';
import type { Change, ContractChange, PendingStack, UpstreamPending } from '../model/review';
import type { StackInput } from '../plan/stack-input';
import { depths } from '../report/layers';

const MOST_NAMED = 5;

/**
 * Stacks whose plan will be out of date when its turn comes: a stack that is applied before it changes in the same review, in something
 * that it uses. Terraform cannot tell, as a plan knows the state of its own stack only.
 */
export function upstreamPending(
  inputs: readonly StackInput[],
  changes: readonly Change[],
  contracts: readonly ContractChange[],
): UpstreamPending[] {
  if (inputs.length < 2) return [];
  const changed = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.class === 'noise') continue;
    const list = changed.get(change.stack);
    if (list) list.push(change);
    else changed.set(change.stack, [change]);
  }
  const depth = depths(new Map(inputs.map(({ stack, dependencies }) => [stack, dependencies])));
  const inOrder = [...inputs].sort((a, b) => (depth.get(a.stack) ?? 0) - (depth.get(b.stack) ?? 0) || compare(a.stack, b.stack));
  return inputs.flatMap((input) => {
    // What is compared without a plan is code against code: nothing in it goes out of date.
    if (input.kind !== 'plan') return [];
    const names = stacksBefore(input, inputs);
    const upstream = inOrder.flatMap((first): PendingStack[] => {
      const own = changed.get(first.stack);
      if (!own || !names.has(first.stack)) return [];
      const resources = own.filter(({ dependents }) => dependents.stacks.includes(input.stack)).map(({ address }) => address);
      const uses = [...resources, ...promisesOf(first, input, contracts, changed.has(input.stack))];
      const isNew = (first.baseModel?.managed.length ?? 0) === 0;
      if (!isNew && uses.length === 0) return [];
      return [{ stack: first.stack, isNew, uses: uses.slice(0, MOST_NAMED), total: uses.length }];
    });
    return upstream.length > 0 ? [{ stack: input.stack, environment: input.environment, upstream }] : [];
  });
}

/** Names of the stacks that are applied before one, directly or not. */
function stacksBefore(input: StackInput, inputs: readonly StackInput[]): Set<string> {
  const known = new Map(inputs.map((one) => [one.stack, one.dependencies]));
  const found = new Set<string>();
  const open = [...input.dependencies];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || next === input.stack) continue;
    found.add(next);
    open.push(...(known.get(next) ?? []));
  }
  return found;
}

/** What the contract will promise differently: broken promises touch every stack that reads it, new ones a stack that changes itself. */
function promisesOf(
  first: StackInput,
  input: StackInput,
  contracts: readonly ContractChange[],
  changesItself: boolean,
): string[] {
  if (first.layer !== 'foundation' || first.environment !== input.environment) return [];
  return contracts
    .filter(({ environment }) => environment === input.environment)
    .filter(({ breaking }) => breaking || changesItself)
    .map(({ path }) => `contract ${path}`);
}
