import { readPath } from '../../guardrails/model/json';
import table from '../data/create-only.json';
import { isEmpty } from '../plan/attribute-diff';

const TYPES: { readonly [type: string]: readonly string[] } = table.types;
const EVERY: { readonly [prefix: string]: readonly string[] } = table.everyType;
const EXCEPT = new Set(table.everyTypeExcept);

/** Paths whose change would replace a resource, as far as the table knows. For reviews without a plan. */
export function createOnlyPaths(type: string, before: unknown, after: unknown): (string | number)[][] {
  return candidates(type)
    .filter((path) => {
      const [left, right] = [readPath(before, path), readPath(after, path)];
      return !(isEmpty(left) && isEmpty(right)) && JSON.stringify(left) !== JSON.stringify(right);
    })
    .map((path) => path.split('.'));
}

function candidates(type: string): string[] {
  const every = Object.entries(EVERY).flatMap(([prefix, paths]) => (type.startsWith(prefix) ? paths : []));
  const kubernetes = type.startsWith('kubernetes_') ? table.everyKubernetes : [];
  return [...every, ...kubernetes].filter((path) => !EXCEPT.has(`${type}.${path}`)).concat(TYPES[type] ?? []);
}
