// Bundles the `ml-platform` command with all it needs, so that the package itself has peer dependencies only. The thread of a
// large review has a bundle of its own: it needs a third of the command, and loading the rest takes a tenth of its time.
import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(root, 'dist/bin');

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
});
chmodSync(join(outdir, 'ml-platform.js'), 0o755);
