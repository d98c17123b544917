// `npm run test:apply [-- <stack> …]`: plan, apply, an empty second plan and destroy of the stacks that make Azure resources, in
// the order of their deployment, with the real providers against a simulated Azure Resource Manager. See README.md beside this.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildApp } from '../../stacks/platform-app';
import { ArmSimulator } from './arm-simulator';

/** Examples whose stacks make Azure resources. */
const EXAMPLES = ['azure-ml', 'regulated-platform', 'landing-zone'];
const PARALLELISM = '30';
const LIMIT_SECONDS = 900;

interface Run {
  readonly code: number;
  readonly output: string;
}

function terraform(cwd: string, env: Record<string, string>, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn('terraform', args, {
      cwd,
      env: { ...process.env, ...env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    // Providers poll for hours when an answer is not what they wait for.
    const limit = setTimeout(() => child.kill('SIGINT'), LIMIT_SECONDS * 1000);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The stack as written, but with its state beside it, and free to be destroyed. */
function prepare(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  const file = join(to, 'cdk.tf.json');
  const stack = JSON.parse(readFileSync(file, 'utf8')) as {
    terraform: { backend: object };
    resource: Record<string, Record<string, { lifecycle?: { prevent_destroy?: boolean } }>>;
  };
  stack.terraform.backend = { local: { path: 'terraform.tfstate' } };
  for (const resource of Object.values(stack.resource).flatMap((named) => Object.values(named)))
    delete resource.lifecycle?.prevent_destroy;
  writeFileSync(file, JSON.stringify(stack, null, 1)); // errors quote the line
}

/** Undefined when all went well, else what did not. */
async function cycle(folder: string): Promise<string | undefined> {
  const simulator = await ArmSimulator.start();
  simulator.seed(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')));
  const run = (...args: string[]) => terraform(folder, simulator.environment, ...args);
  try {
    const apply = await run('apply', '-auto-approve', '-input=false', '-no-color', `-parallelism=${PARALLELISM}`);
    if (apply.code !== 0) return `apply failed:\n${errorsOf(apply.output)}\n${simulator.unknown.slice(-5).join('\n')}`;
    const second = await run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    if (second.code !== 0) return `second plan is not empty:\n${second.output.slice(-4000)}`;
    const destroy = await run('destroy', '-auto-approve', '-input=false', '-no-color', `-parallelism=${PARALLELISM}`);
    if (destroy.code !== 0) return `destroy failed:\n${errorsOf(destroy.output)}`;
    if (simulator.left.length > 0) return `destroy left behind:\n${simulator.left.join('\n')}`;
    return undefined;
  } finally {
    await simulator.stop();
  }
}

function errorsOf(output: string): string {
  const first = output.search(/^(╷|Error)/m);
  return first < 0 ? output.slice(-4000) : output.slice(first, first + 6000);
}

/** Folders of our stacks that make Azure resources, in the order of deployment. */
function repositoryStacks(outdir: string): string[] {
  buildApp(outdir).synth();
  const names = readdirSync(join(outdir, 'stacks')).sort();
  return [...names.filter((name) => name === 'shared'), ...names.filter((name) => name.endsWith('-foundation'))].map((name) =>
    join(outdir, 'stacks', name),
  );
}

function exampleStacks(name: string, outdir: string): string[] {
  const tsx = resolve('node_modules/tsx/dist/cli.mjs');
  const result = spawnSync(process.execPath, [tsx, 'main.ts'], {
    cwd: join('examples', name),
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`example ${name}: ${result.stderr}`);
  return readdirSync(join(outdir, 'stacks')).map((stack) => join(outdir, 'stacks', stack));
}

async function main(wanted: string[]): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'ml-platform-apply-'));
  let failed = 0;
  try {
    const written = [
      ...repositoryStacks(join(work, 'out')),
      ...EXAMPLES.flatMap((name) => exampleStacks(name, join(work, `example-${name}`))),
    ];
    const stacks = written.filter((stack) => wanted.length === 0 || wanted.includes(basename(stack)));
    for (const stack of stacks) {
      const name = basename(stack);
      const folder = join(work, name);
      prepare(stack, folder);
      const init = await terraform(folder, {}, 'init', '-input=false', '-no-color');
      if (init.code !== 0) {
        process.stdout.write(`apply was NOT run: terraform and the providers cannot be had here\n${init.output.slice(0, 600)}\n`);
        return 0;
      }
      const started = Date.now();
      const problem = await cycle(folder);
      if (problem !== undefined) failed += 1;
      const seconds = Math.round((Date.now() - started) / 1000);
      process.stdout.write(
        `${problem === undefined ? '✓' : '✗'} ${name}: plan, apply, empty second plan, destroy (${seconds} s)\n${problem ?? ''}\n`,
      );
    }
    process.stdout.write(`apply: ${stacks.length - failed} of ${stacks.length} stacks came up and went down clean\n`);
    return failed > 0 ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
