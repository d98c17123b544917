import { isObject } from './json';
import { withReleasedObjects } from './manifests';
import type { ResourceSource } from './stack-model';
import { type AcknowledgementRecord, StackModel } from './stack-model';
import { withParsedBody } from './synth-reader';

/** What a plan does not hold, as the synthesized stack has it. */
export interface PlanCompanion {
  readonly constructPaths: { readonly [address: string]: string };
  readonly acknowledgements: AcknowledgementRecord[];
  readonly lifecycles: { readonly [address: string]: unknown };
  readonly provisioners: { readonly [address: string]: unknown };
  readonly sourceLocations: { readonly [address: string]: string | undefined };
  /** What is no resource: the block `terraform` with the backend, variables and outputs. */
  readonly settings: readonly ResourceSource[];
}

const UNKNOWN = '${(known after apply)}';

interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly change?: {
    readonly before?: unknown;
    readonly before_sensitive?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly after_sensitive?: unknown;
  };
}

/** What is planned, or what stood before, as if it were planned. */
export type PlanSide = 'before' | 'after';

/** Whether a parsed file looks like the output of `terraform show -json` for a plan. */
export function isPlan(json: unknown): json is Record<string, unknown> {
  return isObject(json) && typeof json.format_version === 'string' && ('resource_changes' in json || 'planned_values' in json);
}

/**
 * Reads `terraform show -json` of a plan into the shape of Terraform JSON, so that rules know one shape only: what is unknown
 * becomes the expression that the configuration states, and what Terraform fills in with null, "" or no block is left out.
 */
export function readPlan(
  name: string,
  json: Record<string, unknown>,
  companion?: PlanCompanion,
  file?: string,
  side: PlanSide = 'after',
): StackModel {
  const configuration = isObject(json.configuration) ? json.configuration : {};
  // What stood before is known, so nothing of it is looked up in the configuration.
  const expressions = side === 'after' ? configuredExpressions(configuration.root_module, '') : NO_EXPRESSIONS;
  const resources: ResourceSource[] = [];
  for (const planned of Array.isArray(json.resource_changes) ? json.resource_changes : []) {
    if (!isPlanned(planned)) continue;
    const source = sourceOf(planned, side, expressions, companion);
    if (source) resources.push(source);
  }
  resources.push(
    ...providers(configuration.provider_config),
    ...(companion ? companion.settings : outputs(configuration.root_module)),
  );
  return new StackModel({
    name,
    origin: 'plan',
    resources: withReleasedObjects(resources),
    acknowledgements: companion?.acknowledgements ?? [],
    file,
  });
}

type Expressions = ReadonlyMap<string, Record<string, unknown>>;

const NO_EXPRESSIONS: Expressions = new Map();

function sourceOf(
  { address, mode, type, name, change }: PlannedResource,
  side: PlanSide,
  expressions: Expressions,
  companion: PlanCompanion | undefined,
): ResourceSource | undefined {
  const values = change?.[side];
  if (!isObject(values)) return undefined;
  const configured = address.includes('[') ? address.replace(/\[[^\]]*\]/g, '') : address;
  const unknown = side === 'after' ? change?.after_unknown : undefined;
  const merged = merge(values, unknown, expressions.get(configured));
  const attributes = isObject(merged) ? merged : {};
  return {
    type: mode === 'data' ? `data.${type}` : type,
    name,
    address,
    constructPath: companion?.constructPaths[configured] ?? address,
    sourceLocation: companion?.sourceLocations[configured],
    attributes: withParsedBody(type, companion ? besides(attributes, configured, companion) : attributes),
    sensitiveAttributes: sensitiveKeys(side === 'after' ? change?.after_sensitive : change?.before_sensitive),
  };
}

function besides(merged: Record<string, unknown>, address: string, companion: PlanCompanion): Record<string, unknown> {
  // Beside its synthesized stack, a resource without a lifecycle has none; alone, a plan does not tell.
  const lifecycle = companion.lifecycles[address] ?? (address in companion.constructPaths ? {} : undefined);
  const provisioner = companion.provisioners[address];
  return {
    ...merged,
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(provisioner === undefined ? {} : { provisioner }),
  };
}

function isPlanned(value: unknown): value is PlannedResource {
  return isObject(value) && typeof value.address === 'string' && typeof value.type === 'string' && typeof value.name === 'string';
}

/** Expressions of every resource by address, child modules included. */
function configuredExpressions(module: unknown, prefix: string): Map<string, Record<string, unknown>> {
  const found = new Map<string, Record<string, unknown>>();
  if (!isObject(module)) return found;
  for (const resource of Array.isArray(module.resources) ? module.resources : []) {
    if (isObject(resource) && typeof resource.address === 'string' && isObject(resource.expressions)) {
      found.set(prefix + resource.address, resource.expressions);
    }
  }
  const calls = isObject(module.module_calls) ? module.module_calls : {};
  for (const [name, call] of Object.entries(calls)) {
    if (!isObject(call)) continue;
    for (const [address, value] of configuredExpressions(call.module, `${prefix}module.${name}.`)) found.set(address, value);
  }
  return found;
}

/**
 * Puts the unknown parts into the known ones. An unknown attribute that the configuration does not state is computed: the
 * provider or Azure picks it, as where Terraform JSON leaves it out. What stays as it is is not copied.
 */
function merge(after: unknown, unknown: unknown, stated: unknown): unknown {
  if (unknown === true) return stated === undefined ? undefined : expressionOf(stated);
  if (typeof unknown !== 'object' || unknown === null) return cleaned(after);
  if (Array.isArray(after)) return mergeItems(after, unknown, stated);
  return isObject(after) ? mergeMembers(after, isObject(unknown) ? unknown : NOTHING, stated) : after;
}

