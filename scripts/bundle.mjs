// Bundles the `ml-platform` command with all it needs, so that the package itself has peer dependencies only. The thread of a
// large review has a bundle of its own: it needs a third of the command, and loading the rest takes a tenth of its time.
import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

await build({
  entryPoints: {
    'ml-platform': join(root, 'lib/review/main.ts'),
    'assessment-worker': join(root, 'lib/review/assessment-worker.ts'),
  },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: '#!/usr/bin/env node' },
  legalComments: 'inline',
  plugins: [tables],
});
chmodSync(join(outdir, 'ml-platform.js'), 0o755);
