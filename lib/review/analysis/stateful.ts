import { isObject } from '../../guardrails/model/json';
import table from '../data/stateful-types.json';
import type { StatefulLoss } from '../model/review';

const TYPES: { readonly [type: string]: readonly string[] } = table.types;
const ARM_TYPES: { readonly [type: string]: readonly string[] } = table.armTypes;
/** Types whose loss can be made good by an apply, as a rule: reported, but not first. */
const MINOR = new Set(table.minor);

/** What goes with a resource; undefined where it keeps nothing. */
export function lossOf(type: string, before: unknown): StatefulLoss | undefined {
  const entry = type === 'azapi_resource' ? ARM_TYPES[armType(before)] : TYPES[type];
  const [what, recovery] = entry ?? [];
  return what === undefined || recovery === undefined ? undefined : { what, recovery };
}

/** Whether the loss belongs on top of a report. */
export function isMinorLoss(type: string): boolean {
  return MINOR.has(type);
}

function armType(before: unknown): string {
  const type = isObject(before) ? before.type : undefined;
  return typeof type === 'string' ? (type.split('@')[0] ?? '').toLowerCase() : '';
}
