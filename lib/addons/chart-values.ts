import { Token } from 'cdktf';
import { nearest } from '../core/nearest';
import images from './data/chart-images.json';
import keys from './data/chart-values.json';
import type { Values } from './values';

/** Keys of a chart's values with the type of their default: "boolean", "number", "string", "list", "map", "any" or "optional". */
export interface KeyTree {
  readonly [key: string]: string | KeyTree;
}

const TREES = keys.charts as unknown as { readonly [chart: string]: KeyTree };
const IMAGES: { readonly [chart: string]: { readonly [path: string]: string } } = images.images;

/** Something in a user's values that the chart would not read as meant. */
export interface ValueProblem {
  readonly path: string;
  readonly got: string;
  readonly allowed: string;
}

/** Keys that the chart does not know, each with the nearest ones it does. */
export function unknownKeys(chart: string, values: Values): ValueProblem[] {
  const tree = TREES[chart];
  return tree ? unknownIn(tree, values, '') : [];
}

/** Values of another type than the chart's default has. */
export function wrongTypes(chart: string, values: Values): ValueProblem[] {
  const tree = TREES[chart];
  return tree ? wrongIn(tree, values, '') : [];
}

function unknownIn(tree: KeyTree, values: Values, prefix: string): ValueProblem[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const known = tree[key];
    if (known === undefined) {
      // An open map takes any key, and so does one whose keys the chart leaves to a subchart or to the user.
      if ('*' in tree || Object.keys(tree).length === 0) return [];
      return [{ path: `${prefix}${key}`, got: key, allowed: nearest(key, Object.keys(tree)).join(', ') }];
    }
    return typeof known === 'object' && isMap(value) ? unknownIn(known, value, `${prefix}${key}.`) : [];
  });
}

function wrongIn(tree: KeyTree, values: Values, prefix: string): ValueProblem[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const known = tree[key];
    const path = `${prefix}${key}`;
    if (known === undefined || value === null || value === undefined || Token.isUnresolved(value)) return [];
    if (typeof known === 'object') {
      return isMap(value) ? wrongIn(known, value, `${path}.`) : [{ path, got: typeOf(value), allowed: 'map' }];
    }
    return fits(known, value) ? [] : [{ path, got: `${typeOf(value)} ${JSON.stringify(value)}`, allowed: known }];
  });
}

function fits(type: string, value: unknown): boolean {
  const got = typeOf(value);
  if (type === 'any' || type === 'optional' || type === got) return true;
  // "25%" where 1 is the default; 5 where "" is.
  if (type === 'number') return got === 'string' && /^\d+(\.\d+)?%?$/.test(String(value));
  return type === 'string' && got === 'number';
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return isMap(value) ? 'map' : typeof value;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Token.isUnresolved(value);
}

/**
 * Values that make a chart pull through a registry: what it takes from quay.io/a/b then comes from <registry>/quay.io/a/b. Fits
 * cache rules of Azure Container Registry that keep the upstream host in the path.
 */
export function redirectedImages(chart: string, loginServer: string): Values {
  const redirected: { [key: string]: unknown } = {};
  for (const [path, upstream] of Object.entries(IMAGES[chart] ?? {}))
    setPath(redirected, path.split('.'), `${loginServer}/${upstream}`);
  return redirected;
}

function setPath(target: { [key: string]: unknown }, path: string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const child = (target[key] ?? {}) as { [key: string]: unknown };
  target[key] = child;
  setPath(child, rest, value);
}
