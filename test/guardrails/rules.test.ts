import { describe, expect, test } from 'vitest';
import { subjectsOf } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import { companionOf } from '../../lib/guardrails/model/companion';
import { readPlan } from '../../lib/guardrails/model/plan-reader';
import type { StackModel } from '../../lib/guardrails/model/stack-model';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import type { IRule } from '../../lib/guardrails/rule';
import { ALL_RULES } from '../../lib/guardrails/rules';
import { VerdictKind } from '../../lib/guardrails/verdict';
import { asPlan } from './as-plan';
import type { RuleCases, Stack } from './cases/case';
import { CLUSTER_CASES } from './cases/cluster';
import { DATA_CASES } from './cases/data';
import { KUBERNETES_CASES } from './cases/kubernetes';
import { NETWORK_CASES } from './cases/network';
import { STATE_CASES } from './cases/state';
import { WORKSPACE_CASES } from './cases/workspace';

const CASES: Record<string, RuleCases> = {
  ...CLUSTER_CASES,
  ...WORKSPACE_CASES,
  ...DATA_CASES,
  ...NETWORK_CASES,
  ...KUBERNETES_CASES,
  ...STATE_CASES,
};

/** The worst of what a rule says about a stack. */
function judge(rule: IRule, one: Stack, read: (stack: Stack) => StackModel): string {
  const stack = read(one);
  asApp([stack, ...(one.beside ? [read(one.beside)] : [])]);
  stack._judgeAs(stack.strictness, one.allowed);
  const kinds = subjectsOf(rule, stack).flatMap((resource) => rule.check(resource).map((verdict) => verdict.kind));
  if (kinds.includes(VerdictKind.FAIL)) return 'fail';
  return kinds.includes(VerdictKind.UNKNOWN) ? 'unknown' : 'pass';
}

const fromSynth = (one: Stack) => readSynthesizedStack(one.stackName ?? 'prod-test', one.json);
const fromPlan = (one: Stack) => readPlan(one.stackName ?? 'prod-test', asPlan(one.json));

const besideSynth = (one: Stack) => readPlan(one.stackName ?? 'prod-test', asPlan(one.json), companionOf(fromSynth(one)));

describe.each(ALL_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const cases = CASES[id] ?? { pass: [], fail: [], unknown: [] };

  test('has a failing, two passing and an unknown case', () => {
    expect(cases.fail.length).toBeGreaterThanOrEqual(1);
    expect(cases.pass.length).toBeGreaterThanOrEqual(2);
    expect(cases.unknown.length).toBeGreaterThanOrEqual(1);
  });

  const all = (['pass', 'fail', 'unknown'] as const).flatMap((verdict) =>
    cases[verdict].map((one, index) => ({ verdict, index, one })),
  );
  test.each(all)('says $verdict to its case $index, in synthesized JSON', ({ verdict, one }) => {
    expect(judge(rule, one, fromSynth)).toBe(verdict);
  });

  test.each(all.filter(({ one }) => one.synthOnly))(
    'says $verdict to its case $index, in a plan beside its synthesized JSON',
    ({ verdict, one }) => {
      expect(judge(rule, one, besideSynth)).toBe(verdict);
    },
  );

  test.each(all.filter(({ one }) => !one.synthOnly))('says $verdict to its case $index, in a plan', ({ verdict, one }) => {
    expect(judge(rule, one, fromPlan)).toBe(verdict);
  });
});

test('the id of every rule is its own', () => {
  const ids = ALL_RULES.map((rule) => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every rule says what, why and how to fix in plain words', () => {
  for (const rule of ALL_RULES) {
    expect(rule.id).toMatch(/^MLP-[A-Z0-9]{3}-\d{3}$/);
    for (const text of [rule.title, rule.why, rule.fix]) expect(text.trim().length).toBeGreaterThan(15);
    expect(rule.title).not.toMatch(/\.$/);
  }
});
