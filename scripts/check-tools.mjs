// `npm run check:tools [-- --limit <seconds>]`: holds what we emit against the tools of others: kubeconform (every object of
// Kubernetes itself, and every pod inside a custom resource), promtool (every Prometheus rule) and kube-linter. Builds them, pinned,
// into .tools with the Go toolchain (test/outside/go), unless KUBECONFORM, PROMTOOL or KUBE_LINTER name them. What cannot be had
// did not run: it is said, and never counts as passed.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { writeSchemas } from './kubernetes-schemas.mjs';
import { bin, root, run } from './run.mjs';

/** The newest patch of the minor version that stacks/environments name. */
const KUBERNETES = 'v1.34.4';
const KUBE_LINTER = 'golang.stackrox.io/kube-linter/cmd/kube-linter@v0.7.6';
const MODULE = join(root, 'test', 'outside', 'go');
const TOOLS = join(root, '.tools');
const limit = process.argv.indexOf('--limit');
const deadline = limit < 0 ? Number.POSITIVE_INFINITY : Date.now() + Number(process.argv[limit + 1]) * 1000;

const outcome = [];
const note = (name, result, detail) => outcome.push({ name, result, detail });

function go(args, cwd = MODULE) {
  const timeout = Number.isFinite(deadline) ? Math.max(1, deadline - Date.now()) : undefined;
  const env = { ...process.env, GOBIN: TOOLS, GOFLAGS: '-buildvcs=false' };
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout,
    maxBuffer: 64 * 1024 * 1024,
  });
  const why = error
    ? error.code === 'ETIMEDOUT'
      ? 'not built within the time limit'
      : error.message
    : stderr.trim().split('\n').at(-1);
  return { ok: status === 0, stdout, why };
}

/** Path of a tool, made where it is not there; undefined, with a note, where it cannot be had. */
function tool(name, variable, make) {
  const given = process.env[variable];
  const file = given ?? join(TOOLS, name);
  if (existsSync(file)) return file;
  const started = Date.now();
  const made = make(file);
  if (made.ok && existsSync(file)) {
    process.stdout.write(`${name}: built in ${Math.round((Date.now() - started) / 1000)} s\n`);
    return file;
  }
  note(name, 'did not run', made.why);
  return undefined;
}

function schemas() {
  const folder = join(TOOLS, `kubernetes-${KUBERNETES}`);
  if (existsSync(folder)) return folder;
  const { ok, stdout, why } = go(['mod', 'download', '-json', `k8s.io/kubernetes@${KUBERNETES}`], tmpdir());
  if (!ok) {
    note('kubeconform', 'did not run', `no schemas of Kubernetes ${KUBERNETES}: ${why}`);
    return undefined;
  }
  const count = writeSchemas(join(JSON.parse(stdout).Dir, 'api', 'openapi-spec', 'swagger.json'), folder);
  process.stdout.write(`schemas of Kubernetes ${KUBERNETES}: ${count} kinds\n`);
  return folder;
}

/** Objects that our own chart carries, by stack. */
function emitted() {
  const stacks = join(root, 'cdktf.out', 'stacks');
  if (!existsSync(stacks)) throw new Error('there is no cdktf.out/stacks; run npm start first');
  return readdirSync(stacks).flatMap((stack) => {
    const { resource } = JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8'));
    return Object.values(resource?.helm_release ?? {}).flatMap(({ chart, values = [] }) => {
      if (!chart.startsWith('assets/ManifestsChart/')) return [];
      // What Terraform would read: its escapes undone, and a word for what it learns later.
      const text = values[0]
        .replaceAll('$${', '\u0000{')
        .replaceAll('%%{', '%{')
        .replace(/\$\{[^}]*\}/g, 'known-later')
        .replaceAll('\u0000{', '${');
      return JSON.parse(text).objects.map((object) => ({ stack, object }));
    });
  });
}

/** Pod specs inside an object, as pods of their own. */
function pods(value) {
  if (typeof value !== 'object' || value === null) return [];
  const { spec } = value;
  const own = spec?.containers ? [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'default' }, spec }] : [];
  return [...own, ...Object.values(value).flatMap(pods)];
}

