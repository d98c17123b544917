import { isObject } from '../../guardrails/model/json';
import type { StackModel } from '../../guardrails/model/stack-model';
import type { StackInput } from '../plan/stack-input';

/** For each stack: the stacks whose state it reads, and which of their outputs. */
export type StateReads = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string> | 'any'>>;

/** Members of a backend's configuration that say which of its states is meant. */
const NAMES_A_STATE = ['key', 'path', 'prefix', 'name'];

/** Who reads whose state by `terraform_remote_state`, as the synthesized stacks say it. */
export function stateReads(inputs: readonly StackInput[]): StateReads {
  const readers = inputs.filter(({ synthesized }) => (synthesized?.ofType('data.terraform_remote_state').length ?? 0) > 0);
  return new Map(readers.map((reader) => [reader.stack, readsOf(reader, inputs)]));
}

function readsOf(reader: StackInput, inputs: readonly StackInput[]): Map<string, ReadonlySet<string> | 'any'> {
  const found = new Map<string, ReadonlySet<string> | 'any'>();
  const text = JSON.stringify(reader.synthesized?.resources.map(({ attributes }) => attributes) ?? []);
  for (const { name, attributes } of reader.synthesized?.ofType('data.terraform_remote_state') ?? []) {
    const producer = inputs.find(({ stack, synthesized }) => stack !== reader.stack && keepsStateAt(synthesized, attributes));
    if (!producer) continue;
    const [known, read] = [found.get(producer.stack), outputsIn(text, name)];
    found.set(producer.stack, known === 'any' || read === 'any' ? 'any' : new Set([...(known ?? []), ...read]));
  }
  return found;
}

/** Whether what a stack reads is what another one keeps: all that both state of the backend is the same. */
function keepsStateAt(model: StackModel | undefined, { backend, config }: Record<string, unknown>): boolean {
  const backends = model?.find('terraform')?.attributes.backend;
  const kept = isObject(backends) && typeof backend === 'string' ? backends[backend] : undefined;
  if (!isObject(kept) || !isObject(config)) return false;
  const shared = Object.keys(config).filter((key) => kept[key] !== undefined);
  return shared.some((key) => NAMES_A_STATE.includes(key)) && shared.every((key) => kept[key] === config[key]);
}

/** Outputs that are named behind the data source; any where they are taken as a whole, or nobody can tell. */
function outputsIn(text: string, name: string): ReadonlySet<string> | 'any' {
  const start = `data.terraform_remote_state.${name}.outputs`;
  const named = text
    .split(start)
    .slice(1)
    .map((rest) => /^(?:\.|\[\\*")([\w-]+)/.exec(rest)?.[1]);
  const outputs = named.filter((output) => output !== undefined);
  return outputs.length === 0 || outputs.length < named.length ? 'any' : new Set(outputs);
}
