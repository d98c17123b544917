import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prod } from '../../stacks/environments/prod';
import { buildApp } from '../../stacks/platform-app';
import { writtenApp } from '../helpers/app';

function prodWithout(pool: string) {
  const { [pool]: _, ...gpuPools } = prod.platform.gpuPools;
  return { ...prod, platform: { ...prod.platform, gpuPools } };
}

/** Also without the quotas that promise its GPUs to tenants, so that the workloads are what does not fit. */
function unpromised(environment: typeof prod, resource: RegExp) {
  const tenants = environment.platform.tenants.map(({ quota, ...tenant }) => {
    const gpus = Object.fromEntries(Object.entries(quota.gpus ?? {}).filter(([name]) => !resource.test(name)));
    return { ...tenant, quota: { ...quota, gpus } };
  });
  return { ...environment, platform: { ...environment.platform, tenants } };
}

function synthOf(environment: typeof prod): () => void {
  return () => buildApp(mkdtempSync(join(tmpdir(), 'capacity-')), [environment]).synth();
}

test('without its A100 pool prod does not synthesize: quotas promise GPUs that no pool has', () => {
  expect(synthOf(prodWithout('a100'))).toThrow(/prod-workloads\/risk: quota of tenant risk.*nvidia\.com\/mig-/s);
});

test('nor when the quotas are gone too: the message names the workload, what it asks for, and what the pools offer', () => {
  const without = unpromised(prodWithout('a100'), /mig-/);
  expect(synthOf(without)).toThrow(/prod-workloads\/Risk\/Embedding: .*MIG 3g\.40gb.*h100 .*have the platform team add a pool/s);
});

test('without its H100 pool prod does not synthesize either', () => {
  const without = unpromised(prodWithout('h100'), /^nvidia\.com\/gpu$/);
  expect(synthOf(without)).toThrow(/prod-workloads\/Search\/Answers: .*H100/s);
});

test.each(['dev', 'staging', 'prod'])('everything that must run at once in %s has a node', (stage) => {
  const plan = JSON.parse(readFileSync(join(writtenApp().outdir, 'capacity', `${stage}.json`), 'utf8')) as {
    pools: { placed: { workload: string }[] }[];
    findings: { severity: string }[];
  };
  expect(plan.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  const placed = plan.pools.flatMap((pool) => pool.placed.map(({ workload }) => workload));
  expect(placed).toContain(`${stage}-workloads/Risk/Fraud`);
  expect(placed).toContain(`${stage}-workloads/Search/Ranker`);
});