const BUILT_IN = /^(v1|(apps|batch|policy|autoscaling|networking\.k8s\.io|rbac\.authorization\.k8s\.io|storage\.k8s\.io)\/v\d+)$/;

mkdirSync(TOOLS, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'ml-platform-tools-'));
const build =
  (path, tags = '') =>
  (file) =>
    go(['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', ...(tags ? ['-tags', tags] : []), '-o', file, path]);
const objects = emitted();
const plain = objects.filter(({ object }) => BUILT_IN.test(object.apiVersion));
let failed = false;

const kubeconform = tool('kubeconform', 'KUBECONFORM', build('github.com/yannh/kubeconform/cmd/kubeconform'));
const folder = kubeconform && (process.env.KUBECONFORM_SCHEMAS ?? schemas());
const location = folder && (folder.includes('{{') ? folder : join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json'));
if (kubeconform && location) {
  const inside = objects.filter(({ object }) => !BUILT_IN.test(object.apiVersion)).flatMap(({ object }) => pods(object));
  const input = [...plain.map(({ object }) => object), ...inside].map((object) => JSON.stringify(object)).join('\n---\n');
  const { status, stdout, stderr } = spawnSync(kubeconform, ['-strict', '-schema-location', location, '-output', 'text', '-'], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const problems = `${stdout}${stderr}`.trim();
  note(
    'kubeconform',
    status === 0 && problems === '' ? 'passed' : 'failed',
    `${plain.length} objects, ${inside.length} pods in custom resources`,
  );
  if (problems !== '') process.stdout.write(`${problems}\n`);
}

// Without the code of service discovery, which checking rules has no use for.
const promtool = tool(
  'promtool',
  'PROMTOOL',
  build('github.com/prometheus/prometheus/cmd/promtool', 'remove_all_sd,stringlabels'),
);
if (promtool) {
  const rules = objects.filter(({ object }) => object.kind === 'PrometheusRule');
  const files = rules.map(({ stack, object }, index) => {
    const file = join(work, `${stack}-${index}.json`);
    writeFileSync(file, JSON.stringify({ groups: object.spec.groups }));
    return file;
  });
  const { code, output } = run(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', ...files], { quiet: true });
  note('promtool', code === 0 ? 'passed' : 'failed', `${rules.length} PrometheusRules`);
  if (code !== 0) process.stdout.write(output);
}

const kubeLinter = tool('kube-linter', 'KUBE_LINTER', () => go(['install', '-trimpath', KUBE_LINTER], tmpdir()));
if (kubeLinter) {
  const file = join(work, 'objects.yaml');
  writeFileSync(file, plain.map(({ object }) => JSON.stringify(object)).join('\n---\n'));
  const { code, output } = run(kubeLinter, ['lint', '--config', join(root, 'test/outside/kube-linter.yaml'), file], {
    quiet: true,
  });
  note('kube-linter', code === 0 ? 'passed' : 'failed', `${plain.length} objects`);
  if (code !== 0) process.stdout.write(output);
}

// The tests that wait for the tools.
const env = { KUBECONFORM: location ? kubeconform : undefined, KUBECONFORM_SCHEMAS: location, PROMTOOL: promtool };
const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
if (Object.keys(present).length > 0) {
  const files = ['test/serving/kubeconform.test.ts', 'test/serving/operations.test.ts'];
  const { code, output } = run(bin('vitest'), ['run', '--reporter=dot', ...files], { env: present, quiet: true });
  const count = /Tests\s+(.*)/.exec(stripVTControlCharacters(output))?.[1];
  note('tests that need them', code === 0 ? 'passed' : 'failed', count ?? '');
  if (code !== 0) process.stdout.write(output);
}
rmSync(work, { recursive: true, force: true });

for (const { name, result, detail } of outcome) {
  failed ||= result === 'failed';
  process.stdout.write(`${{ passed: '✓', failed: '✗', 'did not run': '–' }[result]} ${name} ${result}: ${detail}\n`);
}
process.exitCode = failed ? 1 : 0;
