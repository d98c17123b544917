const REFERENCE = /\b(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*(?:\[[^\]]*\])?(?=\.|\b)/g;

/** Whether Terraform decides the text later: it holds an interpolation. */
export function isExpression(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.includes('${') && /(?:^|[^$])(?:\$\$)*\$\{/.test(raw);
}

/** Addresses that an expression reads, e.g. "azurerm_subnet.Nodes". */
export function addressesIn(expression: string): string[] {
  return isExpression(expression)
    ? [...new Set((expression.match(REFERENCE) ?? []).map((found) => found.replace(/\[.*$/, '')))]
    : [];
}

/**
 * Reads a dotted path. Blocks may be objects or lists of one; where an expression stands in the way, the expression is the
 * answer, and so is the `for_each` of a dynamic block.
 */
export function readPath(root: unknown, path: string): unknown {
  let current = root;
  const keys = keysOf(path);
  // By index: this is asked hundreds of thousands of times of a large plan, and iterating costs twice the look.
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    const parent: unknown = Array.isArray(current) ? current[0] : current;
    if (!isObject(parent)) return isExpression(parent) ? parent : undefined;
    current = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (isEmpty(current) && isDynamic(parent, key)) return `\${dynamic.${key}}`;
  }
  return current;
}

/** Whether blocks of this name are made by an expression. */
function isDynamic(parent: Record<string, unknown>, key: string): boolean {
  // Asked first, as hardly anything has such blocks.
  return Object.hasOwn(parent, 'dynamic') && isObject(parent.dynamic) && Object.hasOwn(parent.dynamic, key);
}

/** The paths that rules read are few, and read for every resource. */
const KEYS = new Map<string, readonly string[]>();
const MOST_KEYS = 5_000;

function keysOf(path: string): readonly string[] {
  const known = KEYS.get(path);
  if (known) return known;
  const keys = path.split('.');
  if (KEYS.size < MOST_KEYS) KEYS.set(path, keys);
  return keys;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Walks without recursion: hostile JSON may be nested deeper than the stack. */
export function deepSome(root: unknown, test: (leaf: unknown) => boolean): boolean {
  const open = [root];
  while (open.length > 0) {
    const current = open.pop();
    if (typeof current !== 'object' || current === null) {
      if (test(current)) return true;
    } else {
      for (const [key, child] of Object.entries(current)) if (key !== '//') open.push(child);
    }
  }
  return false;
}
