import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';

/** Monthly deltas that infracost found, by address. */
export type InfracostDeltas = ReadonlyMap<string, number>;

/**
 * Reads what `infracost breakdown` or `infracost diff` writes as JSON.
 * @throws InputError when it is something else
 */
export function readInfracost(path: string, json: unknown): InfracostDeltas {
  if (!isObject(json) || !Array.isArray(json.projects)) {
    throw new InputError(path, {
      what: 'this is no result of infracost',
      fix: 'infracost diff --path plan.json --format json --out-file infracost.json',
    });
  }
  const deltas = new Map<string, number>();
  for (const project of json.projects.filter(isObject)) {
    const name = String(project.name ?? '');
    const part = isObject(project.diff) ? project.diff : {};
    for (const resource of Array.isArray(part.resources) ? part.resources.filter(isObject) : []) {
      const cost = Number(resource.monthlyCost);
      if (typeof resource.name !== 'string' || !Number.isFinite(cost)) continue;
      deltas.set(resource.name, cost);
      deltas.set(`${name.split('/').at(-1)} ${resource.name}`, cost);
    }
  }
  return deltas;
}
