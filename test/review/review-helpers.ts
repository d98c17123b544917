import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GuardrailPack } from '../../lib/guardrails/guardrail-pack';
import { buildReview } from '../../lib/review/build-review';
import { main } from '../../lib/review/main';
import type { Review } from '../../lib/review/model/review';
import type { PlanArgument } from '../../lib/review/plan/load-inputs';
import { loadStacks } from '../../lib/review/plan/load-stacks';
import { DEFAULT_POLICY, type ReviewPolicy } from '../../lib/review/policy/review-policy';

const PLANS = join(__dirname, '../fixtures/plans');

export const golden = (name: string) => join(PLANS, 'golden', `${name}.json`);
export const azure = (name: string) => join(PLANS, 'azure', `${name}.json`);

export interface Given {
  readonly plans?: PlanArgument[];
  readonly base?: string;
  readonly head?: string;
  readonly policy?: ReviewPolicy;
  readonly titles?: string[];
  readonly infracost?: Map<string, number>;
  readonly allowPartial?: boolean;
  readonly unplanned?: string[];
}

/** A review of files. */
export function reviewOf(given: Given): Review {
  const { plans = [], base, head, allowPartial = false, unplanned } = given;
  const loaded = loadStacks({ plans, base, head, allowPartial, unplanned, maxMegabytes: 100, progress: () => undefined });
  return buildReview(loaded, {
    pack: GuardrailPack.BASELINE,
    policy: given.policy ?? DEFAULT_POLICY,
    today: '2026-11-21',
    titles: given.titles ?? [],
    infracost: given.infracost ?? new Map(),
  });
}

export function reviewOfGolden(name: string, stack = 'prod-foundation'): Review {
  return reviewOf({ plans: [{ stack, file: golden(name) }] });
}

export function reviewOfAzure(name: string, stack = 'prod-foundation'): Review {
  return reviewOf({ plans: [{ stack, file: azure(name) }] });
}

/** A plan with these changes, as Terraform writes one. */
export function planOf(changes: object[], rest: object = {}): Record<string, unknown> {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: changes,
    configuration: { root_module: {} },
    ...rest,
  };
}

/** One entry of `resource_changes`. */
export function change(
  address: string,
  actions: string[],
  before: unknown,
  after: unknown,
  rest: object = {},
  more: object = {},
): object {
  const [type, name] = address.replace(/\[.*$/, '').split('.').slice(-2);
  return {
    address,
    mode: 'managed',
    type,
    name,
    change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...rest },
    ...more,
  };
}

export function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

/** Runs the command as a shell does. */
export async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(
    args,
    (text) => {
      out += text;
    },
    (text) => {
      err += text;
    },
  );
  return { code, out, err };
}
