import { isObject } from '../../guardrails/model/json';
import { compare } from '../model/order';
import type { Rename } from '../model/review';
import type { RawChange, StackInput } from '../plan/stack-input';

/** Attributes that differ between a thing and its twin for no reason of the user's. */
const IGNORED = new Set(['id', 'tags', 'lifecycle', 'depends_on', 'timeouts', 'etag']);

/** Deleted and created resources of a type that are the same thing under a new address: most likely renamed in code. */
export function findRenames(input: StackInput): Rename[] {
  const typeIf = (wanted: (change: RawChange) => boolean) => (change: RawChange) => (wanted(change) ? change.type : undefined);
  const created = groupBy(
    input.changes,
    typeIf((change) => isOnly(change, 'create') && change.importId === undefined),
  );
  const deleted = groupBy(
    input.changes,
    typeIf((change) => isOnly(change, 'delete') && change.deposed === undefined),
  );
  const renames: Rename[] = [];
  for (const [type, gone] of deleted) {
    const fresh = created.get(type) ?? [];
    if (fresh.length === 0) continue;
    const taken = new Set<RawChange>();
    const isFree = (one: RawChange) => !taken.has(one);
    const byName = groupBy(fresh, nameKey);
    const twins = new Twins(fresh);
    for (const old of gone) {
      const name = nameKey(old);
      const named = name === undefined ? undefined : byName.get(name)?.find(isFree);
      const twin = named ?? twins.of(old).find(isFree);
      const only = twin ?? (gone.length === 1 && fresh.length === 1 && similarity(old, fresh[0]) >= 0.8 ? fresh[0] : undefined);
      if (!only) continue;
      taken.add(only);
      renames.push(
        rename(input, old, only, named ? 'same name in Azure' : twin ? 'same attributes' : 'nearly the same attributes'),
      );
    }
  }
  return renames.sort((a, b) => compare(a.from, b.from));
}

/** Finds what is created with the attributes of what goes. Bodies are long: only those of one name, or of none, are held together. */
class Twins {
  private readonly byName: ReadonlyMap<string, readonly RawChange[]>;
  private readonly byBody = new Map<string, { readonly shapes: string[][]; readonly changes: Map<string, RawChange[]> }>();

  constructor(fresh: readonly RawChange[]) {
    this.byName = groupBy(fresh, plainName);
  }

  public of(old: RawChange): RawChange[] {
    return [...new Set([plainName(old), ''])].flatMap((name) => this.named(name, old));
  }

  private named(name: string, old: RawChange): RawChange[] {
    const fresh = this.byName.get(name);
    if (!fresh) return [];
    let bodies = this.byBody.get(name);
    if (!bodies) {
      const shapes = [...new Set(fresh.map((one) => statedKeys(one).join(' ')))].map((keys) => keys.split(' '));
      bodies = { shapes, changes: groupBy(fresh, (one) => bodyKey(one, statedKeys(one))) };
      this.byBody.set(name, bodies);
    }
    const { shapes, changes } = bodies;
    return shapes.flatMap((keys) => changes.get(bodyKey(old, keys) ?? '') ?? []);
  }
}

function plainName(change: RawChange): string {
  const { name } = bodyOf(change);
  return typeof name === 'string' ? name : '';
}

function rename(input: StackInput, old: RawChange, fresh: RawChange, why: string): Rename {
  return { stack: input.stack, from: old.address, to: fresh.address, why, code: movedCode(input, old.address, fresh.address) };
}

/** `moveFromId` is called on the new resource; the old construct need not exist any more. */
function movedCode(input: StackInput, from: string, to: string): string {
  const comment = input.headModel?.find(to)?.attributes['//'];
  const metadata = isObject(comment) && isObject(comment.metadata) ? comment.metadata : {};
  const path = typeof metadata.path === 'string' ? metadata.path.split('/').slice(1) : [];
  const move = `.moveFromId(${quoted(from)})`;
  if (path.length === 0) return `resource${move}; // resource: the one at ${to}`;
  return `(${path.reduce((scope, id) => `${scope}.node.findChild(${quoted(id)})`, 'stack')} as TerraformResource)${move};`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function isOnly(change: RawChange, action: string): boolean {
  return change.actions.length === 1 && change.actions[0] === action;
}

function groupBy(changes: readonly RawChange[], keyOf: (change: RawChange) => string | undefined): Map<string, RawChange[]> {
  const groups = new Map<string, RawChange[]>();
  for (const change of changes) {
    const key = keyOf(change);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return groups;
}

/** Name and parent: what makes an object in Azure or Kubernetes the same. */
function nameKey(change: RawChange): string | undefined {
  const body = bodyOf(change);
  const metadata = isObject(body.metadata)
    ? body.metadata
    : Array.isArray(body.metadata) && isObject(body.metadata[0])
      ? body.metadata[0]
      : {};
  const name = body.name ?? metadata.name;
  if (typeof name !== 'string' || name === '') return undefined;
  const parent = [
    body.resource_group_name,
    body.parent_id,
    body.virtual_network_name,
    body.namespace,
    metadata.namespace,
    body.scope,
  ].filter((part) => typeof part === 'string');
  return JSON.stringify([name, ...parent]);
}

/** What a thing's configuration states, in order; what the provider adds later is not in it. */
function statedKeys(change: RawChange): string[] {
  return Object.keys(bodyOf(change))
    .filter((key) => !IGNORED.has(key) && isConfigured(change, key))
    .sort();
}

/** The stated values; undefined where they say too little to tell two things apart. */
function bodyKey(change: RawChange, keys: readonly string[]): string | undefined {
  const body = bodyOf(change);
  const text = JSON.stringify(keys.map((key) => [key, body[key]]));
  return text.length < 24 ? undefined : text;
}

function similarity(old: RawChange, fresh: RawChange | undefined): number {
  if (!fresh) return 0;
  const [left, right] = [bodyOf(old), bodyOf(fresh)];
  const keys = Object.keys(right).filter((key) => !IGNORED.has(key) && right[key] !== null && right[key] !== undefined);
  if (keys.length < 3) return 0;
  return keys.filter((key) => JSON.stringify(left[key]) === JSON.stringify(right[key])).length / keys.length;
}

function isConfigured(change: RawChange, key: string): boolean {
  const value = bodyOf(change)[key];
  return value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function bodyOf(change: RawChange): Record<string, unknown> {
  const body = change.after ?? change.before;
  return isObject(body) ? body : {};
}
