import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CapacityInput,
  CapacityPlan,
  type CapacityPool,
  CapacitySeverity,
  type CapacityWorkload,
  GpuRequest,
  MigProfile,
} from '../../lib/gpu';
import { A100_MIG_POOL, contractAttributes, contractPool, T4_SLICED_POOL } from '../helpers/contract';

function workload(overrides: Partial<CapacityWorkload> = {}): CapacityWorkload {
  return { name: 'risk-prod/Fraud', replicas: 1, cpu: 2, memoryGib: 4, ...overrides };
}

function plan(workloads: CapacityWorkload[], overrides: Partial<CapacityInput> = {}): CapacityPlan {
  return CapacityPlan.of({ pools: contractAttributes().nodePools, workloads, ...overrides });
}

const MIG_1G = GpuRequest.mig(MigProfile.of('1g.10gb'));
const MIG_3G = GpuRequest.mig(MigProfile.of('3g.40gb'));

describe('CapacityPlan', () => {
  test('places what fits and says what is left on each pool', () => {
    const made = plan([workload({ gpu: MIG_3G, replicas: 3 })]);
    expect(made.fits).toBe(true);
    expect(made.pools.find(({ pool }) => pool === 'a100')).toMatchObject({
      placed: [{ workload: 'risk-prod/Fraud', pods: 3 }],
      nodesUsed: 2,
      gpusAtMin: 0,
      gpusAtMax: 2,
      resourcesLeft: { 'nvidia.com/mig-3g.40gb': 1 },
    });
  });

  test('names the pools and the nearest requests when no pool offers the GPU', () => {
    const [message] = plan([workload({ gpu: MIG_1G })]).errors;
    expect(message).toBe(
      [
        'risk-prod/Fraud: no pool offers the GPU asked for, got MIG 1g.10gb',
        '  allowed: a100 (2 × NVIDIA A100 80GB PCIe: MIG 3g.40gb), t4 (4 × NVIDIA T4 16 GB: slices ×4)',
        '  fix: MigProfile 3g.40gb on a100, or GpuRequest.slice() on t4, or have the platform team add a pool with 1g.10gb',
      ].join('\n'),
    );
  });

  test('explains what is missing after a pool is gone', () => {
    const pools = contractAttributes().nodePools.filter(({ name }) => name !== 'a100');
    expect(plan([workload({ gpu: MIG_3G })], { pools }).errors[0]).toMatch(/no pool offers the GPU.*MIG 3g\.40gb.*t4/s);
  });

  test.each<[string, Partial<CapacityWorkload>, RegExp]>([
    ['spot not tolerated', { gpu: GpuRequest.slice() }, /t4 is spot, which it does not tolerate/],
    [
      'too many GPUs for a node',
      { gpu: GpuRequest.mig(MigProfile.of('3g.40gb'), 4) },
      /a100 has 2 × nvidia.com\/mig-3g.40gb a node/,
    ],
    ['more memory than a node has', { memoryGib: 64 }, /cpu has 2\d(\.\d)? GiB for pods on a node/],
    ['more cores than a node has', { cpu: 8 }, /cpu has 7\.\d+ cores for pods on a node/],
    ['another architecture', { architecture: 'arm64' }, /cpu is amd64/],
    ['a label that no node has', { nodeSelector: { zone: 'x' } }, /lacks the label zone=x/],
    [
      'a GPU model that no pool has',
      { gpu: GpuRequest.slice(1, { models: ['A10'] }), spot: true },
      /no pool offers the GPU.*A10/s,
    ],
    ['more GPU memory than any pool has', { gpu: GpuRequest.slice(1, { minMemoryGb: 40 }), spot: true }, /at least 40 GB/],
    ['a pool that shares otherwise', { gpu: GpuRequest.slice(1, { pools: ['a100'] }), spot: true }, /on pool a100/],
  ])('explains %s', (_, overrides, message) => {
    const made = plan([workload(overrides)]);
    expect(made.fits).toBe(false);
    expect(made.errors[0]).toMatch(message);
  });

  test('explains a taint that is not tolerated, and takes a toleration', () => {
    const pools = [contractPool({ taints: ['team=risk:NoSchedule'] })];
    expect(plan([workload()], { pools }).errors[0]).toMatch(/has the taint team=risk:NoSchedule.*tolerate/s);
    expect(plan([workload({ tolerations: ['team=risk:NoSchedule'] })], { pools }).fits).toBe(true);
  });

  test('keeps workloads without GPUs off GPU nodes', () => {
    expect(plan([workload()], { pools: [A100_MIG_POOL] }).errors[0]).toMatch(/has the taint nvidia.com\/gpu/);
  });

  test('says by how much a pool must grow when all nodes are full', () => {
    const [message] = plan([workload({ gpu: MIG_3G, replicas: 7 })]).errors;
    expect(message).toMatch(/3 of 7 pods without a node.*a100: 2 nodes × 2 such pods.*maxCount of a100 from 2 to 4/s);
  });

  test('lets queued work wait and says so, but refuses what could never start', () => {
    const busy = workload({ name: 'Busy', gpu: MIG_3G, replicas: 4 });
    const waiting = plan([busy, workload({ name: 'Train', gpu: MIG_3G, replicas: 2, waits: true })]);
    expect(waiting.fits).toBe(true);
    expect(waiting.notes[0]).toMatch(/Train: waits until others finish/);
    expect(plan([workload({ name: 'Train', gpu: MIG_3G, replicas: 5, waits: true })]).errors[0]).toMatch(/Train/);
  });

  test('notes growth that has no room', () => {
    const made = plan([workload({ gpu: MIG_3G, replicas: 1, maxReplicas: 9 })]);
    expect(made.fits).toBe(true);
    expect(made.notes[0]).toMatch(/cannot grow to its most replicas/);
  });

  test('holds tenants to their quota', () => {
    const { tenants } = contractAttributes();
    const over = plan([workload({ tenant: 'risk', gpu: MIG_3G, replicas: 3 })], { tenants });
    expect(over.errors[0]).toMatch(
      /tenant risk: quota of nvidia.com\/mig-3g.40gb is exceeded by risk-prod\/Fraud, got 3\n {2}allowed: 2/,
    );
    expect(plan([workload({ tenant: 'risk', cpu: 0.1, replicas: 2 })], { tenants }).fits).toBe(true);
    expect(plan([workload({ tenant: 'risk', gpu: GpuRequest.slice(), spot: true })], { tenants }).errors[0]).toMatch(
      /nvidia.com\/gpu.*allowed: 0/s,
    );
    expect(plan([workload({ tenant: 'fraud' })], { tenants }).errors[0]).toMatch(
      /tenant is not known, got "fraud"\n {2}allowed: risk/,
    );
  });

  test('totals vCPUs by quota family, spot in one bucket', () => {
    const made = plan([], { vcpuQuotas: { standardncadsa100v4family: 24, lowPriorityCores: 100 } });
    expect(made.vcpus).toEqual([
      { family: 'standardDADSv5Family', pools: ['cpu'], vcpusAtMin: 8, vcpusAtMax: 40 },
      { family: 'StandardNCADSA100v4Family', pools: ['a100'], vcpusAtMin: 0, vcpusAtMax: 48, quota: 24 },
      { family: 'lowPriorityCores', pools: ['t4'], vcpusAtMin: 0, vcpusAtMax: 64, quota: 100 },
    ]);
    expect(made.fits).toBe(true);
    expect(made.notes[0]).toMatch(/quota StandardNCADSA100v4Family: pools cannot grow to maxCount, got 48 vCPUs/);
  });

  test('refuses workloads that need more vCPUs than the subscription may use', () => {
    const made = plan([workload({ gpu: MIG_3G, replicas: 4 })], { vcpuQuotas: { StandardNCADSA100v4Family: 24 } });
    expect(made.errors[0]).toMatch(/too few vCPUs for what must run, got 48 vCPUs/);
  });

  test('prices pools by list at min and max, and names those without a price', () => {
    const made = plan([], { region: 'westeurope' });
    expect(made.pools.find(({ pool }) => pool === 't4')?.monthlyCostMax).toBeCloseTo(4 * 730 * 1.505, -3);
    expect(made.monthlyCostMin).toBeGreaterThan(0);
    expect(made.monthlyCostMax).toBeGreaterThan(made.monthlyCostMin);
    const unknown = plan([], { region: 'westeurope', pools: [contractPool({ vmSize: 'Standard_X1' })] });
    expect(unknown.poolsWithoutPrice).toEqual(['cpu']);
  });

  test.each<[Partial<CapacityWorkload>, RegExp]>([
    [{ replicas: -1 }, /replicas is not valid, got -1/],
    [{ replicas: 3, maxReplicas: 2 }, /maxReplicas is not valid/],
    [{ cpu: Number.NaN }, /cpu is not valid/],
    [{ memoryGib: -4 }, /memoryGib is not valid/],
  ])('refuses numbers that make no sense: %o', (overrides, message) => {
    expect(() => plan([workload(overrides)])).toThrow(message);
  });

  test('gives the same plan for the same input', () => {
    const many = Array.from({ length: 20 }, (_, index) => workload({ name: `w${index}`, cpu: (index % 5) + 0.5 }));
    expect(plan(many)).toEqual(plan(many));
  });
});

