// The packed library in a folder of its own, with nothing beside it but its peer dependencies: every example must
// synthesize there, and every command must run. Needs a build.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, root, run } from './run.mjs';

const PEERS = ['@cdktf', 'cdktf', 'constructs'];
/** One of each bundle that the command loads, with input that is not there. */
const COMMANDS = [
  'report nowhere',
  'check nowhere',
  'review --plan prod-foundation=nowhere.json',
  'addresses update nowhere',
  'images lock nowhere',
  'init ci nowhere --provider github',
];
const work = mkdtempSync(join(tmpdir(), 'ml-platform-package-'));

function must(command, args, options) {
  const { code, output } = run(command, args, { ...options, quiet: true });
  if (code !== 0) throw new Error(`${args.join(' ')} failed:\n${output}`);
  return output;
}

try {
  must('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work]);
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  const modules = join(work, 'app/node_modules');
  mkdirSync(modules, { recursive: true });
  must('tar', ['-xzf', join(work, tarball), '-C', work]);
  cpSync(join(work, 'package'), join(modules, 'cdktf-ml-platform'), { recursive: true });
  for (const peer of PEERS) symlinkSync(join(root, 'node_modules', peer), join(modules, peer));
  const examples = readdirSync(join(root, 'examples')).filter((name) => existsSync(join(root, 'examples', name, 'cdktf.json')));
  for (const name of examples) {
    const folder = join(work, 'app', name);
    cpSync(join(root, 'examples', name), folder, { recursive: true });
    must(bin('tsx'), ['main.ts'], { cwd: folder });
    if (readdirSync(join(folder, 'cdktf.out/stacks')).length === 0) throw new Error(`example ${name} wrote no stack`);
  }
  const stack = JSON.parse(readFileSync(join(work, 'app/served-model/cdktf.out/stacks/risk-prod/cdk.tf.json'), 'utf8'));
  const chart = stack.resource.helm_release.Fraud.chart;
  readdirSync(join(work, 'app/served-model/cdktf.out/stacks/risk-prod', chart, 'templates'));

  const loaded = must(
    process.execPath,
    [
      '-e',
      'require("cdktf-ml-platform"); console.log(Object.keys(require.cache).filter((file) => /provider-/.test(file)).length)',
    ],
    { cwd: join(work, 'app') },
  );
  if (loaded.trim() !== '0') throw new Error(`the entry alone loads ${loaded.trim()} modules of providers`);
  must(process.execPath, ['-e', 'require("cdktf-ml-platform").core.EnvironmentProfile.PROD.with({})'], {
    cwd: join(work, 'app'),
  });

  // Modules of Node's newer kind ask for names, which must be known without running the index.
  const esm =
    'import { GpuRequest } from "cdktf-ml-platform/gpu"; import { core } from "cdktf-ml-platform"; GpuRequest.whole(1); core.Stage.PROD;';
  must(process.execPath, ['--input-type=module', '-e', esm], { cwd: join(work, 'app') });

  const { dependencies = {} } = JSON.parse(readFileSync(join(modules, 'cdktf-ml-platform/package.json'), 'utf8'));
  if (Object.keys(dependencies).length > 0)
    throw new Error(`the library has run-time dependencies: ${Object.keys(dependencies)}`);
  for (const command of COMMANDS) {
    const args = [join(modules, 'cdktf-ml-platform/dist/bin/ml-platform.js'), ...command.split(' ')];
    const { code, output } = run(process.execPath, args, { cwd: work, quiet: true });
    if (code !== 2 || !output.startsWith('nowhere') || !output.includes('\n  fix: '))
      throw new Error(`${command} does not say what to mend, but ${code}:\n${output}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
