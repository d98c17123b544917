import { TerraformStack } from 'cdktf';
import { evaluate } from '../evaluation';
import { messageOf } from '../finding';
import { GuardrailPack } from '../guardrail-pack';
import { asApp } from '../model/app';
import { isObject } from '../model/json';
import { readSynthesizedStack } from '../model/synth-reader';

export interface MatcherOptions {
  /** @default GuardrailPack.BASELINE */
  readonly pack?: GuardrailPack;
  /** ISO date that acknowledgements are held against. @default - today */
  readonly today?: string;
}

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** For the type declaration of your test runner; see the README of guardrails. */
export interface GuardrailMatchers<R = unknown> {
  /** Passes when no rule of the pack finds an error that nobody acknowledged. Takes a stack, or Terraform JSON as text or object. */
  toPassGuardrails(options?: MatcherOptions): R;
}

/**
 * Matchers for vitest and jest:
 *
 * ```ts
 * import { guardrailMatchers } from 'cdktf-ml-platform/guardrails/testing';
 * expect.extend(guardrailMatchers);
 *
 * expect(stack).toPassGuardrails();
 * ```
 */
export const guardrailMatchers = {
  toPassGuardrails(received: unknown, options: MatcherOptions = {}): MatcherResult {
    const { name, json } = stackOf(received);
    const [model] = asApp([readSynthesizedStack(name, json)]);
    const today = options.today ?? new Date().toISOString().slice(0, 10);
    const findings = model ? evaluate(model, options.pack ?? GuardrailPack.BASELINE, { today }).findings : [];
    const errors = findings.filter((finding) => finding.status === 'open' && finding.level === 'error');
    return {
      pass: errors.length === 0,
      message: () =>
        errors.length === 0
          ? `expected ${name} to break a guardrail, it breaks none`
          : [`expected ${name} to pass the guardrails, ${errors.length} found:`, ...errors.map(messageOf)].join('\n\n'),
    };
  },
};

function stackOf(received: unknown): { name: string; json: unknown } {
  if (TerraformStack.isStack(received)) return { name: received.node.id, json: received.toTerraform() };
  const json: unknown = typeof received === 'string' ? JSON.parse(received) : received;
  if (!isObject(json)) throw new TypeError('toPassGuardrails takes a TerraformStack, or Terraform JSON as text or object');
  const comment = isObject(json['//']) ? json['//'] : {};
  const metadata = isObject(comment.metadata) ? comment.metadata : {};
  return { name: typeof metadata.stackName === 'string' ? metadata.stackName : 'stack', json };
}
