import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformJson } from './synth';

type TypeExpression =
  | string
  | {
      readonly ref?: string;
      readonly array?: TypeExpression;
      readonly enum?: string[];
      readonly open?: boolean;
      readonly const?: string;
      readonly type?: string;
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly minValue?: number;
      readonly maxValue?: number;
    };

interface ArmProperty {
  readonly t: TypeExpression;
  readonly f?: string[];
}

interface ArmType {
  readonly props?: Record<string, ArmProperty>;
  readonly additional?: TypeExpression;
  readonly discriminator?: string;
  readonly base?: Record<string, ArmProperty>;
  readonly variants?: Record<string, TypeExpression>;
}

interface Facts {
  readonly version: string;
  readonly resources: string[];
  readonly types: Record<string, ArmType>;
}

/** The types of one version, and whether a body must be complete. */
interface Within {
  readonly types: Record<string, ArmType>;
  readonly whole: boolean;
}

/** The version of most types; a newer one where a property is new. */
const FACTS = ['arm-ml-2025-06-01', 'arm-ml-2026-05-01'].map(
  (name) => JSON.parse(readFileSync(join(__dirname, `../fixtures/facts/${name}.json`), 'utf8')) as Facts,
);
const PREFIX = 'Microsoft.MachineLearningServices/';
/** Given as arguments of azapi, not in the body. */
const ARGUMENTS = ['id', 'name', 'type', 'apiVersion', 'location', 'identity', 'tags'];

/**
 * What Azure ML would refuse in the bodies of a stack's azapi resources: unknown and read-only properties, missing ones, wrong
 * types, values that are not allowed. Types of other services are not looked at.
 */
export function armProblems(json: TerraformJson): string[] {
  return [
    ...problemsOf(json.resource?.azapi_resource ?? {}, 'azapi_resource', true),
    ...problemsOf(json.resource?.azapi_update_resource ?? {}, 'azapi_update_resource', false),
  ];
}

function problemsOf(instances: Record<string, Record<string, unknown>>, kind: string, whole: boolean): string[] {
  return Object.entries(instances).flatMap(([name, instance]) => {
    const [type = '', version] = String(instance.type).split('@');
    if (!type.startsWith(PREFIX)) return [];
    const at = `${kind}.${name}`;
    const known = FACTS.filter(({ resources }) => resources.includes(type));
    if (known.length === 0) return [`${at}: ${type} is not in test/fixtures/facts`];
    const facts = known.find((candidate) => candidate.version === version);
    const armType = facts?.types[type];
    if (!facts || !armType) return [`${at}: version ${version}, the facts are of ${known.map((one) => one.version).join(', ')}`];
    const properties = Object.entries(armType.props ?? {}).filter(([key]) => !ARGUMENTS.includes(key));
    return objectProblems(instance.body ?? {}, { props: Object.fromEntries(properties) }, at, { types: facts.types, whole });
  });
}

function objectProblems(value: unknown, type: ArmType, path: string, within: Within): string[] {
  if (!isObject(value)) return [`${path}: an object is wanted`];
  const variant = variantOf(value, type, within);
  if (variant === 'unknown') return [`${path}: ${type.discriminator} is none of ${Object.keys(type.variants ?? {}).join(', ')}`];
  const props = { ...type.base, ...type.props, ...variant?.props };
  if (variant?.discriminator !== undefined)
    return objectProblems(value, { ...variant, base: { ...props, ...variant.base } }, path, within);
  const missing = Object.entries(props)
    .filter(([key, { f }]) => within.whole && f?.includes('required') && value[key] === undefined)
    .map(([key]) => `${path}: ${key} is missing`);
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  const problems = given.flatMap(([key, inner]) => {
    const property = props[key];
    const at = `${path}.${key}`;
    if (property?.f?.includes('readOnly')) return [`${at}: only Azure sets it`];
    if (property) return typeProblems(inner, property.t, at, within);
    return type.additional === undefined ? [`${at} is not known`] : typeProblems(inner, type.additional, at, within);
  });
  return [...missing, ...problems];
}

function variantOf(value: Record<string, unknown>, type: ArmType, within: Within): ArmType | 'unknown' | undefined {
  if (type.discriminator === undefined) return undefined;
  const variant = type.variants?.[String(value[type.discriminator])];
  if (typeof variant !== 'object' || variant.ref === undefined) return 'unknown';
  return within.types[variant.ref] ?? 'unknown';
}

function typeProblems(value: unknown, type: TypeExpression, path: string, within: Within): string[] {
  if (typeof value === 'string' && value.includes('${')) return [];
  if (typeof type === 'string') return scalarProblems(value, type, path);
  if (type.ref !== undefined) return objectProblems(value, within.types[type.ref] ?? {}, path, within);
  if (type.array !== undefined) {
    const item = type.array;
    if (!Array.isArray(value)) return [`${path}: a list is wanted`];
    return value.flatMap((inner, index) => typeProblems(inner, item, `${path}[${index}]`, within));
  }
  if (type.enum !== undefined) {
    return type.enum.includes(String(value)) ? [] : [`${path}: ${JSON.stringify(value)} is none of ${type.enum.join(', ')}`];
  }
  if (type.const !== undefined) return value === type.const ? [] : [`${path}: ${JSON.stringify(value)} is not ${type.const}`];
  return [...scalarProblems(value, type.type ?? 'any', path), ...boundProblems(value, type, path)];
}

function boundProblems(value: unknown, type: Exclude<TypeExpression, string>, path: string): string[] {
  const bad =
    (typeof value === 'string' &&
      ((type.pattern !== undefined && !new RegExp(type.pattern).test(value)) ||
        value.length < (type.minLength ?? 0) ||
        value.length > (type.maxLength ?? Number.POSITIVE_INFINITY))) ||
    (typeof value === 'number' &&
      (value < (type.minValue ?? Number.NEGATIVE_INFINITY) || value > (type.maxValue ?? Number.POSITIVE_INFINITY)));
  return bad ? [`${path}: ${JSON.stringify(value)} does not fit ${JSON.stringify(type)}`] : [];
}

function scalarProblems(value: unknown, type: string, path: string): string[] {
  const fits: Record<string, boolean> = {
    string: typeof value === 'string',
    int: typeof value === 'number', // the types know no other number, though Azure takes fractions
    bool: typeof value === 'boolean',
    any: true,
  };
  return fits[type] === false ? [`${path}: a ${type} is wanted, got ${JSON.stringify(value)}`] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
