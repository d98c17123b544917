// `npm test`: lint, types and jsii, tests. Closes with "N passed, N failed" alone on a line; a static check counts as one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, run } from './run.mjs';

// jsii names the versions of Node it still supports; we support 20 too, and test it.
const JSII_ENV = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1' };

const checks = [
  ['lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  [
    'floors of the house',
    bin('depcruise'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'lib', 'stacks', 'examples'],
  ],
  ['types and jsii', bin('jsii'), ['--silence-warnings', 'reserved-word']],
  ['assets and lazy entry', process.execPath, ['scripts/finish-build.mjs']],
  ['bundle', process.execPath, ['scripts/bundle.mjs']],
  ['packed library in a folder of its own', process.execPath, ['scripts/test-package.mjs']],
];

let passed = 0;
let failed = 0;
for (const [name, command, args] of checks) {
  const { code, output } = run(command, args, { env: JSII_ENV, quiet: true });
  if (code === 0) passed += 1;
  else failed += 1;
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name}\n${code === 0 ? '' : output}`);
}

const folder = mkdtempSync(join(tmpdir(), 'ml-platform-test-'));
const results = join(folder, 'results.json');
const { code } = run(bin('vitest'), ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${results}`]);
let skipped = 0;
try {
  const counts = JSON.parse(readFileSync(results, 'utf8'));
  passed += counts.numPassedTests;
  // A file that cannot be loaded fails as a suite without a test in it.
  failed += Math.max(counts.numFailedTests, code === 0 ? 0 : 1);
  skipped = counts.numPendingTests + counts.numTodoTests;
} catch {
  failed += 1;
}
rmSync(folder, { recursive: true, force: true });

process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exit(failed > 0 ? 1 : 0);
