import type { AllowedPlaces } from '../../../lib/guardrails/model/stack-model';

export type Json = Record<string, unknown>;

/** A stack that a rule is held against, and the stack's name where the stage matters. */
export interface Stack {
  readonly json: Json;
  readonly stackName?: string;
  /** Why a plan cannot tell what the synthesized JSON tells. */
  readonly synthOnly?: string;
  /** What the platform team allows. */
  readonly allowed?: AllowedPlaces;
  /** Another stack of the app. */
  readonly beside?: Stack;
}

/** What a rule says about some stacks. Passing means that nothing failed and nothing was left open. */
export interface RuleCases {
  readonly pass: readonly Stack[];
  readonly fail: readonly Stack[];
  readonly unknown: readonly Stack[];
}

export const LATER = '${var.later}';
export const ID = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers';

/** One resource of a stack; an address such as "azurerm_subnet.nodes". */
export function resource(address: string, attributes: Json): Json {
  const [type = '', name = ''] = address.split('.');
  return { resource: { [type]: { [name]: attributes } } };
}

export function data(address: string, attributes: Json): Json {
  const [type = '', name = ''] = address.split('.');
  return { data: { [type]: { [name]: attributes } } };
}

/** Parts put together as one stack of prod. */
export function stack(...parts: Json[]): Stack {
  return { json: parts.reduce((whole, part) => merge(whole, part), {}) };
}

/** One resource alone. */
export function only(type: string): (attributes: Json, ...more: Json[]) => Stack {
  return (attributes, ...more) => stack(resource(`${type}.it`, attributes), ...more);
}

export function inStage(stage: string, one: Stack): Stack {
  return { ...one, stackName: `${stage}-test` };
}

export function allowing(allowed: AllowedPlaces, one: Stack): Stack {
  return { ...one, allowed };
}

export function beside(other: Stack, one: Stack): Stack {
  return { ...one, beside: other };
}

export function synthOnly(reason: string, one: Stack): Stack {
  return { ...one, synthOnly: reason };
}

function merge(a: Json, b: Json): Json {
  const merged: Json = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = merged[key];
    merged[key] = isJson(before) && isJson(value) ? merge(before, value) : value;
  }
  return merged;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
