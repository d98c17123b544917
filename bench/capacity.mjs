// `node bench/capacity.mjs`: how the capacity plan grows. Ten times the workloads on the same 50 pools may take at most 15 times as
// long, whether they fit or not (a refusal must not try every assignment). Writes bench/capacity-results.md.
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 9;
const MOST_GROWTH = 15;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const library = join(root, 'dist/lib/gpu/capacity-plan.js');
if (!existsSync(library)) throw new Error('build first: npm run build');
const { CapacityPlan } = createRequire(import.meta.url)(library);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const poolsOf = (maxCount) =>
  Array.from({ length: 50 }, (_, index) => ({
    name: `cpu${index}`,
    mode: 'User',
    vmSize: 'Standard_D16ds_v5',
    vcpus: 16,
    memoryGib: 64,
    architecture: 'amd64',
    minCount: 0,
    maxCount,
    spot: false,
    zones: [],
    labels: {},
    taints: [],
  }));

const workloadsOf = (count) =>
  Array.from({ length: count }, (_, index) => ({
    name: `team/Service${index}`,
    cpu: 0.5 + (index % 4) / 2,
    memoryGib: 1 + (index % 6),
    replicas: 1 + (index % 3),
  }));

function secondsFor(count, fits) {
  // 2 nodes of 16 vCPU a pool are far too few for a hundred workloads of this kind; `count` nodes are plenty.
  const input = { pools: poolsOf(fits ? count : Math.ceil(count / 500)), workloads: workloadsOf(count) };
  const times = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const started = process.cpuUsage();
    const plan = CapacityPlan.of(input);
    const { user, system } = process.cpuUsage(started);
    if (plan.fits !== fits) throw new Error(`${count} workloads were expected ${fits ? '' : 'not '}to fit`);
    if (run > 0) times.push((user + system) / 1e6);
  }
  return median(times);
}

const sizes = [1_000, 10_000];
const rows = sizes.map((count) => ({ count, fitting: secondsFor(count, true), refused: secondsFor(count, false) }));
const growth = { fitting: rows[1].fitting / rows[0].fitting, refused: rows[1].refused / rows[0].refused };

const text = `# Capacity plan

Node ${process.version}, median of ${RUNS} runs, 50 pools. \`npm run build && node bench/capacity.mjs\` writes this file.

| workloads | fits: CPU seconds | refused: CPU seconds |
|-:|-:|-:|
${rows.map(({ count, fitting, refused }) => `| ${count.toLocaleString('en')} | ${fitting.toFixed(3)} | ${refused.toFixed(3)} |`).join('\n')}

Ten times the workloads take ${growth.fitting.toFixed(1)} times as long where they fit and ${growth.refused.toFixed(1)} times where they do not; the goal is at most ${MOST_GROWTH}.
`;
writeFileSync(join(root, 'bench/capacity-results.md'), text);
process.stdout.write(text);
const misses = Object.entries(growth).filter(([, ratio]) => ratio > MOST_GROWTH);
if (misses.length > 0) {
  process.stderr.write(misses.map(([what, ratio]) => `${what}: ${ratio.toFixed(1)} times as long\n`).join(''));
  process.exitCode = 1;
}
