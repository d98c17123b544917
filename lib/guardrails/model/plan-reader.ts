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
  readonly change?: { readonly after?: unknown; readonly after_unknown?: unknown; readonly after_sensitive?: unknown };
}

/** Whether a parsed file looks like the output of `terraform show -json` for a plan. */
export function isPlan(json: unknown): json is Record<string, unknown> {
  return isObject(json) && typeof json.format_version === 'string' && ('resource_changes' in json || 'planned_values' in json);
}

/**
 * Reads `terraform show -json` of a plan into the shape of Terraform JSON, so that rules know one shape only: what is unknown
 * becomes the expression that the configuration states, and what Terraform fills in with null, "" or no block is left out.
 */
export function readPlan(name: string, json: Record<string, unknown>, companion?: PlanCompanion, file?: string): StackModel {
  const configuration = isObject(json.configuration) ? json.configuration : {};
  const expressions = configuredExpressions(configuration.root_module, '');
  const planned = Array.isArray(json.resource_changes) ? json.resource_changes.filter(isPlanned) : [];
  const resources: ResourceSource[] = planned
    .filter((resource) => isObject(resource.change?.after))
    .map((resource) => {
      const prefix = resource.mode === 'data' ? 'data.' : '';
      const address = resource.address.includes('[') ? resource.address.replace(/\[[^\]]*\]/g, '') : resource.address;
      const merged = merge(resource.change?.after, resource.change?.after_unknown, expressions.get(address));
      // Beside its synthesized stack, a resource without a lifecycle has none; alone, a plan does not tell.
      const lifecycle = companion?.lifecycles[address] ?? (companion && address in companion.constructPaths ? {} : undefined);
      const provisioner = companion?.provisioners[address];
      const beside = {
        ...(lifecycle === undefined ? {} : { lifecycle }),
        ...(provisioner === undefined ? {} : { provisioner }),
      };
      const stated = isObject(merged) ? merged : {};
      const attributes = companion ? { ...stated, ...beside } : stated;
      return {
        type: `${prefix}${resource.type}`,
        name: resource.name,
        address: resource.address,
        constructPath: companion?.constructPaths[address] ?? resource.address,
        sourceLocation: companion?.sourceLocations[address],
        attributes: withParsedBody(resource.type, attributes),
        sensitiveAttributes: sensitiveKeys(resource.change?.after_sensitive),
      };
    });
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

function isPlanned(value: unknown): value is PlannedResource {
  return isObject(value) && [value.address, value.type, value.name].every((field) => typeof field === 'string');
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
  if (Array.isArray(after)) return mergeItems(after, unknown, stated);
  return isObject(after) ? mergeMembers(after, isObject(unknown) ? unknown : undefined, stated) : after;
}

function mergeItems(after: unknown[], unknown: unknown, stated: unknown): unknown[] | undefined {
  if (after.length === 0) return undefined;
  const whole = isObject(stated) ? referencesOnly(stated) : undefined;
  const items = after.map((item, index) =>
    merge(item, at(unknown, index), Array.isArray(stated) ? (stated[index] ?? stated[0]) : whole),
  );
  return items.every((item, index) => item === after[index]) ? after : items;
}

function mergeMembers(
  after: Record<string, unknown>,
  unknown: Record<string, unknown> | undefined,
  stated: unknown,
): Record<string, unknown> {
  const expressions = isObject(stated) && stated.constant_value === undefined ? stated : undefined;
  const whole = expressions && referencesOnly(expressions);
  const added = unknown ? Object.keys(unknown).some((key) => !Object.hasOwn(after, key)) : false;
  let merged: Record<string, unknown> | undefined = added ? {} : undefined;
  const keys = Object.keys(after);
  for (const [index, key] of keys.entries()) {
    const was = after[key];
    const later = unknown?.[key];
    const value =
      typeof was !== 'object' && later !== true ? was : merge(was, later, expressions ? (expressions[key] ?? whole) : undefined);
    if (!merged && (value !== was || isLeftOut(value))) {
      merged = {};
      for (const before of keys.slice(0, index)) merged[before] = after[before];
    }
    if (merged && !isLeftOut(value)) merged[key] = value;
  }
  if (!merged) return after;
  for (const key of unknown ? Object.keys(unknown) : []) {
    if (Object.hasOwn(after, key)) continue;
    const value = merge(undefined, unknown?.[key], expressions ? (expressions[key] ?? whole) : undefined);
    if (!isLeftOut(value)) merged[key] = value;
  }
  return merged;
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

function sensitiveKeys(sensitive: unknown): string[] {
  if (!isObject(sensitive)) return [];
  return Object.entries(sensitive).flatMap(([key, flag]) => (holdsTrue(flag) ? [key] : []));
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
