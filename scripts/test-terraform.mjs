// `npm run test:terraform`: terraform init and validate in a copy of every synthesized stack, wherever the providers can be had:
// from the network, or from a filesystem mirror that TF_CLI_CONFIG_FILE names. Where they cannot, it says so and passes nothing.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const stacks = join(root, 'cdktf.out', 'stacks');
const notRun = (why) => {
  process.stdout.write(`terraform validate was NOT run: ${why}\n`);
  process.exit(0);
};

if (run('terraform', ['version'], { quiet: true }).code !== 0) notRun('terraform is not on the PATH');
if (!existsSync(stacks)) notRun('there is no cdktf.out/stacks; run npm start first');

const work = mkdtempSync(join(tmpdir(), 'ml-platform-terraform-'));
const env = { TF_IN_AUTOMATION: '1', TF_PLUGIN_CACHE_DIR: '', CHECKPOINT_DISABLE: '1' };
let passed = 0;
let failed = 0;
try {
  for (const name of readdirSync(stacks).sort()) {
    const cwd = join(work, name);
    cpSync(join(stacks, name), cwd, { recursive: true });
    const init = run('terraform', ['init', '-backend=false', '-input=false', '-no-color'], { cwd, env, quiet: true });
    if (init.code !== 0) {
      if (passed + failed === 0 && /registry|query available provider packages|provider registry/i.test(init.output)) {
        notRun('the providers cannot be had here (no registry, and TF_CLI_CONFIG_FILE names no filesystem mirror with them)');
      }
      failed += 1;
      process.stdout.write(`✗ ${name}: init\n${init.output}\n`);
      continue;
    }
    const validate = run('terraform', ['validate', '-no-color'], { cwd, env, quiet: true });
    if (validate.code === 0) passed += 1;
    else failed += 1;
    process.stdout.write(`${validate.code === 0 ? '✓' : '✗'} ${name}\n${validate.code === 0 ? '' : validate.output}`);
    rmSync(cwd, { recursive: true, force: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(`terraform validate: ${passed} of ${passed + failed} stacks valid\n`);
process.exit(failed > 0 ? 1 : 0);
