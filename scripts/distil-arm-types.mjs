// Cuts ARM types (a JSON made from Azure/bicep-types-az) down to the resource types that this project writes, as facts for its
// tests.
//
//   node scripts/distil-arm-types.mjs <source file> <target name> <resource type>...
//
// e.g. node scripts/distil-arm-types.mjs machinelearningservices-2025-06-01.json arm-ml-2025-06-01 workspaces/onlineEndpoints
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target, ...wanted] = process.argv.slice(2);
if (!source || !target || wanted.length === 0) {
  console.error('usage: node scripts/distil-arm-types.mjs <source file> <target name> <resource type>...');
  process.exit(2);
}
const full = JSON.parse(readFileSync(source, 'utf8'));
const types = {};

/** Takes a type and all that it refers to, without descriptions. */
function take(name) {
  if (types[name] !== undefined) return;
  const type = full.types[name];
  if (!type) throw new Error(`no type ${name}`);
  types[name] = withoutDescriptions(type);
  for (const reference of references(types[name])) take(reference);
}

function withoutDescriptions(value) {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  const isProperty =
    't' in value && typeof value.t !== 'undefined' && Object.keys(value).every((key) => ['t', 'f', 'd'].includes(key));
  const entries = Object.entries(value).filter(([key]) => !(isProperty && key === 'd'));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutDescriptions(inner)]));
}

function references(value) {
  if (typeof value !== 'object' || value === null) return [];
  const own = typeof value.ref === 'string' ? [value.ref] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

const provider = Object.keys(full.resources)[0].split('/')[0];
const resources = wanted.map((type) => `${provider}/${type}`);
for (const resource of resources) {
  if (!full.resources[`${resource}@${full.apiVersion}`]) throw new Error(`no resource ${resource}`);
  take(resource);
}
const lines = Object.keys(types)
  .sort()
  .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(types[name])}`);
const head = {
  source: `${full.source.repo} ${full.source.path} @${full.source.commit}`,
  version: full.apiVersion,
  legend: full.legend,
  resources: resources.sort(),
};
const text = `{\n${Object.entries(head)
  .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  .join(',\n')},\n"types": {\n${lines.join(',\n')}\n}\n}\n`;
writeFileSync(new URL(`../test/fixtures/facts/${target}.json`, import.meta.url), text);
console.log(`${target}: ${resources.length} resources, ${lines.length} types, ${text.length} bytes`);
