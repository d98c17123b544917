import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { evaluate } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import { companionOf } from '../../lib/guardrails/model/companion';
import { readPlan } from '../../lib/guardrails/model/plan-reader';
import type { StackModel } from '../../lib/guardrails/model/stack-model';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { ALL_RULES } from '../../lib/guardrails/rules';
import { check } from '../../lib/review/check-result';
import { renderCheck } from '../../lib/review/commands/check-command';
import { CHECK_FORMATS } from '../../lib/review/commands/check-options';
import { renderHtml } from '../../lib/review/report/html';
import { renderMarkdown } from '../../lib/review/report/markdown';
import { buildReport, type Report } from '../../lib/review/report/report';
import { asPlan } from './as-plan';

const FOLDER = join(__dirname, 'corpus');
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.tf.json'))
  .map((file) => file.replace('.tf.json', ''));
const pack = GuardrailPack.of(
  'corpus',
  ALL_RULES.filter((rule) => rule.id !== 'MLP-CMK-001'),
);
const load = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.tf.json`), 'utf8'));
const synthesized = (name: string) => readSynthesizedStack(name, load(name));
const findings = (stack: StackModel) => {
  asApp([stack]);
  return evaluate(stack, pack, { today: '2026-11-21' }).findings.map(
    (finding) => `${finding.address} ${finding.id}${finding.status === 'open' ? '' : ` ${finding.status}`}`,
  );
};

/** What a person expects of a file, from reading it: "address finding: reason", a line each. */
const expectations = (name: string) =>
  readFileSync(join(FOLDER, `${name}.expected.txt`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(/: (.*)/s).slice(0, 2) as [finding: string, reason?: string]);

/** Rules that ask for the backend or lifecycle, which a plan does not hold. */
const SYNTH_ONLY = /MLP-STA-001|MLP-STA-002|MLP-NET-004\[zone\]|MLP-STA-005\[provisioner\]|^variable\./;

describe('the corpus', () => {
  test.each(names.filter((name) => name.includes('insecure')))(
    '%s has the findings written down beside it, no more and no fewer',
    (name) => {
      expect(findings(synthesized(name)).sort()).toEqual(
        expectations(name)
          .map(([finding]) => finding)
          .sort(),
      );
    },
  );

  test.each(names.filter((name) => name.includes('insecure')))('%s says why each finding is expected', (name) => {
    expect(expectations(name).filter(([, reason]) => !reason)).toEqual([]);
  });

  test('the secure platform has none', () => {
    expect(findings(synthesized('prod-secure'))).toEqual([]);
  });

  test.each(names.filter((name) => name.includes('insecure')))('%s is judged alike from its plan', (name) => {
    const fromPlan = findings(readPlan(name, asPlan(load(name)))).filter((id) => !SYNTH_ONLY.test(id));
    expect(fromPlan.sort()).toEqual(
      findings(synthesized(name))
        .filter((id) => !SYNTH_ONLY.test(id))
        .sort(),
    );
  });

  test.each(names)('%s is judged alike from its plan beside its synthesized JSON, without exception', (name) => {
    const fromPlan = readPlan(name, asPlan(load(name)), companionOf(synthesized(name)));
    expect(findings(fromPlan).sort()).toEqual(findings(synthesized(name)).sort());
  });

  test('every rule finds something in it', () => {
    const found = new Set(names.flatMap((name) => findings(synthesized(name)).map((id) => /MLP-\w+-\d+/.exec(id)?.[0])));
    expect(pack.rules.map((rule) => rule.id).filter((id) => !found.has(id))).toEqual([]);
  });

  test.each(CHECK_FORMATS)('no secret of it shows in format %s', (format) => {
    const stacks = asApp(names.map(synthesized));
    const text = renderCheck(check(stacks, pack, { today: '2026-11-21', strict: false }), format);
    expect(text.length).toBeGreaterThan(1000);
    expect(text).not.toContain('planted-');
  });

  test.each([
    ['HTML', renderHtml],
    ['markdown', renderMarkdown],
    ['JSON', (report: Report) => JSON.stringify(report)],
  ])('no secret of it shows in the %s report', (_, render) => {
    const stacks = asApp(names.map(synthesized)).map((model) => ({ model, dependencies: [] }));
    const text = render(buildReport({ stacks, contracts: [] }, pack, '2026-11-21'));
    expect(text).toContain('MLP-KVT-004');
    expect(text).not.toContain('planted-');
  });
});
