import type { ResourceModel } from '../../guardrails/model/stack-model';
import { type StackInput, withoutIndex } from '../plan/stack-input';

const DATA = 'data.';

/** Tells whether a stack looks up a resource of another one, by its address there: data of the same type, name and resource group. */
export function lookUpsOf(reader: StackInput): (stack: StackInput, address: string) => boolean {
  const lookUps = new Map<string, ResourceModel[]>();
  for (const data of reader.synthesized?.resources ?? []) {
    if (!data.type.startsWith(DATA) || literal(data, 'name') === undefined) continue;
    const type = data.type.slice(DATA.length);
    lookUps.set(type, [...(lookUps.get(type) ?? []), data]);
  }
  if (lookUps.size === 0) return () => false;
  return ({ synthesized }, address) => {
    const resource = synthesized?.find(withoutIndex(address));
    return resource !== undefined && (lookUps.get(resource.type) ?? []).some((data) => means(data, resource));
  };
}

function means(data: ResourceModel, resource: ResourceModel): boolean {
  if (literal(data, 'name') !== literal(resource, 'name')) return false;
  const [looked, stands] = [literal(data, 'resource_group_name'), literal(resource, 'resource_group_name')];
  // What is known when it is applied only may be the same.
  return looked === undefined || stands === undefined || looked === stands;
}

function literal({ attributes }: ResourceModel, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === 'string' && !value.includes('${') ? value : undefined;
}
