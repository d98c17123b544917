import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Runs a program of a user as `cdktf synth` would, and gives the places of its resources by logical id. */
function places(environment: Record<string, string>): Record<string, unknown> {
  const outdir = mkdtempSync(join(tmpdir(), 'places-'));
  const run = spawnSync(
    process.execPath,
    [resolve('node_modules/tsx/dist/cli.mjs'), 'test/core/fixtures/placed-app.ts', outdir],
    {
      env: { ...process.env, CI: '', TF_BUILD: '', CDKTF_ML_LOCATIONS: '', ...environment },
      encoding: 'utf8',
    },
  );
  expect(run.stderr).toBe('');
  const json = JSON.parse(readFileSync(join(outdir, 'stacks/prod-data/cdk.tf.json'), 'utf8')) as {
    resource: Record<string, Record<string, { '//': { metadata: { stackTrace?: string[] } } }>>;
  };
  return Object.fromEntries(
    Object.values(json.resource).flatMap((named) =>
      Object.entries(named).map(([name, body]) => [name, body['//'].metadata.stackTrace]),
    ),
  );
}

describe('the line of the code that made a resource', () => {
  test.each(['CI', 'TF_BUILD', 'CDKTF_ML_LOCATIONS'])('is in its metadata where %s is set', (name) => {
    const found = places({ [name]: 'true' });
    expect(found.Direct).toEqual([expect.stringMatching(/^test\/core\/fixtures\/placed-app\.ts:16:\d+$/)]);
  });

  test('is that of the user, not of the library that makes the resource', () => {
    expect(places({ CI: 'true' }).Nested).toEqual([expect.stringMatching(/^test\/core\/fixtures\/placed-app\.ts:19:\d+$/)]);
  });

  test('is left out at a desk, as it costs time', () => {
    expect(places({})).toEqual({ Direct: undefined, Nested: undefined });
  });

  test('is left out where stackTraces is false', () => {
    expect(places({ CI: 'true', NO_TRACES: 'true' })).toEqual({ Direct: undefined, Nested: undefined });
  });
});
