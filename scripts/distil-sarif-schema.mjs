// Cuts the schema of SARIF 2.1.0 down to what decides whether a file is valid, as facts for the tests.
//
//   npm pack @microsoft/jest-sarif@1.0.0-beta.0 && tar xzf microsoft-jest-sarif-1.0.0-beta.0.tgz
//   node scripts/distil-sarif-schema.mjs package/lib/schemas/sarif-2.1.0-rtm.5.json
import { readFileSync, writeFileSync } from 'node:fs';

const [source] = process.argv.slice(2);
if (!source) {
  console.error('usage: node scripts/distil-sarif-schema.mjs <sarif-2.1.0-rtm.5.json>');
  process.exit(2);
}

/** Keywords that say something to a reader only. A property may have the name of one: then it holds a schema. */
const WORDS = ['description', 'title', '$comment', 'default', 'id', '$schema'];

function bare(schema, isMapOfSchemas) {
  if (Array.isArray(schema)) return schema.map((item) => bare(item, false));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => isMapOfSchemas || !WORDS.includes(key));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, bare(inner, !isMapOfSchemas && ['properties', 'definitions'].includes(key))]),
  );
}

const { definitions, ...rest } = bare(JSON.parse(readFileSync(source, 'utf8')), false);
const head = {
  source: 'OASIS SARIF 2.1.0 (rtm.5), as @microsoft/jest-sarif 1.0.0-beta.0 ships it (lib/schemas/sarif-2.1.0-rtm.5.json)',
  version: '2.1.0',
};
const lines = Object.entries(definitions).map(([name, definition]) => `  ${JSON.stringify(name)}: ${JSON.stringify(definition)}`);
const schema = `{\n${Object.entries(rest)
  .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  .join(',\n')},\n"definitions": {\n${lines.join(',\n')}\n}\n}`;
const text = `{\n"source": ${JSON.stringify(head.source)},\n"version": ${JSON.stringify(head.version)},\n"schema": ${schema}\n}\n`;
JSON.parse(text);
writeFileSync(new URL('../test/fixtures/facts/sarif-2.1.0.json', import.meta.url), text);
console.log(`${lines.length} definitions, ${text.length} bytes`);
