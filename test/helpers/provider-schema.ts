import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformJson } from './synth';

/** A type as Terraform writes it: "string", ["list", "string"], ["object", { … }], or one with attributes of its own. */
type AttributeType = string | [string, unknown] | NestedAttributes;

interface NestedAttributes {
  readonly mode: string;
  readonly attributes: Record<string, Attribute>;
}

type Attribute = [AttributeType, 'required' | 'optional' | 'computed'];

interface Block {
  readonly attributes: Record<string, Attribute>;
  readonly blocks?: Record<string, NestedBlock>;
}

interface NestedBlock extends Block {
  readonly mode: string;
  readonly min?: number;
  readonly max?: number;
}

interface ProviderSchema {
  readonly source: string;
  readonly version: string;
  readonly provider: Block;
  readonly resources: Record<string, Block>;
  readonly dataSources: Record<string, Block>;
}

const FILES = ['azurerm-4.55.0', 'azapi-2.8.0', 'helm-3.1.1', 'kubernetes-2.38.0'];
const META = new Set(['//', 'depends_on', 'count', 'for_each', 'provider', 'lifecycle', 'provisioner', 'connection', 'timeouts']);
const schemas = new Map<string, ProviderSchema>();

/** The distilled schema of a provider, e.g. "azurerm". */
export function providerSchema(provider: string): ProviderSchema | undefined {
  const file = FILES.find((name) => name.startsWith(`${provider}-`));
  if (!file) return undefined;
  const known = schemas.get(provider);
  if (known) return known;
  const read = JSON.parse(readFileSync(join(__dirname, '../fixtures/facts', `${file}.json`), 'utf8')) as ProviderSchema;
  schemas.set(provider, read);
  return read;
}

/**
 * What the real providers would refuse in a stack's Terraform JSON: types and attributes they do not know, values they compute
 * themselves, missing ones, wrong types, too few or too many blocks. Empty when all is well.
 */
export function schemaProblems(json: TerraformJson): string[] {
  return [
    ...elementProblems(json.resource ?? {}, 'resources', ''),
    ...elementProblems(json.data ?? {}, 'dataSources', 'data.'),
    ...Object.entries(json.provider ?? {}).flatMap(([name, configurations]) => {
      const schema = providerSchema(name);
      if (!schema) return [`provider ${name}: no schema of it in test/fixtures/facts`];
      const block = {
        ...schema.provider,
        attributes: { ...schema.provider.attributes, alias: ['string', 'optional'] as Attribute },
      };
      return configurations.flatMap((configuration) => blockProblems(configuration, block, `provider ${name}`));
    }),
  ];
}

function elementProblems(
  elements: Record<string, Record<string, Record<string, unknown>>>,
  section: 'resources' | 'dataSources',
  prefix: string,
): string[] {
  return Object.entries(elements).flatMap(([type, instances]) => {
    const schema = providerSchema(type.split('_')[0] ?? '')?.[section][type];
    if (schema === undefined) {
      return type === 'terraform_data'
        ? []
        : [`${prefix}${type}: not in test/fixtures/facts; add it with scripts/distil-provider-schemas.mjs`];
    }
    return Object.entries(instances).flatMap(([name, instance]) => {
      const own = Object.fromEntries(Object.entries(instance).filter(([key]) => !META.has(key)));
      return blockProblems(own, schema, `${prefix}${type}.${name}`);
    });
  });
}

function blockProblems(value: Record<string, unknown>, schema: Block, path: string): string[] {
  const blocks = schema.blocks ?? {};
  const dynamic = (value.dynamic ?? {}) as Record<string, unknown>;
  const given = Object.entries(value).filter(([name, inner]) => isSet(inner) && name !== 'dynamic');
  const unknown = given
    .filter(([name]) => !(name in schema.attributes) && !(name in blocks))
    .map(([name]) => `${path}: ${name} is not known`);
  const attributes = given.flatMap(([name, inner]) => {
    const attribute = schema.attributes[name];
    return attribute ? attributeProblems(inner, attribute, `${path}.${name}`) : [];
  });
  const missing = Object.entries(schema.attributes)
    .filter(([name, [, use]]) => use === 'required' && !isSet(value[name]))
    .map(([name]) => `${path}: ${name} is missing`);
  const nested = Object.entries(blocks).flatMap(([name, block]) =>
    name in dynamic ? [] : nestedProblems(value[name], block, `${path}.${name}`),
  );
  return [...unknown, ...attributes, ...missing, ...nested];
}

