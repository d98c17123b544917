// Cuts provider schemas (`terraform providers schema -json`, one file a provider) down to the types that this project uses, as
// facts for its tests.
//
//   node scripts/distil-provider-schemas.mjs <source folder> [--used] [type...]
//
// Types already in the fixtures stay. `--used` adds those imported in lib, stacks and examples; others are named by hand, data
// sources with a prefix: azurerm_key_vault, data.azurerm_kubernetes_cluster.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = new URL('../test/fixtures/facts/', import.meta.url);
const PROVIDERS = ['azurerm-4.55.0', 'azapi-2.8.0', 'helm-3.1.1', 'kubernetes-2.38.0'];
const [source, ...rest] = process.argv.slice(2);
if (!source) {
  console.error('usage: node scripts/distil-provider-schemas.mjs <source folder> [--used] [type...]');
  process.exit(2);
}
const wanted = new Set(rest.filter((argument) => argument !== '--used'));
if (rest.includes('--used')) for (const type of usedTypes()) wanted.add(type);

for (const provider of PROVIDERS) {
  const full = JSON.parse(readFileSync(join(source, `${provider}.json`), 'utf8'));
  const file = new URL(`${provider}.json`, FIXTURES);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { resources: {}, dataSources: {} };
  const prefix = `${provider.split('-')[0]}_`;
  const types = [...wanted].map((type) => ({ data: type.startsWith('data.'), name: type.replace(/^data\./, '') }));
  const mine = types.filter(({ name }) => name.startsWith(prefix));
  // azapi and helm have few types: all of them.
  const all = prefix === 'azapi_' || prefix === 'helm_';
  const pick = (schemas, data, known) => {
    const names = all ? Object.keys(schemas) : mine.filter((type) => type.data === data).map(({ name }) => name);
    return Object.fromEntries(
      [...new Set([...names, ...Object.keys(known)])].sort().map((name) => {
        if (!schemas[name]) throw new Error(`${provider} has no ${data ? 'data source' : 'resource'} ${name}`);
        return [name, distilled(schemas[name].block)];
      }),
    );
  };
  write(file, {
    source: `terraform providers schema -json, ${full.provider}`,
    version: full.version,
    provider: distilled(full.provider_schema.block),
    resources: pick(full.resource_schemas, false, before.resources),
    dataSources: pick(full.data_source_schemas, true, before.dataSources),
  });
}

/** Attributes as [type, use], nested attributes as [{ mode, attributes }, use], blocks with their bounds. */
function distilled(block) {
  const attributes = Object.fromEntries(Object.entries(block.attributes ?? {}).map(([name, value]) => [name, attribute(value)]));
  const blocks = Object.fromEntries(
    Object.entries(block.block_types ?? {}).map(([name, nested]) => [
      name,
      { mode: nested.nesting_mode, min: nested.min_items, max: nested.max_items, ...distilled(nested.block) },
    ]),
  );
  return { attributes, ...(Object.keys(blocks).length > 0 ? { blocks } : {}) };
}

function attribute(value) {
  const use = value.required ? 'required' : value.optional ? 'optional' : 'computed';
  if (!value.nested_type) return [value.type, use];
  const nested = Object.entries(value.nested_type.attributes).map(([name, inner]) => [name, attribute(inner)]);
  return [{ mode: value.nested_type.nesting_mode, attributes: Object.fromEntries(nested) }, use];
}

/** One line a type, so that a diff shows which types changed. */
function write(file, { resources, dataSources, ...head }) {
  const lines = (types) =>
    Object.entries(types)
      .map(([name, schema]) => `  ${JSON.stringify(name)}: ${JSON.stringify(schema)}`)
      .join(',\n');
  const start = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const text = `{\n${start.join(',\n')},\n"resources": {\n${lines(resources)}\n},\n"dataSources": {\n${lines(dataSources)}\n}\n}\n`;
  writeFileSync(file, text);
  console.log(`${file.pathname}: ${Object.keys(resources).length} resources, ${Object.keys(dataSources).length} data sources`);
}

function usedTypes() {
  const found = [];
  for (const folder of ['lib', 'stacks', 'examples']) {
    const root = new URL(`../${folder}/`, import.meta.url);
    if (!existsSync(root)) continue;
    for (const entry of readdirSync(root, { recursive: true })) {
      if (!entry.endsWith('.ts') || entry.includes('node_modules')) continue;
      const text = readFileSync(new URL(entry, root), 'utf8');
      for (const [, provider, folderName] of text.matchAll(/@cdktf\/provider-(azurerm|kubernetes|helm)\/lib\/([a-z0-9-]+)/g)) {
        if (folderName === 'provider') continue;
        const data = folderName.startsWith(`data-${provider}-`);
        const type = folderName.replace(`data-${provider}-`, '').replaceAll('-', '_');
        found.push(`${data ? 'data.' : ''}${provider}_${type}`);
      }
    }
  }
  return found;
}
