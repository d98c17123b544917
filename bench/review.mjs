// `node bench/review.mjs`: a review of 10,000 planned changes with all formats, start-up of the command, and tf-summarize on the
// same plan in the same run, built from source where Go is there. Writes bench/review-results.md, which says so where it is not.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../scripts/run.mjs';

const RUNS = Number(process.env.RUNS ?? 5);
/** Seconds of processor time; a run of which the host took more says what the neighbours did. */
const MOST_TAKEN = 0.02;
const work = mkdtempSync(join(tmpdir(), 'ml-platform-review-'));
const command = join(root, 'dist/bin/ml-platform.js');
const bundled = run(process.execPath, ['scripts/bundle.mjs'], { quiet: true });
if (bundled.code !== 0 || !existsSync(command)) throw new Error(`the command cannot be bundled:\n${bundled.output}`);

const SUMMARIZER = {
  module: 'github.com/dineshba/tf-summarize',
  version: 'v0.3.14',
  sum: 'h1:ND220kW3wlpiHt4yIkNX4AXQ1guaSA0AhTFhipyQX0s=',
};

/** Builds tf-summarize from the source of the module proxy; gives its path, or why it cannot be had. */
function buildSummarizer() {
  const at = `${SUMMARIZER.module}@${SUMMARIZER.version}`;
  // Its sum is held against the one above: not every module is in the public database of sums.
  const env = { ...process.env, GONOSUMDB: SUMMARIZER.module, GOFLAGS: '-mod=mod' };
  const download = spawnSync('go', ['mod', 'download', '-json', at], { encoding: 'utf8', env, cwd: work });
  if (download.error) return { why: 'Go is not installed' };
  if (download.status !== 0) return { why: `${at} could not be downloaded` };
  const { Dir, Sum } = JSON.parse(download.stdout);
  if (Sum !== SUMMARIZER.sum) return { why: `${at} has the sum ${Sum}, not the one it is pinned to` };
  const source = join(work, 'tf-summarize-source');
  cpSync(Dir, source, { recursive: true });
  spawnSync('chmod', ['-R', 'u+w', source]);
  const path = join(work, 'tf-summarize');
  const built = spawnSync('go', ['build', '-o', path, '.'], { encoding: 'utf8', env, cwd: source });
  return built.status === 0 ? { path } : { why: `${at} could not be built` };
}

const SUMMARIZER_ROW = `tf-summarize ${SUMMARIZER.version}`;

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

const timed = existsSync('/usr/bin/time');
/** Where it is set, node reads hundreds of certificates before it does anything, which says nothing about the command. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** Seconds that the host of a virtual machine kept its processors from it, since it started; undefined where nothing tells. */
function takenByHost() {
  if (!existsSync('/proc/stat')) return undefined;
  const [, , , , , , , , steal] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/\s+/).map(Number);
  return steal / 100;
}

/** Runs a program once; gives its wall time, the time of all its threads on processors, its peak memory, and what the host took. */
function measure(program, args) {
  const file = join(work, 'time.txt');
  const taken = takenByHost();
  const started = process.hrtime.bigint();
  const options = { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024, env };
  const result = timed
    ? spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', file, program, ...args], options)
    : spawnSync(program, args, options);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.status === null || result.status === 1 || result.status === 2)
    throw new Error(`${program} failed:\n${result.stderr}`);
  const calm = taken === undefined || takenByHost() - taken <= MOST_TAKEN;
  if (!timed) return { seconds, busy: Number.NaN, megabytes: Number.NaN, calm };
  const [user, system, kilobytes] = readFileSync(file, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { seconds, busy: user + system, megabytes: kilobytes / 1024, calm };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const summarizer = process.env.TF_SUMMARIZE ? { path: process.env.TF_SUMMARIZE } : buildSummarizer();
const loadBefore = loadavg()[0];
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
  ...(summarizer.path ? { [SUMMARIZER_ROW]: () => measure(summarizer.path, [plan]) } : {}),
};
const samples = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
const calmRuns = (list) => list.filter((one) => one.calm);
const wanted = 'review, all formats';
for (let index = 0; index <= 4 * RUNS && calmRuns(samples[wanted]).length < RUNS; index += 1) {
  for (const [name, once] of Object.entries(candidates)) {
    const sample = once();
    if (index > 0) samples[name].push(sample);
  }
}
const figure = (list, pick, digits) => (timed ? median(list.map(pick)).toFixed(digits) : '?');
const seconds = (list) => (list.length === 0 ? 'none' : `${median(list.map((one) => one.seconds)).toFixed(2)} s`);
const rows = Object.entries(samples).map(
  ([name, list]) =>
    `| ${name} | ${seconds(calmRuns(list))} (${calmRuns(list).length}) | ${seconds(list)} (${list.length}) | ${Math.min(...list.map((one) => one.seconds)).toFixed(2)} s | ${figure(list, (one) => one.busy, 2)} s | ${figure(list, (one) => one.megabytes, 0)} MB |`,
);
const judged = calmRuns(samples[wanted]);
const allFormats = median((judged.length > 0 ? judged : samples[wanted]).map((one) => one.seconds));
const text = [
  '# Review: 10,000 changes',
  '',
  `${samples[wanted].length} runs after one to warm up, in turns; Node ${process.version}, ${cpus().length} cores, load ${loadBefore.toFixed(1)} before the first run; plan of ${(statSync(plan).size / 1024 / 1024).toFixed(1)} MB. Goals: all formats under 2 s and 500 MB, start-up under 0.3 s.`,
  '',
  '| | wall time, median of calm runs | of all runs | fastest | processor time, all threads | peak memory |',
  '|-|-:|-:|-:|-:|-:|',
  ...rows,
  '',
  `Calm: the host of this machine took no more than ${MOST_TAKEN * 1000} ms of processor time during the run (the "steal" of /proc/stat). ${judged.length === 0 ? 'No run was.' : ''}`.trim(),
  '',
  ...(allFormats < 2 ? [] : [`All formats take ${allFormats.toFixed(2)} s: the goal of 2 s is missed.`, '']),
  summarizer.path
    ? 'tf-summarize lists addresses by action; it tells no attribute, loss, access, cost, rule or contract, and writes one format.'
    : `tf-summarize was not measured: ${summarizer.why}. Nothing is said about it here.`,
  ...(timed ? [] : ['', 'Memory and processor time were not measured: /usr/bin/time is not there.']),
  ...(loadBefore > cpus().length
    ? ['', 'The machine was busy with other work: wall time says little, compare with "node alone".']
    : []),
  '',
].join('\n');
writeFileSync(join(root, 'bench/review-results.md'), text);
process.stdout.write(text);
rmSync(work, { recursive: true, force: true });
