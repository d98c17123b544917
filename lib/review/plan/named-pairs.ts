import { isObject } from '../../guardrails/model/json';

const IDENTITIES = ['name', 'key', 'display_name', 'id'];

/**
 * Items of two lists that bear the same name, as places in both and the name; -1 where one of them has none. Undefined where items
 * have no names that tell them apart.
 */
export function namedPairs(left: unknown[], right: unknown[]): [number, number, string][] | undefined {
  const [leftIdentity, rightIdentity] = [identityOf(left), identityOf(right)];
  const isShared = leftIdentity === rightIdentity || left.length === 0 || right.length === 0;
  const identity = isShared ? (leftIdentity ?? rightIdentity) : undefined;
  return identity === undefined ? undefined : paired(left, right, identity);
}

/** The member that names each item of a list. */
function identityOf(items: unknown[]): string | undefined {
  if (!isObject(items[0])) return undefined;
  return IDENTITIES.find((identity) => isIdentity(items, identity));
}

function isIdentity(items: unknown[], identity: string): boolean {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (!isObject(item)) return false;
    const name = item[identity];
    if (typeof name !== 'string' || name === '') return false;
  }
  return items.length === 1 || new Set(items.map((item) => (item as Record<string, unknown>)[identity])).size === items.length;
}

function paired(left: unknown[], right: unknown[], identity: string): [number, number, string][] {
  const nameOf = (item: unknown) => (isObject(item) ? String(item[identity]) : '');
  const byName = new Map(right.map((item, index) => [nameOf(item), index]));
  const seen = new Set<string>();
  const pairs = left.map((item, index): [number, number, string] => {
    seen.add(nameOf(item));
    return [index, byName.get(nameOf(item)) ?? -1, nameOf(item)];
  });
  right.forEach((item, index) => {
    if (!seen.has(nameOf(item))) pairs.push([-1, index, nameOf(item)]);
  });
  return pairs;
}
