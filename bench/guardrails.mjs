// `node bench/guardrails.mjs`: how long guardrails take. Two figures: 10,000 resources must be judged in under a second and in
// linear time, and guardrails may add at most 15 % to the synth of our own stacks. Writes bench/guardrails-results.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 9;
const MOST_SECONDS = 1;
const MOST_ADDED = 1.15;
/** Twice the resources may take this many times as long before it counts as worse than linear. */
const MOST_GROWTH = 2.5;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const library = join(root, 'dist/lib/guardrails');
if (!existsSync(join(root, 'dist/stacks/platform-app.js'))) throw new Error('build first: npm run build');

const { evaluate } = require(join(library, 'evaluation.js'));
const { readSynthesizedStack } = require(join(library, 'model/synth-reader.js'));
const { GuardrailPack } = require(library);
const { asApp } = require(join(library, 'model/app.js'));

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A stack that makes cross-resource rules work: each fifth resource points to the one before. */
function stackOf(resources) {
  const count = Math.floor(resources / 5);
  const named = (make) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, make(index)]));
  const tags = { owner: 'risk-ml', 'cost-center': 'CC-1', environment: 'prod', 'data-classification': 'internal' };
  return {
    resource: {
      azurerm_storage_account: named((i) => ({
        name: `st${i}`,
        location: 'westeurope',
        shared_access_key_enabled: i % 2 === 0,
        tags,
      })),
      azurerm_private_endpoint: named((i) => ({
        name: `pep${i}`,
        tags,
        private_service_connection: {
          private_connection_resource_id: `\${azurerm_storage_account.r${i}.id}`,
          subresource_names: ['blob'],
        },
        private_dns_zone_group: {
          private_dns_zone_ids: [
            '/subscriptions/x/resourceGroups/r/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net',
          ],
        },
      })),
      azurerm_monitor_diagnostic_setting: named((i) => ({
        name: 'audit',
        target_resource_id: `\${azurerm_storage_account.r${i}.id}`,
        enabled_log: [{ category: 'StorageRead' }],
      })),
      azurerm_role_assignment: named((i) => ({
        scope: `\${azurerm_storage_account.r${i}.id}`,
        role_definition_name: 'Storage Blob Data Reader',
        principal_type: 'ServicePrincipal',
      })),
      azurerm_subnet: named((i) => ({ name: `snet${i}`, virtual_network_name: 'vnet', default_outbound_access_enabled: false })),
    },
  };
}

function secondsFor(resources) {
  const json = stackOf(resources);
  const times = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const started = process.cpuUsage();
    const [stack] = asApp([readSynthesizedStack('prod-bench', json)]);
    evaluate(stack, GuardrailPack.REGULATED, { today: '2026-11-21' });
    const { user, system } = process.cpuUsage(started);
    if (run > 0) times.push((user + system) / 1e6);
  }
  return median(times);
}

/**
 * CPU seconds that our stacks take to build and synthesize, in a process of their own, and how many of them guardrails took.
 * Measured inside one run: two runs differ by more than guardrails cost.
 */
function synthSeconds() {
  const outdir = mkdtempSync(join(tmpdir(), 'guardrails-bench-'));
  const program = `
    const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
    const { Guardrails } = require(${JSON.stringify(library)});
    const { buildApp } = require(${JSON.stringify(join(root, 'dist/stacks/platform-app.js'))});
    let guardrails = 0;
    for (const [path, name] of [['evaluation.js', 'evaluate'], ['model/synth-reader.js', 'readSynthesizedStack']]) {
      const module = require(${JSON.stringify(library)} + '/' + path);
      const original = module[name];
      let depth = 0;
      module[name] = (...args) => {
        const started = cpu();
        depth += 1;
        try { return original(...args); } finally { depth -= 1; if (depth === 0) guardrails += cpu() - started; }
      };
    }
    const started = cpu();
    buildApp(${JSON.stringify(outdir)}).synth();
    console.log(JSON.stringify({ total: cpu() - started, guardrails }));`;
  const result = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
  rmSync(outdir, { recursive: true, force: true });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}

const sizes = [2_500, 5_000, 10_000, 20_000];
const judged = sizes.map(secondsFor);
const runs = Array.from({ length: RUNS }, synthSeconds);
const bare = median(runs.map(({ total, guardrails }) => total - guardrails));
const guardrails = median(runs.map((run) => run.guardrails));
const added = median(runs.map((run) => run.total / (run.total - run.guardrails)));
const growth = judged[3] / judged[2];

const lines = [
  '# Guardrails',
  '',
  `Node ${process.version}, median of ${RUNS} runs.`,
  '',
  '| resources | CPU seconds | resources a second |',
  '|-:|-:|-:|',
  ...sizes.map(
    (size, index) =>
      `| ${size.toLocaleString('en')} | ${judged[index].toFixed(3)} | ${Math.round(size / judged[index]).toLocaleString('en')} |`,
  ),
  '',
  `Twice the resources take ${growth.toFixed(2)} times as long.`,
  '',
  '| build and synth of our stacks | CPU seconds |',
  '|-|-:|',
  `| without guardrails | ${bare.toFixed(3)} |`,
  `| guardrails | ${guardrails.toFixed(3)} |`,
  `| ratio | ${added.toFixed(3)} |`,
  '',
];
writeFileSync(join(root, 'bench/guardrails-results.md'), lines.join('\n'));
process.stdout.write(`${lines.join('\n')}\n`);
const misses = [
  judged[2] > MOST_SECONDS ? `10,000 resources take ${judged[2].toFixed(2)} s, at most ${MOST_SECONDS} s are allowed` : '',
  growth > MOST_GROWTH ? `twice the resources take ${growth.toFixed(2)} times as long` : '',
  added > MOST_ADDED ? `guardrails multiply synth by ${added.toFixed(2)}, at most ${MOST_ADDED} is allowed` : '',
].filter(Boolean);
if (misses.length > 0) {
  process.stderr.write(`${misses.join('\n')}\n`);
  process.exitCode = 1;
}
