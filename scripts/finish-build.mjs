// What the compiler leaves undone: the chart that `Manifests` ships has no TypeScript in it, and the indexes would load every
// file of the library, and with them every provider class, for whoever needs one. Here they load a file on the first use of
// something in it.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './run.mjs';

const require = createRequire(import.meta.url);
const dist = join(root, 'dist/lib');
const NAMESPACE = /^exports\.(\w+) = __importStar\(require\("([^"]+)"\)\);$/gm;
const STAR = /^__exportStar\(require\("([^"]+)"\), exports\);$/gm;

cpSync(join(root, 'lib/manifests/chart'), join(dist, 'manifests/chart'), { recursive: true });
// For readers of what the command writes; the code of the review is bundled, and not in the package.
// Ours is closed, so that tests see a field that nobody described; theirs is open: a later 1.x may say more.
const ours = readFileSync(join(root, 'lib/review/model/review.schema.json'), 'utf8');
const theirs = JSON.parse(ours, (key, value) => (key === 'additionalProperties' && value === false ? undefined : value));
mkdirSync(join(root, 'dist/schemas'), { recursive: true });
writeFileSync(join(root, 'dist/schemas/review-1.json'), `${JSON.stringify(theirs, null, 2)}\n`);

/** Names that an index gives on, each with the code that finds it. */
function namesOf(folder, text) {
  const namespaces = [...text.matchAll(NAMESPACE)].map(([, name, file]) => [name, `require("${file}")`]);
  const members = [...text.matchAll(STAR)].flatMap(([, file]) =>
    Object.keys(require(join(folder, file))).map((name) => [name, `require("${file}").${name}`]),
  );
  return [...namespaces, ...members];
}

function lazyIndex(folder) {
  const file = join(folder, 'index.js');
  const text = readFileSync(file, 'utf8');
  const names = namesOf(folder, text);
  if (names.length === 0) return;
  // Node reads from an index which names an import of it may ask for; it knows getters of just this form.
  const found = `const found = {\n${names.map(([name, code]) => `  get ${name}() { return ${code}; },`).join('\n')}\n};`;
  const getters = names.map(
    ([name]) => `Object.defineProperty(exports, "${name}", { enumerable: true, get: function () { return found.${name}; } });`,
  );
  const head = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });';
  writeFileSync(file, `${[head, found, ...getters].join('\n')}\n`);
}

const folders = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'review');
for (const { name } of folders) {
  if (readdirSync(join(dist, name)).includes('index.js')) lazyIndex(join(dist, name));
}
lazyIndex(dist);
