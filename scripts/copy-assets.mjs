// Copies what the compiler leaves behind: the chart that `Manifests` ships has no TypeScript in it.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

cpSync(join(root, 'lib/manifests/chart'), join(root, 'dist/lib/manifests/chart'), { recursive: true });
