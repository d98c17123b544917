// What the compiler leaves undone: the chart that `Manifests` ships has no TypeScript in it, and the entry would load every
// namespace, and with them every provider class, for whoever needs one.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

cpSync(join(root, 'lib/manifests/chart'), join(root, 'dist/lib/manifests/chart'), { recursive: true });

const entry = join(root, 'dist/lib/index.js');
const eager = /^exports\.(\w+) = __importStar\(require\(("[^"]+")\)\);$/gm;
const text = readFileSync(entry, 'utf8');
const namespaces = [...text.matchAll(eager)].length;
const lazy = text.replace(
  eager,
  'Object.defineProperty(exports, "$1", { enumerable: true, configurable: true, get: () => require($2) });',
);
const expected = [...readFileSync(join(root, 'lib/index.ts'), 'utf8').matchAll(/^export \* as /gm)].length;
if (namespaces !== expected && !/get: \(\) => require/.test(text)) {
  throw new Error(`${entry}: ${namespaces} namespaces to load on first use, lib/index.ts has ${expected}`);
}
writeFileSync(entry, lazy);
