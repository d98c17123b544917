import { compare } from '../model/order';
import type { Change, ContractChange, PendingStack, UpstreamPending } from '../model/review';
import type { StackInput } from '../plan/stack-input';
import { depths } from '../report/layers';
import { lookUpsOf } from './data-reads';
import { type StateReads, stateReads } from './state-reads';

const MOST_NAMED = 5;

/**
 * Stacks that must be planned once what is applied before them stands: their plan will be out of date when its turn comes, as a stack
 * before changes in the same review in something that they use; or they could not be planned at all, as a stack before is new.
 * Terraform cannot tell, as a plan knows the state of its own stack only.
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
  const reads = stateReads(inputs);
  const known = new Map(inputs.map(({ stack, dependencies }) => [stack, [...dependencies, ...(reads.get(stack)?.keys() ?? [])]]));
  const depth = depths(known);
  const inOrder = [...inputs].sort((a, b) => (depth.get(a.stack) ?? 0) - (depth.get(b.stack) ?? 0) || compare(a.stack, b.stack));
  const pending = new Map<string, UpstreamPending>();
  for (const input of inOrder) {
    const names = stacksBefore(input.stack, known);
    const before = inOrder.filter(({ stack }) => names.has(stack));
    const upstream = input.unplanned
      ? before.flatMap((first) => waitedFor(first, changed.has(first.stack), pending))
      : outdatedBy(input, before, { changed, contracts, reads, pending });
    if (upstream.length > 0) pending.set(input.stack, { stack: input.stack, environment: input.environment, upstream });
  }
  return inputs.flatMap(({ stack }) => pending.get(stack) ?? []);
}

/** Names of the stacks that are applied before one, directly or not. */
function stacksBefore(stack: string, known: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [...(known.get(stack) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || next === stack) continue;
    found.add(next);
    open.push(...(known.get(next) ?? []));
  }
  return found;
}

type Pending = ReadonlyMap<string, UpstreamPending>;

/** Why a stack could not be planned: one before it stands nowhere yet, or could not be planned for that reason itself. */
function waitedFor(first: StackInput, changes: boolean, pending: Pending): PendingStack[] {
  // Code alone does not tell what stands.
  const isNew = first.kind === 'plan' && hasNothing(first) && (changes || first.outputs.length > 0);
  if (isNew) return [{ stack: first.stack, isNew, uses: [], total: 0 }];
  return first.unplanned && pending.has(first.stack) ? [plannedLater(first)] : [];
}

function hasNothing({ baseModel }: StackInput): boolean {
  return (baseModel?.managed.length ?? 0) === 0;
}

function plannedLater({ stack }: StackInput): PendingStack {
  return { stack, isNew: false, uses: [], total: 0 };
}

interface Facts {
  readonly changed: ReadonlyMap<string, readonly Change[]>;
  readonly contracts: readonly ContractChange[];
  readonly reads: StateReads;
  readonly pending: Pending;
}

/** What makes the plan of a stack old before its turn comes. */
function outdatedBy(input: StackInput, before: readonly StackInput[], facts: Facts): PendingStack[] {
  // What is compared without a plan is code against code: nothing in it goes out of date.
  if (input.kind !== 'plan') return [];
  const { changed, contracts, reads, pending } = facts;
  const looksUp = lookUpsOf(input);
  const told = before.flatMap((first): PendingStack[] => {
    const outputs = outputsOf(first, reads.get(input.stack)?.get(first.stack));
    const own = changed.get(first.stack);
    if (first.unplanned || (!own && outputs.length === 0)) return [];
    const resources = (own ?? [])
      .filter(({ address, dependents }) => dependents.stacks.includes(input.stack) || looksUp(first, address))
      .map(({ address }) => address);
    const promises = own ? promisesOf(first, input, contracts, changed.has(input.stack)) : [];
    const uses = [...resources, ...outputs, ...promises];
    const isNew = hasNothing(first);
    if (!isNew && uses.length === 0) return [];
    return [{ stack: first.stack, isNew, uses: uses.slice(0, MOST_NAMED), total: uses.length }];
  });
  const unplanned = before.filter((first) => first.unplanned).map(plannedLater);
  if (told.length + unplanned.length > 0) return [...told, ...unplanned];
  // What a plan that will be made again comes to, nobody knows: neither whether this one stays true after it.
  return before.filter(({ stack }) => pending.has(stack)).map(plannedLater);
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

/** Outputs that change, of those that are read through the state. */
function outputsOf({ outputs }: StackInput, read: ReadonlySet<string> | 'any' | undefined): string[] {
  if (read === undefined) return [];
  return outputs.filter(({ name }) => read === 'any' || read.has(name)).map(({ name }) => `output ${name}`);
}