/** Cases small enough to try every assignment of pods to nodes. */
const POOLS: CapacityPool[] = [
  contractPool({ name: 'cpu', vcpus: 4, memoryGib: 16, maxCount: 2, minCount: 0 }),
  { ...A100_MIG_POOL, maxCount: 1 },
  { ...T4_SLICED_POOL, vcpus: 8, maxCount: 1 },
];
const OVERHEAD = { cpu: 0, memoryGib: 0 };
const smallWorkload = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  replicas: fc.integer({ min: 0, max: 3 }),
  cpu: fc.constantFrom(0.5, 1, 1.9, 2.5, 3.8, 7),
  memoryGib: fc.constantFrom(1, 4, 6, 12, 60),
  gpu: fc.constantFrom(undefined, undefined, MIG_3G, GpuRequest.slice()),
  spot: fc.boolean(),
});

/** Written apart from the planner: rooms by Azure's rules, then every assignment. */
function bruteForce(workloads: CapacityWorkload[]): boolean {
  const reserved = (vcpus: number) => (vcpus <= 4 ? 0.14 : 0.14 + 0.01 * (vcpus - 4));
  const nodes = POOLS.flatMap((pool) =>
    Array.from({ length: pool.maxCount }, () => ({
      pool,
      cpu: Math.round((pool.vcpus - reserved(pool.vcpus)) * 1000),
      mib: Math.floor(
        pool.memoryGib * 0.97 * 1024 - Math.min((2250 * 1e6) / 1024 ** 2, (pool.memoryGib * 0.97 * 1024) / 4) - 100,
      ),
      gpus: { ...pool.gpu?.resources } as Record<string, number>,
    })),
  );
  const pods = workloads.flatMap((item) => Array.from({ length: item.replicas }, () => item));
  const go = (index: number): boolean => {
    const pod = pods[index];
    if (!pod) return true;
    return nodes.some((node) => {
      if (node.pool.gpu ? !pod.gpu : pod.gpu) return false;
      if (node.pool.spot && !pod.spot) return false;
      const name = pod.gpu?.resourceName ?? '';
      if (pod.gpu && (node.gpus[name] ?? 0) < 1) return false;
      if (node.cpu < pod.cpu * 1000 || node.mib < pod.memoryGib * 1024) return false;
      node.cpu -= pod.cpu * 1000;
      node.mib -= pod.memoryGib * 1024;
      if (pod.gpu) node.gpus[name] = (node.gpus[name] ?? 0) - 1;
      const done = go(index + 1);
      node.cpu += pod.cpu * 1000;
      node.mib += pod.memoryGib * 1024;
      if (pod.gpu) node.gpus[name] = (node.gpus[name] ?? 0) + 1;
      return done;
    });
  };
  return go(0);
}

