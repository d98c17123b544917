// Bundles the `ml-platform` command with all it needs, so that the package itself has peer dependencies only. What it loads when it
// runs are bundles of their own: loading takes as long as reading a plan of megabytes.
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(root, 'dist/bin');

const SMALL_BYTES = 4096;

/** Large tables are parsed as JSON, which takes a fraction of the time of the same as JavaScript. */
const tables = {
  name: 'tables',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return text.length < SMALL_BYTES ? undefined : { contents: `export default JSON.parse(${JSON.stringify(text)})` };
    }),
};

/** What is imported when it is needed stays a file beside the others. */
const onDemand = {
  name: 'on-demand',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path)}`, external: true } : undefined,
    ),
};

const commands = join(root, 'lib/review/commands');
const loaded = readdirSync(commands).filter((file) => file.endsWith('-command.ts'));

// What an earlier build left would be packed.
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    'ml-platform': join(root, 'lib/review/main.ts'),
    'assessment-worker': join(root, 'lib/review/assessment-worker.ts'),
    ...Object.fromEntries(loaded.map((file) => [basename(file, '.ts'), join(commands, file)])),
  },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // As require: what is imported is a file of this format.
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: '#!/usr/bin/env node' },
  legalComments: 'inline',
  plugins: [tables, onDemand],
});
chmodSync(join(outdir, 'ml-platform.js'), 0o755);
