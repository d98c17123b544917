/**
 * The part of JSON Schema that our contract's schema uses. The library has no runtime dependencies, so it checks a contract by
 * itself; a test holds it against a full validator.
 */
export interface Schema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
}

/** What does not fit, a line each: `nodePools[2].vmSize: is missing`. Unknown fields pass: a later minor version may add some. */
export function schemaProblems(schema: Schema, value: unknown, at = ''): string[] {
  const here = at === '' ? 'the contract' : at;
  if (schema.type !== undefined && typeOf(value) !== schema.type) return [`${here}: is ${typeOf(value)}, wants ${schema.type}`];
  const problems: string[] = [];
  if (typeof value === 'string') {
    if (schema.enum && !schema.enum.includes(value))
      problems.push(`${here}: is "${value}", wants one of ${schema.enum.join(', ')}`);
    if (schema.pattern && !new RegExp(schema.pattern).test(value))
      problems.push(`${here}: is "${value}", wants ${schema.pattern}`);
  } else if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      problems.push(`${here}: is ${value}, wants at least ${schema.minimum}`);
  } else if (Array.isArray(value)) {
    const { items } = schema;
    if (items) problems.push(...value.flatMap((item, index) => schemaProblems(items, item, `${at}[${index}]`)));
  } else if (isRecord(value)) {
    const below = (key: string) => (at === '' ? key : `${at}.${key}`);
    problems.push(...(schema.required ?? []).filter((key) => !(key in value)).map((key) => `${below(key)}: is missing`));
    for (const [key, child] of Object.entries(value)) {
      const childSchema = schema.properties?.[key] ?? schema.additionalProperties;
      if (childSchema) problems.push(...schemaProblems(childSchema, child, below(key)));
    }
  }
  return problems;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
