import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { writtenApp } from '../helpers/app';

const EXAMPLE = resolve('examples/served-model');

test('the example synthesizes from the contract file alone, in its own folder', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'served-model-'));
  const result = spawnSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), 'main.ts'], {
    cwd: EXAMPLE,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  const stack = JSON.parse(readFileSync(join(outdir, 'stacks/risk-prod/cdk.tf.json'), 'utf8'));
  expect(Object.keys(stack.resource)).toEqual(['helm_release']);
  expect(Object.keys(stack.data)).toEqual(['azurerm_kubernetes_cluster']);
  const { objects } = JSON.parse(stack.resource.helm_release.Fraud.values[0]);
  expect(objects).toMatchObject([{ kind: 'InferenceService', metadata: { name: 'fraud', namespace: 'risk' } }]);
});

const WITH_CONTRACT = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'contracts')));

test.each(WITH_CONTRACT)('the contract of the example %s is the one that prod publishes today', (name) => {
  const published = readFileSync(join(writtenApp().outdir, 'contracts/prod.json'), 'utf8');
  // Differs? Copy cdktf.out/contracts/prod.json over it: app teams get the contract as a file.
  expect(readFileSync(join('examples', name, 'contracts/prod.json'), 'utf8')).toBe(published);
});

test('the README shows the ten lines of the example', () => {
  const lines = readFileSync(join(EXAMPLE, 'main.ts'), 'utf8');
  const service = /new InferenceService\([\s\S]*?\n\}\);/.exec(lines)?.[0] ?? 'missing';
  expect(service.split('\n').length).toBeLessThanOrEqual(10);
  expect(readFileSync('README.md', 'utf8')).toContain(service);
});
