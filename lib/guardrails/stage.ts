/** The strictness that names of environments commonly mean. */
const STRICTNESS: { readonly [name: string]: string } = {
  dev: 'dev',
  development: 'dev',
  test: 'dev',
  sandbox: 'dev',
  staging: 'staging',
  stage: 'staging',
  stg: 'staging',
  uat: 'staging',
  preprod: 'staging',
  qa: 'staging',
  prod: 'prod',
  production: 'prod',
  prd: 'prod',
  live: 'prod',
};

/** dev, staging or prod for the name of an environment; undefined for a name that says nothing. */
export function strictnessOfName(name: string, custom: { readonly [name: string]: string } = {}): string | undefined {
  const key = name.toLowerCase();
  return custom[key] ?? (Object.hasOwn(STRICTNESS, key) ? STRICTNESS[key] : undefined);
}

/** The part of a stack's name that names its environment, e.g. "prod" of "prod-foundation"; undefined where none does. */
export function environmentOfName(stackName: string): string | undefined {
  return stackName
    .toLowerCase()
    .split(/[-_.]/)
    .find((part) => strictnessOfName(part) !== undefined);
}

/** As much of a stack as tells its stage. */
export interface TaggedStack {
  readonly name: string;
  readonly resources: readonly { readonly attributes: { readonly [key: string]: unknown } }[];
}

/**
 * The strictness of a stack: from the tag `environment` most of its resources carry, else from its name
 * ("prod-foundation"), else prod, as the strictest is the safe guess.
 */
export function strictnessOfStack(stack: TaggedStack, custom: { readonly [name: string]: string } = {}): string {
  const counts = new Map<string, number>();
  for (const resource of stack.resources) {
    const tags = resource.attributes.tags;
    const tag = typeof tags === 'object' && tags !== null ? (tags as { environment?: unknown }).environment : undefined;
    if (typeof tag === 'string') counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const votes = new Map<string, number>();
  for (const [tag, count] of counts) {
    const strictness = strictnessOfName(tag, custom);
    if (strictness) votes.set(strictness, (votes.get(strictness) ?? 0) + count);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1));
  if (winner) return winner[0];
  const parts = stack.name.split(/[-_.]/);
  return parts.map((part) => strictnessOfName(part, custom)).find((strictness) => strictness !== undefined) ?? 'prod';
}