function mergeItems(after: unknown[], unknown: unknown, stated: unknown): unknown[] | undefined {
  if (after.length === 0) return undefined;
  const whole = isObject(stated) ? referencesOnly(stated) : undefined;
  const items = after.map((item, index) =>
    merge(item, at(unknown, index), Array.isArray(stated) ? (stated[index] ?? stated[0]) : whole),
  );
  return items.every((item, index) => item === after[index]) ? after : items;
}

const NOTHING: Record<string, unknown> = {};

function mergeMembers(
  after: Record<string, unknown>,
  unknown: Record<string, unknown>,
  stated: unknown,
): Record<string, unknown> {
  const unknownKeys = Object.keys(unknown);
  if (unknownKeys.length === 0) return cleanedMembers(after);
  const expressions = isObject(stated) && stated.constant_value === undefined ? stated : undefined;
  const whole = expressions && referencesOnly(expressions);
  const statedFor = (key: string) => (expressions ? (expressions[key] ?? whole) : undefined);
  let merged: Record<string, unknown> | undefined;
  for (const key in after) {
    const was = after[key];
    const later = unknown[key];
    const value = typeof was !== 'object' && later !== true ? was : merge(was, later, statedFor(key));
    if (!merged && (value !== was || isLeftOut(value))) merged = membersBefore(after, key);
    if (merged && !isLeftOut(value)) merged[key] = value;
  }
  for (const key of unknownKeys) {
    if (Object.hasOwn(after, key)) continue;
    const value = merge(undefined, unknown[key], statedFor(key));
    if (isLeftOut(value)) continue;
    merged ??= { ...after };
    merged[key] = value;
  }
  return merged ?? after;
}

/** The same where all is known, which most of a plan is. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return cleanedItems(value);
  return isObject(value) ? cleanedMembers(value) : value;
}

function cleanedItems(items: unknown[]): unknown[] | undefined {
  if (items.length === 0) return undefined;
  let kept: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const was = items[index];
    if (typeof was !== 'object') continue;
    const value = cleaned(was);
    if (value === was) continue;
    kept ??= [...items];
    kept[index] = value;
  }
  return kept ?? items;
}

function cleanedMembers(members: Record<string, unknown>): Record<string, unknown> {
  let kept: Record<string, unknown> | undefined;
  for (const key in members) {
    const was = members[key];
    const value = typeof was === 'object' ? cleaned(was) : was;
    if (!kept && (value !== was || isLeftOut(value))) kept = membersBefore(members, key);
    if (kept && !isLeftOut(value)) kept[key] = value;
  }
  return kept ?? members;
}

function membersBefore(members: Record<string, unknown>, end: string): Record<string, unknown> {
  const copied: Record<string, unknown> = {};
  for (const key in members) {
    if (key === end) break;
    copied[key] = members[key];
  }
  return copied;
}

/** Terraform fills in what nobody states. */
function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A map or object that is built from references as a whole states each of its members. */
function referencesOnly(stated: Record<string, unknown>): unknown {
  return Array.isArray(stated.references) ? stated : undefined;
}

function at(list: unknown, index: number): unknown {
  return Array.isArray(list) ? list[index] : undefined;
}

function expressionOf(stated: unknown): string {
  const references = isObject(stated) && Array.isArray(stated.references) ? stated.references : [];
  // Terraform lists "azurerm_subnet.nodes.id" and then its resource "azurerm_subnet.nodes"
  const specific = references.filter(
    (reference) =>
      typeof reference === 'string' &&
      !references.some((other) => typeof other === 'string' && other.startsWith(`${reference}.`)),
  );
  if (specific.length === 0) return UNKNOWN;
  return specific.length === 1 ? `\${${specific[0]}}` : `\${[${specific.join(', ')}]}`;
}

function sensitiveKeys(sensitive: unknown): string[] | undefined {
  if (!isObject(sensitive)) return undefined;
  const keys = Object.keys(sensitive).filter((key) => holdsTrue(sensitive[key]));
  return keys.length > 0 ? keys : undefined;
}

function holdsTrue(flag: unknown): boolean {
  const open = [flag];
  while (open.length > 0) {
    const current = open.pop();
    if (current === true) return true;
    if (typeof current === 'object' && current !== null) open.push(...Object.values(current));
  }
  return false;
}

function providers(section: unknown): ResourceSource[] {
  if (!isObject(section)) return [];
  return Object.entries(section).flatMap(([key, provider]) => {
    if (!isObject(provider)) return [];
    const name = typeof provider.name === 'string' ? provider.name : key;
    const address = `provider.${key}`;
    return [{ type: 'provider', name, address, constructPath: address, attributes: stateOf(provider.expressions) }];
  });
}

/** Expressions of the configuration as values: constants, references, and blocks of both. */
function stateOf(expressions: unknown): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, expression] of Object.entries(isObject(expressions) ? expressions : {})) values[key] = stated(expression);
  return values;
}

function stated(expression: unknown): unknown {
  if (Array.isArray(expression)) return expression.map(stated);
  if (!isObject(expression)) return expression;
  if ('constant_value' in expression) return expression.constant_value;
  if ('references' in expression) return expressionOf(expression);
  return stateOf(expression);
}

function outputs(module: unknown): ResourceSource[] {
  const section = isObject(module) && isObject(module.outputs) ? module.outputs : {};
  return Object.entries(section).flatMap(([name, output]) => {
    if (!isObject(output)) return [];
    const attributes = { value: stated(output.expression), ...(output.sensitive === true ? { sensitive: true } : {}) };
    return [{ type: 'output', name, address: `output.${name}`, constructPath: `output.${name}`, attributes }];
  });
}
