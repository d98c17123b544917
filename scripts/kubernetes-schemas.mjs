// Makes JSON schemas, a file for each kind, of the OpenAPI document that Kubernetes publishes: what kubeconform reads. Strict:
// a field that the kind does not know is refused, as the API server would drop it in silence.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PREFIX = '#/definitions/';

/**
 * @param swagger path of api/openapi-spec/swagger.json
 * @param folder where the schemas go, as <kind>-<first part of the group>-<version>.json in lower case
 * @returns how many there are
 */
export function writeSchemas(swagger, folder) {
  const { definitions } = JSON.parse(readFileSync(swagger, 'utf8'));
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      // DeleteOptions and the like are of every group: nobody writes them into a file.
      if ((definition['x-kubernetes-group-version-kind'] ?? []).length > 1) continue;
      const file = [kind, ...(group === '' ? [] : [group.split('.')[0]]), version].join('-').toLowerCase();
      const schema = inlined(definition, definitions, [name]);
      const identity = { apiVersion: { const: group === '' ? version : `${group}/${version}` }, kind: { const: kind } };
      schema.properties = { ...schema.properties, ...identity };
      schema.required = [...new Set([...(schema.required ?? []), 'apiVersion', 'kind'])];
      writeFileSync(join(folder, `${file}.json`), JSON.stringify(schema));
      count += 1;
    }
  }
  return count;
}

/** The schema with what it refers to written out; what refers to itself stays open below. */
function inlined(schema, definitions, path) {
  if (schema.$ref) {
    const name = schema.$ref.slice(PREFIX.length);
    if (name.endsWith('.IntOrString')) return { type: ['string', 'integer', 'null'] };
    if (name.endsWith('.Quantity')) return { type: ['string', 'number', 'null'] };
    return path.includes(name) ? {} : inlined(definitions[name], definitions, [...path, name]);
  }
  const { type, format, properties, items, additionalProperties, required, enum: values } = schema;
  const of = (part) => inlined(part, definitions, path);
  // A value of null counts as left out.
  const types = type === undefined ? {} : { type: path.length > 1 || type !== 'object' ? [type, 'null'] : type };
  return {
    ...types,
    ...(values ? { enum: [...values, null] } : {}),
    ...(format === 'int-or-string' ? { type: ['string', 'integer', 'null'] } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, of(part)])),
          additionalProperties: false,
        }
      : {}),
    ...(additionalProperties && typeof additionalProperties === 'object'
      ? { additionalProperties: of(additionalProperties) }
      : {}),
    ...(items ? { items: of(items) } : {}),
    ...(required ? { required } : {}),
  };
}
