// `npm run test:bootstrap`: the first deployment of the store that keeps all state, its move into that store, and the return of a
// state that broke, as the README tells them. A second local file stands for the store: blobs of Azure are not simulated.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../stacks/platform-app';
import { ArmSimulator } from './arm-simulator';
import { errorsOf, PARALLELISM, prepare, terraform } from './terraform';

/** Writes the stacks as somebody does who sets `ML_PLATFORM_STATE` or does not; gives the folder of the shared stack. */
function synthesize(outdir: string, state: string | undefined): string {
  if (state === undefined) delete process.env.ML_PLATFORM_STATE;
  else process.env.ML_PLATFORM_STATE = state;
  buildApp(outdir).synth();
  return join(outdir, 'stacks', 'shared');
}

function backendOf(folder: string): Record<string, { path?: string; key?: string }> {
  return JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')).terraform.backend;
}

class Failure extends Error {}

function expectThat(holds: boolean, what: string, detail = ''): void {
  if (!holds) throw new Failure(`${what}\n${detail}`);
  process.stdout.write(`✓ ${what}\n`);
}

/** @returns whether it could be tried at all */
async function bootstrap(work: string): Promise<boolean> {
  const local = synthesize(join(work, 'first'), 'local');
  const firstPath = backendOf(local).local?.path;
  expectThat(firstPath !== undefined, 'the first deployment keeps its state in a local file');
  const folder = join(work, 'shared');
  prepare(local, folder, firstPath);
  const simulator = await ArmSimulator.start();
  const run = (...args: string[]) => terraform(folder, simulator.environment, ...args);
  try {
    const init = await run('init', '-input=false', '-no-color');
    if (init.code !== 0) {
      process.stdout.write(
        `bootstrap was NOT run: terraform and the providers cannot be had here\n${init.output.slice(0, 600)}\n`,
      );
      return false;
    }
    simulator.seed(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')));
    const apply = await run('apply', '-auto-approve', '-input=false', '-no-color', `-parallelism=${PARALLELISM}`);
    expectThat(apply.code === 0, 'the store is made', errorsOf(apply.output));
    const before = await run('state', 'list');
    expectThat(before.output.includes('azurerm_storage_account.'), 'the local state knows it', before.output);

    const remote = synthesize(join(work, 'second'), undefined);
    expectThat(backendOf(remote).azurerm?.key !== undefined, 'from then on the stack keeps its state in the store');
    const store = join(work, 'store.tfstate');
    prepare(remote, folder, store);
    const move = await run('init', '-migrate-state', '-force-copy', '-input=false', '-no-color');
    expectThat(move.code === 0, 'the state moves with terraform init -migrate-state', errorsOf(move.output));
    const after = await run('state', 'list');
    expectThat(after.output === before.output, 'nothing of it is lost', after.output);
    const plan = await run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    expectThat(plan.code === 0, 'a plan against the moved state is empty', plan.output.slice(-4000));

    const version = readFileSync(store, 'utf8'); // as a version of the blob keeps it
    writeFileSync(store, version.slice(0, version.length / 2));
    const broken = await run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    expectThat(broken.code === 1, 'a broken state stops the next plan');
    writeFileSync(store, version);
    const mended = await run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    expectThat(mended.code === 0, 'its former version mends it', mended.output.slice(-4000));
    return true;
  } finally {
    await simulator.stop();
  }
}

const work = mkdtempSync(join(tmpdir(), 'ml-platform-bootstrap-'));
bootstrap(work)
  .then((tried) => {
    if (tried) process.stdout.write('bootstrap: the state store came up and took its own state in\n');
  })
  .catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    process.stdout.write(`✗ ${error.message}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(work, { recursive: true, force: true }));
