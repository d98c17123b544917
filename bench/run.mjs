// `npm run bench`: our stacks against a bare cdktf program that makes the same resources, and importing the library against
// importing the provider classes that it uses. Runs alternate, so that a machine that slows down slows down both; the figures to
// read are the ratios. Writes bench/RESULTS.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/run.mjs';

const RUNS = 9;
const require = createRequire(import.meta.url);
const work = mkdtempSync(join(tmpdir(), 'ml-platform-bench-'));

if (!existsSync(join(root, 'dist/stacks/main.js'))) throw new Error('build first: npm run build');

/** Runs node once; gives its wall time, its CPU time with all of its threads, and its peak memory. */
function measure(args, outdir) {
  const probe =
    'process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write(`\\nCPU=${u.userCPUTime+u.systemCPUTime} RSS=${u.maxRSS}\\n`)})';
  const started = process.hrtime.bigint();
  const result = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, ...args], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: outdir ?? join(work, 'unused') },
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (result.status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${result.stderr}`);
  const [, cpu, rss] = /CPU=(\d+) RSS=(\d+)/.exec(result.stderr) ?? [];
  return { seconds, cpuSeconds: Number(cpu) / 1e6, megabytes: Number(rss) / 1024 };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs each candidate in turn, several times after one warm-up. */
function compare(candidates) {
  const samples = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let run = 0; run <= RUNS; run += 1) {
    for (const [name, once] of Object.entries(candidates)) {
      const sample = once();
      if (run > 0) samples[name].push(sample);
    }
  }
  return samples;
}

const of = (samples, figure) => median(samples.map((sample) => sample[figure]));
const ratio = (a, b, figure) => median(a.map((sample, index) => sample[figure] / b[index][figure]));

function camel(value) {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key) ? key.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase()) : key,
      camel(child),
    ]),
  );
}

function bindingPath(type, prefix) {
  const provider = type.split('_')[0];
  const name = prefix + (prefix ? type : type.slice(provider.length + 1)).replaceAll('_', '-');
  const path = `@cdktf/provider-${provider}/lib/${name}`;
  try {
    require.resolve(path);
    return path;
  } catch {
    return undefined;
  }
}

/** The plan of the bare program, from what our stacks wrote. */
function planOf(outdir) {
  const stacks = readdirSync(join(outdir, 'stacks')).map((name) => {
    const json = JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
    const elements = [];
    for (const [type, instances] of Object.entries(json.provider ?? {})) {
      const path = type === 'azapi' ? undefined : `@cdktf/provider-${type}/lib/provider`;
      for (const attributes of instances)
        elements.push({ kind: 'provider', path, type, id: type, config: path ? camel(attributes) : attributes });
    }
    for (const [kind, section, prefix] of [
      ['data', json.data, 'data-'],
      ['resource', json.resource, ''],
    ]) {
      for (const [type, instances] of Object.entries(section ?? {})) {
        const path = bindingPath(type, prefix);
        for (const [id, { '//': _, ...attributes }] of Object.entries(instances)) {
          const { depends_on: dependsOn, ...rest } = attributes;
          const config = path
            ? { ...camel(rest), ...(dependsOn ? { dependsOn: dependsOn.map((fqn) => ({ fqn })) } : {}) }
            : attributes;
          elements.push({ kind, path, type, id, config });
        }
      }
    }
    return { name, backend: camel(json.terraform.backend.azurerm), elements };
  });
  return { stacks };
}

/** What both programs must agree on: the resources of every stack, without metadata. */
function resourcesOf(outdir) {
  return Object.fromEntries(
    readdirSync(join(outdir, 'stacks'))
      .sort()
      .map((name) => {
        const { resource = {}, data = {} } = JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
        return [name, JSON.parse(JSON.stringify({ resource, data }, (key, value) => (key === '//' ? undefined : value)))];
      }),
  );
}

try {
  mkdirSync(join(work, 'ours'));
  measure(['dist/stacks/main.js'], join(work, 'ours'));
  const plan = join(work, 'plan.json');
  writeFileSync(plan, JSON.stringify(planOf(join(work, 'ours'))));
  mkdirSync(join(work, 'bare'));
  measure(['bench/bare.cjs', plan], join(work, 'bare'));
  const ours = JSON.stringify(resourcesOf(join(work, 'ours')));
  if (ours !== JSON.stringify(resourcesOf(join(work, 'bare'))))
    throw new Error('the bare program makes other resources than ours');
  const resources = Object.values(JSON.parse(ours)).flatMap(({ resource }) =>
    Object.values(resource).flatMap(Object.keys),
  ).length;

  const synth = compare({
    ours: () => measure(['dist/stacks/main.js'], join(work, 'ours')),
    bare: () => measure(['bench/bare.cjs', plan], join(work, 'bare')),
    quick: () => measure(['bench/bare.cjs', plan, 'without-stack-traces'], join(work, 'bare')),
  });

  const entry = JSON.stringify(join(root, 'dist/lib/index.js'));
  const serving = JSON.stringify(join(root, 'dist/lib/serving/index.js'));
  const modules = JSON.parse(
    spawnSync(
      process.execPath,
      [
        '-e',
        `const m=require(${entry});for(const k of Object.keys(m))for(const j of Object.keys(m[k]))m[k][j];console.log(JSON.stringify(Object.keys(require.cache).filter(f=>/@cdktf.provider-.*index\\.js$/.test(f))))`,
      ],
      { cwd: root, encoding: 'utf8' },
    ).stdout,
  );
  const imports = compare({
    node: () => measure(['-e', '0']),
    cdktf: () => measure(['-e', 'require("cdktf")']),
    library: () => measure(['-e', `require(${entry})`]),
    all: () =>
      measure(['-e', `const m=require(${entry});for(const k of Object.keys(m))for(const j of Object.keys(m[k]))m[k][j]`]),
    serving: () => measure(['-e', `require(${serving}).InferenceService`]),
    deep: () => measure(['-e', `require("cdktf");${JSON.stringify(modules)}.forEach(f=>require(f))`]),
  });

  const row = (name, samples, against) => {
    const times = ['seconds', 'cpuSeconds'].flatMap((figure) => [
      `${of(samples, figure).toFixed(2)} s`,
      against ? `${ratio(samples, against, figure).toFixed(2)} ×` : '',
    ]);
    return `| ${[name, ...times, `${of(samples, 'megabytes').toFixed(0)} MB`].join(' | ')} |`;
  };
  const head = (first, against) =>
    `| ${first} | time | ${against} | CPU time | ${against} | peak memory |\n|---|---|---|---|---|---|`;
  const text = `# Results

Medians of ${RUNS} runs each, taken in turn after a warm-up, on Node ${process.version}, ${process.platform}. Times are of the whole process and differ
by machine, CPU time is that of all its threads; ratios are medians over pairs of runs. \`npm run build && npm run bench\` writes this file.

## Synth: ${plan ? readdirSync(join(work, 'ours', 'stacks')).length : 0} stacks, ${resources} resources

Both programs write the same resources; the benchmark fails where they differ. Ours builds constructs, checks, holds the result
against the guardrails, and writes contracts.

${head('program', 'against bare cdktf')}
${row('ours', synth.ours, synth.bare)}
${row('bare cdktf, as it comes', synth.bare)}
${row('bare cdktf without token stack traces, as ours', synth.quick)}
${row('ours against that', synth.ours, synth.quick)}

Goal: at most 1.15 × the bare program.

## Import

${head('what', 'against deep imports')}
${row('node alone', imports.node)}
${row('cdktf alone', imports.cdktf)}
${row(`the ${modules.length} provider classes that the library uses, deep imports`, imports.deep)}
${row('the library (`cdktf-ml-platform`)', imports.library, imports.deep)}
${row('the library, every class touched', imports.all, imports.deep)}
${row('one subpath (`cdktf-ml-platform/serving`)', imports.serving, imports.deep)}

Goal: the library in at most 0.2 s and 100 MB.
`;
  writeFileSync(join(root, 'bench/RESULTS.md'), text);
  process.stdout.write(text);
} finally {
  rmSync(work, { recursive: true, force: true });
}
