import { createHash } from 'node:crypto';
import type { ResourceModel, StackModel } from '../../guardrails/model/stack-model';

/** What a resource states, with keys in order and without CDKTF's comment. */
export function bodyOf(resource: ResourceModel): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resource.attributes)
      .filter(([key]) => key !== '//')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export function digestOf(...models: (StackModel | undefined)[]): string {
  const hash = createHash('sha256');
  for (const model of models) {
    hash.update('\0');
    for (const resource of model?.resources ?? []) hash.update(`${resource.address}\n${JSON.stringify(bodyOf(resource))}\n`);
  }
  return hash.digest('hex');
}
