import { readPath } from '../../guardrails/model/json';
import table from '../data/create-only.json';
import { isEmpty } from '../plan/attribute-diff';

const TYPES: { readonly [type: string]: readonly string[] } = table.types;
const CONDITIONS: { readonly [type: string]: readonly { readonly path: string; readonly when: string }[] } = table.conditions;
/** Of azurerm types that the table does not have. */
const OTHERS: readonly string[] = table.everyOtherType;

/** Paths whose change would replace a resource, as the provider says it. For reviews without a plan. */
export function createOnlyPaths(type: string, before: unknown, after: unknown): (string | number)[][] {
  const stated = TYPES[type] ?? (type.startsWith('azurerm_') ? OTHERS : []);
  const paths = stated.filter((path) =>
    path.endsWith('[]') ? comesOrGoes(path.slice(0, -2), before, after) : changes(path, before, after),
  );
  const conditional = (CONDITIONS[type] ?? []).filter(
    ({ path, when }) => changes(path, before, after) && holds(when, readPath(before, path), readPath(after, path)),
  );
  const found = new Set([...paths.map((path) => path.replace('[]', '')), ...conditional.map(({ path }) => path)]);
  return [...found].map((path) => path.split('.'));
}

function changes(path: string, before: unknown, after: unknown): boolean {
  const [left, right] = [readPath(before, path), readPath(after, path)];
  return !(isEmpty(left) && isEmpty(right)) && JSON.stringify(left) !== JSON.stringify(right);
}

/** A block is added or taken away; what stands in it has its own entries. */
function comesOrGoes(path: string, before: unknown, after: unknown): boolean {
  const count = (side: unknown) => {
    const value = readPath(side, path);
    return Array.isArray(value) ? value.length : isEmpty(value) ? 0 : 1;
  };
  return count(before) !== count(after);
}

/** Conditions on which a provider replaces: by what stood there and what comes. */
function holds(when: string, before: unknown, after: unknown): boolean {
  const [kind, wanted = ''] = when.split(':');
  const isWanted = String(after).toLowerCase() === wanted.toLowerCase();
  switch (kind) {
    case 'was-set':
      return !isEmpty(before);
    case 'was-empty':
      return isEmpty(before);
    case 'removed':
      return !isEmpty(before) && (isEmpty(after) || after === 0);
    case 'off':
      return before === true && after !== true;
    case 'lower':
      return Number(after) < Number(before);
    case 'zones':
      return isZonal(before) !== isZonal(after);
    case 'no-upgrade': {
      const order = wanted.toLowerCase().split(',');
      const [from, to] = [before, after].map((one) => order.indexOf(String(one).toLowerCase()));
      return from === -1 || to === -1 || Number(to) <= Number(from);
    }
    case 'to':
      return isWanted;
    case 'not-to':
      return !isWanted;
    default:
      throw new Error(`create-only.json has a condition that is not known: ${when}`);
  }
}

/** Replication of a storage account across zones. */
function isZonal(replication: unknown): boolean {
  return /zrs$/i.test(String(replication));
}
