import { isObject } from '../../guardrails/model/json';
import type { ResourceModel, StackModel } from '../../guardrails/model/stack-model';
import { createOnlyPaths } from '../analysis/create-only';
import { learnSecrets } from '../masking/learn-secrets';
import type { Masker } from '../masking/masker';
import type { RawChange } from './stack-input';
import { bodyOf } from './synth-digest';

/** A resource that keeps its object under another address. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Resources of a stack without what only travels in releases. */
export function managedResources(model: StackModel | undefined): ResourceModel[] {
  return (model?.managed ?? []).filter((resource) => !resource.address.includes('/'));
}

/** Compares two synthesized stacks as if they were state and plan. What would be replaced is an estimate. */
export function compareSynthesized(
  base: StackModel | undefined,
  head: StackModel | undefined,
  moves: readonly Move[],
): RawChange[] {
  const before = new Map(managedResources(base).map((resource) => [resource.address, resource]));
  const after = new Map(managedResources(head).map((resource) => [resource.address, resource]));
  const moved = new Map<string, string>();
  for (const { from, to } of moves) if (before.has(from) && after.has(to) && !before.has(to)) moved.set(to, from);
  const leaving = new Set(moved.values());
  const changes: RawChange[] = [];
  for (const [address, resource] of after) {
    const from = moved.get(address);
    const old = before.get(from ?? address);
    const left = old && bodyOf(old);
    const right = bodyOf(resource);
    if (left && from === undefined && JSON.stringify(left) === JSON.stringify(right)) continue;
    const paths = left ? createOnlyPaths(resource.type, left, right) : [];
    changes.push({
      address,
      type: resource.type,
      actions: left
        ? paths.length > 0
          ? ['delete', 'create']
          : JSON.stringify(left) === JSON.stringify(right)
            ? ['no-op']
            : ['update']
        : ['create'],
      actionReason: paths.length > 0 ? 'replace_because_cannot_update' : undefined,
      before: left ?? null,
      after: right,
      replacePaths: paths,
      previousAddress: from,
    });
  }
  for (const [address, resource] of before) {
    if (after.has(address) || leaving.has(address)) continue;
    changes.push({
      address,
      type: resource.type,
      actions: ['delete'],
      actionReason: 'delete_because_no_resource_config',
      before: bodyOf(resource),
      after: null,
      replacePaths: [],
    });
  }
  return changes;
}

/** `moved` blocks of a stack's JSON. */
export function movesOf(json: unknown): Move[] {
  const moved = isObject(json) && Array.isArray(json.moved) ? json.moved : [];
  return moved
    .filter(isObject)
    .flatMap(({ from, to }) => (typeof from === 'string' && typeof to === 'string' ? [{ from, to }] : []));
}

/** For each address, the addresses that it refers to. */
export function referencesOf(model: StackModel | undefined): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const resource of managedResources(model)) {
    const references = new Set<string>();
    for (const key of Object.keys(resource.attributes)) {
      if (key === '//') continue;
      if (key === 'depends_on') for (const address of resource.value(key).strings) references.add(address);
      else for (const address of resource.value(key).references) references.add(address);
    }
    references.delete(resource.address);
    found.set(resource.address, [...references]);
  }
  return found;
}

export function learnSynthSecrets(masker: Masker, model: StackModel): void {
  for (const resource of model.resources)
    learnSecrets(masker, withoutReferences(resource.attributes, 0), undefined, resource.type);
}

/** Expressions are no secrets, whatever the attribute's name is. */
function withoutReferences(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.startsWith('${') && value.endsWith('}') ? undefined : value;
  if (depth > 150) return undefined;
  if (Array.isArray(value)) return value.map((item) => withoutReferences(item, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, key === '//' ? undefined : withoutReferences(child, depth + 1)]),
  );
}
