// `node scripts/checkov.mjs`: runs checkov, pinned, over the corpus and over our own stacks, and compares what it finds with what
// our guardrails find. Writes test/guardrails/measured/checkov.json, from which docs/guardrails.md is made. Needs Python and a
// package index; says so plainly where there is none, and then nothing counts as compared.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const requirements = join(root, 'test/outside/checkov-requirements.txt');
const measured = join(root, 'test/guardrails/measured');
const corpus = join(root, 'test/guardrails/corpus');
const checkov = join(root, '.venv/bin/checkov');

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, ...options });
}

function giveUp(reason) {
  process.stderr.write(`checkov did not run, nothing was compared: ${reason}\n`);
  process.exit(0);
}

const wanted = readFileSync(requirements, 'utf8').trim().split('==')[1];
const installed = () => existsSync(checkov) && run(checkov, ['--version']).stdout.trim() === wanted;
if (!installed()) {
  const made = run('python3', ['-m', 'venv', '.venv']);
  if (made.status !== 0) giveUp(`python3 cannot make .venv: ${(made.stderr || String(made.error)).trim()}`);
  const got = run(join(root, '.venv/bin/pip'), ['install', '--quiet', '-r', requirements]);
  if (got.status !== 0) giveUp(`pip cannot install it: ${got.stderr.trim().split('\n').at(-1)}`);
  if (!installed()) giveUp(`version ${wanted} is not what was installed`);
}

/** Failed checks as { id, name, address }. */
function failedChecks(folder) {
  const result = run(checkov, [
    '-d',
    folder,
    '--framework',
    'terraform_json',
    '--output',
    'json',
    '--quiet',
    '--compact',
    '--skip-download',
  ]);
  const start = result.stdout.search(/[{[]/);
  if (start < 0) giveUp(result.stderr.trim().split('\n').at(-1) ?? 'no output');
  const report = JSON.parse(result.stdout.slice(start));
  return (Array.isArray(report) ? report : [report]).flatMap((one) =>
    (one.results?.failed_checks ?? []).map((check) => ({
      id: check.check_id,
      name: check.check_name,
      file: check.file_path,
      address: check.resource,
    })),
  );
}

/** Our open findings as { rule, address }, and the checks of checkov that each rule maps to. */
function ourFindings(inputs) {
  const result = run(process.execPath, [
    join(root, 'node_modules/tsx/dist/cli.mjs'),
    join(root, 'lib/review/main.ts'),
    'check',
    ...inputs,
    '--format',
    'json',
    '--fail-on',
    'never',
  ]);
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout).findings.filter((finding) => finding.status === 'open');
}

const mappings = (() => {
  const result = run(process.execPath, [
    join(root, 'node_modules/tsx/dist/cli.mjs'),
    '-e',
    "const { ALL_RULES } = require('./lib/guardrails/rules'); console.log(JSON.stringify(ALL_RULES.map((r) => [r.id, r.mappings?.checkov ?? []])))",
  ]);
  return new Map(JSON.parse(result.stdout));
})();
const reasons = JSON.parse(readFileSync(join(measured, 'checkov-reasons.json'), 'utf8'));

function group(checks) {
  const byId = new Map();
  for (const check of checks) byId.set(check.id, { id: check.id, name: check.name, count: (byId.get(check.id)?.count ?? 0) + 1 });
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map((check) => ({ ...check, why: reasons[check.id] ?? '' }));
}

const files = ['cluster', 'data', 'network', 'platform', 'workloads', 'workspace'].map((name) =>
  join(corpus, `prod-insecure-${name}.tf.json`),
);
const ours = ourFindings(files);
const onCorpus = failedChecks(corpus);
const theirs = onCorpus.filter((check) => !check.file.includes('prod-secure'));
const ruleOf = (finding) => finding.id.replace(/\[.*$/, '');
// checkov names resources of JSON files "resource.<name>": the file and the name must do.
const last = (address) => address.split('.').at(-1);
const matches = (finding, check) =>
  mappings.get(ruleOf(finding))?.includes(check.id) &&
  check.file === `/${finding.stack}.tf.json` &&
  last(check.address) === last(finding.address);
const both = new Set(ours.filter((finding) => theirs.some((check) => matches(finding, check))).map(ruleOf));
const onlyOurs = new Set(ours.map(ruleOf).filter((rule) => !both.has(rule) && !rule.startsWith('MLP-ACK')));
const onlyTheirs = theirs.filter((check) => !ours.some((finding) => matches(finding, check)));

const output = join(root, 'cdktf.out');
if (!existsSync(join(output, 'manifest.json'))) throw new Error('synthesize first: npm start');
const onOurStacks = failedChecks(output);

writeFileSync(
  join(measured, 'checkov.json'),
  `${JSON.stringify(
    {
      version: wanted,
      corpus: { both: [...both].sort(), ours: [...onlyOurs].sort(), theirs: group(onlyTheirs) },
      secure: group(onCorpus.filter((check) => check.file.includes('prod-secure'))),
      ownStacks: group(onOurStacks),
    },
    null,
    2,
  )}\n`,
);
const silent = [...group(onlyTheirs), ...group(onOurStacks)].filter((check) => check.why === '');
process.stdout.write(
  `checkov ${wanted}: ${both.size} rules both find, ${onlyOurs.size} only we, ${group(onlyTheirs).length} checks only checkov.\n`,
);
if (silent.length > 0) {
  process.stderr.write(
    `give a reason in test/guardrails/measured/checkov-reasons.json for:\n${silent.map((check) => `  ${check.id} ${check.name}`).join('\n')}\n`,
  );
  process.exitCode = 1;
}
