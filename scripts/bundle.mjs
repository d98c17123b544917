// Bundles the `ml-platform` command with all it needs, so that the package itself has peer dependencies only.
import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outfile = join(root, 'dist/bin/ml-platform.js');

await build({
  entryPoints: [join(root, 'lib/review/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: '#!/usr/bin/env node' },
  legalComments: 'inline',
});
chmodSync(outfile, 0o755);
