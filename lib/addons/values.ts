import { Token } from 'cdktf';

/** Values of a chart: what YAML can hold. */
export interface Values {
  readonly [key: string]: unknown;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Token.isUnresolved(value);
}

/** As Helm merges: maps key by key, everything else as a whole; later wins. */
export function mergeValues(...layers: Values[]): Values {
  const merged: { [key: string]: unknown } = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const below = merged[key];
      merged[key] = isMap(below) && isMap(value) ? mergeValues(below, value) : value;
    }
  }
  return merged;
}

/** Paths that `user` sets to something else than `ours` insists on. */
export function overruled(user: Values, ours: Values, prefix = ''): string[] {
  return Object.entries(ours).flatMap(([key, value]) => {
    const given = user[key];
    const path = `${prefix}${key}`;
    if (given === undefined) return [];
    if (isMap(given) && isMap(value)) return overruled(given, value, `${path}.`);
    return JSON.stringify(given) === JSON.stringify(value) ? [] : [path];
  });
}

/** Values as text for Helm: JSON is YAML, and a line a key makes a readable diff. */
export function renderValues(values: Values): string {
  return JSON.stringify(escaped(values), null, 2);
}

/** Terraform reads `${` and `%{` in strings as its own: what is not a token of ours is meant for the chart. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(?!TfToken\[)/g, () => '$${').replaceAll('%{', () => '%%{');
  }
  if (Array.isArray(value)) return value.map(escaped);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escaped(child)]));
  return value;
}
