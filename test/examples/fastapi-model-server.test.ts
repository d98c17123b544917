import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { KubernetesObject } from '../helpers/crd-schema';
import { objectsIn } from '../helpers/manifests';
import { type PodSpec, podSecurityProblems } from '../helpers/pod-security';

const EXAMPLE = resolve('examples/fastapi-model-server');
const SERVER = readFileSync(join(EXAMPLE, 'app/server.py'), 'utf8');

function written(): { objects: KubernetesObject[]; runbook: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'fastapi-model-server-'));
  const result = spawnSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), 'main.ts'], {
    cwd: EXAMPLE,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  const stack = JSON.parse(readFileSync(join(outdir, 'stacks/risk-prod/cdk.tf.json'), 'utf8'));
  expect(Object.keys(stack.resource)).toEqual(['helm_release']);
  return {
    objects: Object.values(stack.resource.helm_release).flatMap((release) => objectsIn(release as Record<string, unknown>)),
    runbook: readFileSync(join(outdir, 'runbooks/prod/risk-churn.md'), 'utf8'),
  };
}

test('the server of a team synthesizes from the contract file alone, in its own folder', () => {
  const { objects, runbook } = written();
  expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Deployment', 'Service', 'HorizontalPodAutoscaler']));
  const deployment = objects.find(({ kind }) => kind === 'Deployment') as unknown as { spec: { template: { spec: PodSpec } } };
  expect(podSecurityProblems(deployment.spec.template.spec, 'restricted')).toEqual([]);
  expect(runbook).toContain('# risk / churn');
});

test('the server answers on the paths that its pods are probed on, and counts under the names of the alerts', () => {
  for (const path of ['/healthz', '/readyz', '/metrics']) expect(SERVER).toContain(`@app.get("${path}")`);
  for (const metric of ['"http_requests"', '"http_request_duration_seconds"', '"prediction_value"'])
    expect(SERVER).toContain(metric);
});

test('the image runs as a user of its own, on the port of the pods', () => {
  const dockerfile = readFileSync(join(EXAMPLE, 'Dockerfile'), 'utf8');
  expect(dockerfile).toMatch(/^USER [1-9]\d*$/m);
  expect(dockerfile).toContain('EXPOSE 8080');
});
