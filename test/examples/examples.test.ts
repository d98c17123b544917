import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemaProblems } from '../helpers/provider-schema';
import type { TerraformJson } from '../helpers/synth';

const TSX = resolve('node_modules/tsx/dist/cli.mjs');
const EXAMPLES = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'cdktf.json')));

function run(args: string[], cwd: string, env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [TSX, ...args], { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
}

/** Runs the app that an example's cdktf.json names, in its own folder. */
function synthesizedExample(name: string): string {
  const folder = resolve('examples', name);
  const { app } = JSON.parse(readFileSync(join(folder, 'cdktf.json'), 'utf8')) as { app: string };
  const outdir = mkdtempSync(join(tmpdir(), `${name}-`));
  const result = run([app.replace('npx tsx ', '')], folder, { CDKTF_OUTDIR: outdir });
  expect(result.stderr).toBe('');
  return outdir;
}

describe.each(EXAMPLES)('the example %s', (name) => {
  test('synthesizes, fits the real providers, and passes the guardrails', () => {
    const outdir = synthesizedExample(name);
    for (const stack of readdirSync(join(outdir, 'stacks'))) {
      const json = JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as TerraformJson;
      expect(schemaProblems(json)).toEqual([]);
    }
    const check = run(['lib/review/main.ts', 'check', outdir], resolve('.'));
    expect(`${check.status}\n${check.stdout}`).toMatch(/^0\n/);
  });

  test('says in its README what it shows', () => {
    expect(readFileSync(join('examples', name, 'README.md'), 'utf8')).toMatch(new RegExp(`^# ${name}\n\n\\w`));
  });
});