describe('CapacityPlan against every assignment of small cases', () => {
  test('says fits exactly when an assignment exists, and proves the rest', () => {
    let fitting = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(smallWorkload, { minLength: 1, maxLength: 3 }), (workloads) => {
        const made = CapacityPlan.of({ pools: POOLS, workloads, overhead: OVERHEAD });
        const possible = bruteForce(workloads);
        expect(made.fits).toBe(possible);
        expect(made.findings.some(({ severity }) => severity === CapacitySeverity.UNSURE)).toBe(false);
        if (possible) fitting += 1;
        else refused += 1;
      }),
      { numRuns: 2000, seed: 7 },
    );
    // A generator that makes only one kind of case would prove nothing.
    expect(Math.min(fitting, refused)).toBeGreaterThan(200);
  });

  test('says at 1,000 workloads over 50 pools what fits and what does not', () => {
    const pools = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0
        ? contractPool({ name: `cpu${index}`, maxCount: 20 })
        : { ...A100_MIG_POOL, name: `gpu${index}`, maxCount: 20, labels: {} },
    );
    const workloads = Array.from({ length: 1000 }, (_, index) =>
      workload({
        name: `w${index}`,
        cpu: 0.5 + (index % 4) / 2,
        memoryGib: 1 + (index % 6),
        replicas: 1 + (index % 3),
        ...(index % 5 === 0 ? { gpu: MIG_3G } : {}),
      }),
    );
    const full = pools.map((pool) => ({ ...pool, maxCount: 10 }));
    expect(CapacityPlan.of({ pools, workloads }).fits).toBe(true);
    expect(CapacityPlan.of({ pools: full, workloads }).fits).toBe(false);
  });
});
