// `npm run test:apply [-- <stack> …]`: plan, apply, an empty second plan and destroy of the stacks that make Azure resources, in
// the order of their deployment, with the real providers against a simulated Azure Resource Manager. See README.md beside this.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildApp } from '../../stacks/platform-app';
import { ArmSimulator } from './arm-simulator';
import { errorsOf, PARALLELISM, prepare, terraform } from './terraform';

/** Examples whose stacks make Azure resources. */
const EXAMPLES = ['azure-ml', 'regulated-platform', 'landing-zone'];

/** Undefined when all went well, else what did not; `note` hears how long each step took. */
async function cycle(folder: string, note: (line: string) => void): Promise<string | undefined> {
  const simulator = await ArmSimulator.start();
  simulator.seed(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')));
  const run = async (...args: string[]) => {
    const started = Date.now();
    const result = await terraform(folder, simulator.environment, ...args);
    note(`${args[0]} ${Math.round((Date.now() - started) / 1000)} s${slowest(result.output)}`);
    return result;
  };
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

/** The resources that a step waited for longest, as Terraform tells it. */
function slowest(output: string): string {
  const waits = [...output.matchAll(/^(\S+): \w+ complete after (?:(\d+)m)?(\d+)s/gm)].map(
    ([, address = '', minutes = '0', seconds = '0']) => ({ address, seconds: Number(minutes) * 60 + Number(seconds) }),
  );
  const longest = waits.sort((a, b) => b.seconds - a.seconds).slice(0, 3);
  return longest.length === 0 ? '' : ` (${longest.map(({ address, seconds }) => `${address} ${seconds} s`).join(', ')})`;
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
      const steps: string[] = [];
      const problem = await cycle(folder, (line) => steps.push(`  ${line}\n`));
      if (problem !== undefined) failed += 1;
      const seconds = Math.round((Date.now() - started) / 1000);
      process.stdout.write(
        `${problem === undefined ? '✓' : '✗'} ${name}: plan, apply, empty second plan, destroy (${seconds} s)\n${steps.join('')}${problem ?? ''}\n`,
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
