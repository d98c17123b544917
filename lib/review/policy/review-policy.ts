import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';

/** What a change can set off. */
export const TRIGGERS = [
  'any-change',
  'stateful-loss',
  'destroy',
  'replace',
  'forget',
  'disruption',
  'apply-fails',
  'access-broadened',
  'exposure-broadened',
  'guardrail-error',
  'guardrail-warning',
  'contract-break',
  'capacity-short',
  'drift',
  'cost',
  'unknown-action',
  'check-failed',
  'incomplete',
] as const;

export type Trigger = (typeof TRIGGERS)[number];

export interface EnvironmentPolicy {
  readonly approve: readonly Trigger[];
  readonly block: readonly Trigger[];
  /** Monthly USD at most nodes above which "cost" is set off. */
  readonly costAbove: number;
}

/** One thing let through, by address and with a reason: never all at once. */
export interface Allowance {
  readonly stack: string;
  readonly address: string;
  readonly reason: string;
  readonly until?: string;
}

export interface ReviewPolicy {
  readonly environments: { readonly [name: string]: EnvironmentPolicy };
  /** For environments that are not listed. */
  readonly otherwise: EnvironmentPolicy;
  readonly allow: readonly Allowance[];
}

const STRICT: EnvironmentPolicy = {
  approve: [
    'destroy',
    'replace',
    'forget',
    'disruption',
    'access-broadened',
    'exposure-broadened',
    'guardrail-warning',
    'contract-break',
    'capacity-short',
    'cost',
    'drift',
    'check-failed',
  ],
  block: ['stateful-loss', 'apply-fails', 'guardrail-error', 'unknown-action', 'incomplete'],
  costAbove: 1000,
};

/** Without a policy file: prod blocks what cannot be undone, dev asks only where data goes or the apply would fail. */
export const DEFAULT_POLICY: ReviewPolicy = {
  environments: {
    dev: {
      approve: ['stateful-loss', 'apply-fails', 'guardrail-error', 'unknown-action', 'incomplete'],
      block: [],
      costAbove: 1000,
    },
  },
  otherwise: STRICT,
  allow: [],
};

/**
 * Reads review.yaml.
 * @throws InputError with every problem of the file
 */
export function readReviewPolicy(path: string): ReviewPolicy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError(path, { what: 'file cannot be read', fix: 'check the path and its permissions' });
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    throw new InputError(path, {
      what: 'file is no YAML',
      got: `${error.code} in line ${line ?? 1}`,
      fix: 'mend the line; docs/review.md shows a policy',
    });
  }
  const root: unknown = document.toJS({ maxAliasCount: 10 });
  const problems: string[] = [];
  const policy = policyOf(root, problems);
  if (problems.length > 0) {
    throw new InputError(path, {
      what: `policy is not valid: ${problems.join('; ')}`,
      allowed: `triggers ${TRIGGERS.join(', ')}`,
      fix: 'docs/review.md shows a policy',
    });
  }
  return policy;
}

function policyOf(root: unknown, problems: string[]): ReviewPolicy {
  if (!isObject(root)) {
    problems.push('its top is no mapping');
    return DEFAULT_POLICY;
  }
  onlyKeys(root, ['version', 'default', 'environments', 'allow'], 'top', problems);
  if (root.version !== 1) problems.push(`version is ${JSON.stringify(root.version) ?? 'missing'}, allowed 1`);
  const otherwise =
    root.default === undefined
      ? DEFAULT_POLICY.otherwise
      : environmentPolicy(root.default, 'default', DEFAULT_POLICY.otherwise, problems);
  const stated = root.environments ?? {};
  if (!isObject(stated)) problems.push('environments is no mapping');
  const environments = Object.fromEntries(
    Object.entries(isObject(stated) ? stated : {}).map(([name, value]) => [
      name,
      environmentPolicy(value, `environments.${name}`, DEFAULT_POLICY.environments[name] ?? otherwise, problems),
    ]),
  );
  return {
    environments: { ...DEFAULT_POLICY.environments, ...environments },
    otherwise,
    allow: allowances(root.allow, problems),
  };
}

function environmentPolicy(value: unknown, at: string, fallback: EnvironmentPolicy, problems: string[]): EnvironmentPolicy {
  if (!isObject(value)) {
    problems.push(`${at} is no mapping`);
    return fallback;
  }
  onlyKeys(value, ['approve', 'block', 'costAbove'], at, problems);
  const triggers = (key: 'approve' | 'block') => {
    const list = value[key];
    if (list === undefined) return fallback[key];
    if (!Array.isArray(list)) {
      problems.push(`${at}.${key} is no list`);
      return [];
    }
    return list.flatMap((item: unknown) => {
      const trigger = TRIGGERS.find((one) => one === item);
      if (!trigger) problems.push(`${at}.${key} has ${JSON.stringify(item)}, which is no trigger`);
      return trigger ? [trigger] : [];
    });
  };
  const cost = value.costAbove ?? fallback.costAbove;
  if (typeof cost !== 'number' || cost < 0) problems.push(`${at}.costAbove is no amount`);
  return { approve: triggers('approve'), block: triggers('block'), costAbove: typeof cost === 'number' ? cost : 0 };
}

function allowances(value: unknown, problems: string[]): Allowance[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push('allow is no list');
    return [];
  }
  return value.flatMap((entry: unknown, index) => {
    const at = `allow[${index}]`;
    if (!isObject(entry)) {
      problems.push(`${at} is no mapping`);
      return [];
    }
    onlyKeys(entry, ['stack', 'address', 'reason', 'until'], at, problems);
    const { stack, address, reason, until } = entry;
    if (typeof stack !== 'string' || typeof address !== 'string' || typeof reason !== 'string' || reason.trim() === '') {
      problems.push(`${at} needs stack, address and reason`);
      return [];
    }
    if (/[*?]/.test(address)) problems.push(`${at}.address is a pattern: one address at a time`);
    if (until !== undefined && (typeof until !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(until)))
      problems.push(`${at}.until is no date as 2026-11-30 in quotes`);
    return [{ stack, address, reason, ...(typeof until === 'string' ? { until } : {}) }];
  });
}

function onlyKeys(value: Record<string, unknown>, allowed: string[], at: string, problems: string[]): void {
  for (const key of Object.keys(value))
    if (!allowed.includes(key)) problems.push(`${at} has "${key}", allowed ${allowed.join(', ')}`);
}
