import type { ChangeAction, ChangeClass, Severity } from './review';

export const ACTIONS: readonly ChangeAction[] = [
  'destroy',
  'replace',
  'forget',
  'unknown',
  'disrupt',
  'update',
  'create',
  'import',
  'move',
];
export const CLASSES: readonly ChangeClass[] = ['stateful-loss', 'loss', 'disruption', 'security', 'change', 'noise'];
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

const ROAD = ['dev', 'staging', 'prod'];

/** Environments in the order of the road to production; others first, by name. */
export function byEnvironment(a: string, b: string): number {
  return a === b ? 0 : ROAD.indexOf(a) - ROAD.indexOf(b) || compare(a, b);
}

/** Plain order of code units, the same on every machine. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function rank<T>(list: readonly T[], item: T): number {
  const index = list.indexOf(item);
  return index < 0 ? list.length : index;
}

/** The first of many, in order, without sorting the rest. */
export function first<T>(items: Iterable<T>, most: number, order: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  for (const item of items) {
    const last = kept[most - 1];
    if (last !== undefined && order(item, last) >= 0) continue;
    if (last !== undefined) kept.pop();
    let at = kept.length;
    while (at > 0 && order(item, kept[at - 1] as T) < 0) at -= 1;
    kept.splice(at, 0, item);
  }
  return kept;
}

/** A short list in its order, in place: sorting by the library makes a copy of each, of which a large review has tens of thousands. */
export function inOrder<T>(items: T[], order: (a: T, b: T) => number): T[] {
  if (items.length > SHORT) return items.sort(order);
  for (let next = 1; next < items.length; next += 1) {
    const item = items[next] as T;
    let at = next;
    for (; at > 0 && order(item, items[at - 1] as T) < 0; at -= 1) items[at] = items[at - 1] as T;
    items[at] = item;
  }
  return items;
}

const SHORT = 24;
