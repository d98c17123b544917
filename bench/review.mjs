// `node bench/review.mjs`: a review of 10,000 planned changes with all formats, start-up of the command, and, where TF_SUMMARIZE
// names the program, tf-summarize on the same plan in the same run. Writes bench/review-results.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../scripts/run.mjs';

const RUNS = Number(process.env.RUNS ?? 5);
const work = mkdtempSync(join(tmpdir(), 'ml-platform-review-'));
const command = join(root, 'dist/bin/ml-platform.js');
const bundled = run(process.execPath, ['scripts/bundle.mjs'], { quiet: true });
if (bundled.code !== 0 || !existsSync(command)) throw new Error(`the command cannot be bundled:\n${bundled.output}`);

const TYPES = [
  'azurerm_subnet',
  'azurerm_storage_account',
  'azurerm_kubernetes_cluster_node_pool',
  'azurerm_role_assignment',
  'azurerm_private_endpoint',
  'azurerm_network_security_rule',
  'azurerm_key_vault_secret',
  'azurerm_user_assigned_identity',
];
const ACTIONS = [['create'], ['update'], ['delete'], ['delete', 'create'], ['update']];

/** One of many changes, of the size that azurerm's are. */
function change(index) {
  const type = TYPES[index % TYPES.length];
  const actions = ACTIONS[index % ACTIONS.length];
  const body = (version) => ({
    id: `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-${index}/providers/Microsoft.Network/things/thing-${index}`,
    name: `thing-${index}`,
    resource_group_name: `rg-${index}`,
    location: 'westeurope',
    vm_size: version === 1 ? 'Standard_NC4as_T4_v3' : 'Standard_NC8as_T4_v3',
    max_count: version + 3,
    min_count: 0,
    temporary_name_for_rotation: 'tmp',
    role_definition_name: version === 1 ? 'AcrPull' : 'Contributor',
    value: `secret-value-${index}-${version}`,
    scope: `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-${index}`,
    tags: {
      owner: 'team',
      'cost-center': 'CC-1',
      environment: 'prod',
      'data-classification': 'internal',
      version: String(version),
    },
    network_rules: [{ default_action: 'Deny', ip_rules: ['10.0.0.1', `10.0.0.${version}`], bypass: ['AzureServices'] }],
  });
  const has = (action) => actions.includes(action);
  return {
    address: `${type}.r${index}`,
    mode: 'managed',
    type,
    name: `r${index}`,
    provider_name: 'registry.terraform.io/hashicorp/azurerm',
    change: {
      actions,
      before: has('create') && actions.length === 1 ? null : body(1),
      after: has('delete') && actions.length === 1 ? null : body(2),
      after_unknown: has('create') ? { id: true } : {},
      before_sensitive: type === 'azurerm_key_vault_secret' ? { value: true } : {},
      after_sensitive: type === 'azurerm_key_vault_secret' ? { value: true } : {},
      ...(actions.length === 2 ? { replace_paths: [['name']] } : {}),
    },
  };
}

const changes = Array.from({ length: 10_000 }, (_, index) => change(index));
const resources = changes.map(({ address, type, name }, index) => ({
  address,
  mode: 'managed',
  type,
  name,
  expressions: {
    name: { constant_value: `thing-${index}` },
    parent: {
      references: index === 0 ? [] : [`${changes[Math.floor(index / 3)].address}.id`, changes[Math.floor(index / 3)].address],
    },
  },
}));
const plan = join(work, 'plan.json');
writeFileSync(
  plan,
  JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: changes,
    configuration: { root_module: { resources } },
  }),
);

/** Runs a program once; gives its wall time and peak memory. */
function measure(program, args) {
  const file = join(work, 'time.txt');
  const started = process.hrtime.bigint();
  const timed = existsSync('/usr/bin/time');
  const result = timed
    ? spawnSync('/usr/bin/time', ['-f', '%M', '-o', file, program, ...args], { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 })
    : spawnSync(program, args, { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.status === null || result.status === 1 || result.status === 2)
    throw new Error(`${program} failed:\n${result.stderr}`);
  return { seconds, megabytes: probe(file) };
}

function probe(file) {
  if (!existsSync(file)) return Number.NaN;
  const lines = spawnSync('tail', ['-n', '1', file], { encoding: 'utf8' }).stdout;
  return Number(lines) / 1024;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const summarizer = process.env.TF_SUMMARIZE;
const candidates = {
  'review, all formats': () =>
    measure(process.execPath, [
      command,
      'review',
      '--plan',
      `prod-foundation=${plan}`,
      '--out',
      join(work, 'out'),
      '--format',
      'table',
    ]),
  'review, markdown only': () =>
    measure(process.execPath, [command, 'review', '--plan', `prod-foundation=${plan}`, '--format', 'markdown']),
  'start-up (ml-platform --help)': () => measure(process.execPath, [command, '--help']),
  'node alone': () => measure(process.execPath, ['-e', '0']),
  ...(summarizer ? { 'tf-summarize (counts and addresses only)': () => measure(summarizer, [plan]) } : {}),
};
const samples = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
for (let index = 0; index <= RUNS; index += 1) {
  for (const [name, once] of Object.entries(candidates)) {
    const sample = once();
    if (index > 0) samples[name].push(sample);
  }
}
const rows = Object.entries(samples).map(
  ([name, list]) =>
    `| ${name} | ${median(list.map((one) => one.seconds)).toFixed(2)} s | ${median(list.map((one) => one.megabytes)).toFixed(0)} MB |`,
);
const text = [
  '# Review: 10,000 changes',
  '',
  `Medians of ${RUNS} runs after one to warm up, in turns; Node ${process.version}, ${cpus().length} cores; plan of ${(statSync(plan).size / 1024 / 1024).toFixed(1)} MB. Goals: all formats under 2 s and 500 MB, start-up under 0.3 s.`,
  '',
  '| | wall time | peak memory |',
  '|-|-:|-:|',
  ...rows,
  '',
  ...(summarizer ? [] : ['tf-summarize was not measured: set TF_SUMMARIZE to its path.', '']),
].join('\n');
writeFileSync(join(root, 'bench/review-results.md'), text);
process.stdout.write(text);
rmSync(work, { recursive: true, force: true });