function nestedProblems(value: unknown, block: NestedBlock, path: string): string[] {
  if (isExpression(value)) return [];
  if (block.mode === 'map') {
    return Object.entries(isObject(value) ? value : {}).flatMap(([key, inner]) =>
      blockProblems(inner as Record<string, unknown>, block, `${path}.${key}`),
    );
  }
  const items = isSet(value) ? [value].flat() : [];
  if (items.length < (block.min ?? 0)) return [`${path}: ${items.length} blocks, at least ${block.min}`];
  const most = block.mode === 'single' ? 1 : block.max;
  if (most !== undefined && items.length > most) return [`${path}: ${items.length} blocks, at most ${most}`];
  return items.flatMap((item, index) => {
    const at = items.length > 1 ? `${path}[${index}]` : path;
    if (isExpression(item)) return [];
    return isObject(item) ? blockProblems(item, block, at) : [`${at}: a block is wanted, got ${typeof item}`];
  });
}

function attributeProblems(value: unknown, [type, use]: Attribute, path: string): string[] {
  return use === 'computed' ? [`${path}: only the provider sets it`] : typeProblems(value, type, path);
}

function typeProblems(value: unknown, type: AttributeType, path: string): string[] {
  if (!isSet(value) || isExpression(value)) return [];
  if (typeof type === 'string') return scalarProblems(value, type, path);
  if (!Array.isArray(type)) return nestedAttributeProblems(value, type, path);
  const [kind, inner] = type;
  if (kind === 'map') {
    if (!isObject(value)) return [`${path}: a map is wanted`];
    return Object.entries(value).flatMap(([key, item]) => typeProblems(item, inner as AttributeType, `${path}.${key}`));
  }
  if (kind === 'object') return objectProblems(value, inner as Record<string, AttributeType>, path);
  if (!Array.isArray(value)) return [`${path}: a ${kind} is wanted`];
  return value.flatMap((item, index) => typeProblems(item, inner as AttributeType, `${path}[${index}]`));
}

function objectProblems(value: unknown, fields: Record<string, AttributeType>, path: string): string[] {
  if (!isObject(value)) return [`${path}: an object is wanted`];
  const unknown = Object.keys(value).filter((name) => !(name in fields));
  // In Terraform's JSON such an object must name each of its fields, if only as null.
  const missing = Object.keys(fields).filter((name) => !(name in value));
  return [
    ...unknown.map((name) => `${path}: ${name} is not known`),
    ...missing.map((name) => `${path}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => typeProblems(inner, fields[name] ?? 'dynamic', `${path}.${name}`)),
  ];
}

function nestedAttributeProblems(value: unknown, { mode, attributes }: NestedAttributes, path: string): string[] {
  if (mode === 'map' && isObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      nestedAttributeProblems(inner, { mode: 'single', attributes }, `${path}.${key}`),
    );
  }
  const items = mode === 'single' ? [value] : value;
  if (!Array.isArray(items)) return [`${path}: a ${mode} is wanted`];
  return items.flatMap((item) => (isObject(item) ? blockProblems(item, { attributes }, path) : [`${path}: an object is wanted`]));
}

function scalarProblems(value: unknown, type: string, path: string): string[] {
  const fits: Record<string, boolean> = {
    string: ['string', 'number', 'boolean'].includes(typeof value),
    number: typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))),
    bool: typeof value === 'boolean' || value === 'true' || value === 'false',
    dynamic: true,
  };
  return fits[type] === true ? [] : [`${path}: a ${type} is wanted, got ${JSON.stringify(value)}`];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole value that Terraform works out: its type is Terraform's to check. */
function isExpression(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('${') && value.endsWith('}');
}
