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
      const attributes = isObject(merged) ? merged : {};
      if (lifecycle !== undefined) attributes.lifecycle = lifecycle;
      const provisioner = companion?.provisioners[address];
      if (provisioner !== undefined) attributes.provisioner = provisioner;
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
 * provider or Azure picks it, as where Terraform JSON leaves it out.
 */
function merge(after: unknown, unknown: unknown, stated: unknown): unknown {
  if (unknown === true) return stated === undefined ? undefined : expressionOf(stated);
  if (Array.isArray(after)) {
    const whole = isObject(stated) ? referencesOnly(stated) : undefined;
    const items = after.map((item, index) =>
      merge(item, at(unknown, index), Array.isArray(stated) ? (stated[index] ?? stated[0]) : whole),
    );
    return items.length === 0 ? undefined : items;
  }
  if (isObject(after)) {
    const constant = isObject(stated) && 'constant_value' in stated ? stated.constant_value : undefined;
    const later = isObject(unknown) ? unknown : undefined;
    const merged: Record<string, unknown> = {};
    const add = (key: string) => {
      const part = constant === undefined && isObject(stated) ? (stated[key] ?? referencesOnly(stated)) : undefined;
      const value = merge(after[key], later?.[key], part);
      if (value !== undefined && value !== null && value !== '') merged[key] = value;
    };
    for (const key of Object.keys(after)) add(key);
    if (later) for (const key of Object.keys(later)) if (!Object.hasOwn(after, key)) add(key);
    return merged;
  }
  return after;
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
