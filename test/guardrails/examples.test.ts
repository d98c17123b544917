import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { messageOf } from '../../lib/guardrails/finding';
import { asApp } from '../../lib/guardrails/model/app';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { check } from '../../lib/review/check-result';
import { readSynthOutput } from '../../lib/review/synth-output';
import { ourStacks } from './our-app';

const settings = { today: new Date().toISOString().slice(0, 10), strict: true };
const errors = (result: ReturnType<typeof check>) =>
  result.findings.filter((finding) => finding.status === 'open' && finding.level === 'error').map(messageOf);

describe('what we hand out', () => {
  const examples = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'main.ts')));

  // Where an app team keeps its state is theirs to say.
  const forExamples = GuardrailPack.BASELINE.without('MLP-STA-001');

  test.each(examples)('example %s keeps the baseline', (name) => {
    const outdir = mkdtempSync(join(tmpdir(), 'example-'));
    const run = spawnSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), 'main.ts'], {
      cwd: resolve('examples', name),
      env: { ...process.env, CDKTF_OUTDIR: outdir },
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(
      errors(
        check(
          readSynthOutput(outdir).stacks.map((stack) => stack.model),
          forExamples,
          settings,
        ),
      ),
    ).toEqual([]);
  });

  const stacks = asApp(Object.entries(ourStacks()).map(([name, json]) => readSynthesizedStack(name, json)));
  const result = check(stacks, GuardrailPack.BASELINE, settings);

  test('our stacks keep the baseline, with no acknowledgement that covers nothing', () => {
    expect(errors(result)).toEqual([]);
  });

  test('our stacks acknowledge little', () => {
    expect(result.findings.filter((finding) => finding.status === 'acknowledged').length).toBeLessThanOrEqual(8);
  });
});
