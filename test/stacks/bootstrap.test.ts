import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { buildApp } from '../../stacks/platform-app';

afterEach(() => {
  delete process.env.ML_PLATFORM_STATE;
});

test('the first deployment of the shared stack keeps its state locally, the others never do', () => {
  process.env.ML_PLATFORM_STATE = 'local';
  const outdir = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  buildApp(outdir).synth();
  const backendOf = (stack: string) =>
    (JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as { terraform: { backend: object } })
      .terraform.backend;
  expect(backendOf('shared')).toEqual({ local: { path: 'terraform.shared.tfstate' } });
  expect(Object.keys(backendOf('prod-foundation'))).toEqual(['azurerm']);
});
