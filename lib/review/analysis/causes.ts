import type { ReplaceCause } from '../model/review';
import { type RawChange, type StackInput, withoutIndex } from '../plan/stack-input';

/** Which attributes force a replacement, and which other changes they come from, nearest first. */
export function replaceCauses(change: RawChange, input: StackInput, changed: ReadonlyMap<string, RawChange>): ReplaceCause[] {
  return change.replacePaths.map((path) => ({
    path: pathText(path),
    upstream: upstreamOf(change.address, path, input, changed),
  }));
}

function upstreamOf(
  address: string,
  path: (string | number)[],
  input: StackInput,
  changed: ReadonlyMap<string, RawChange>,
): string[] {
  const chain: string[] = [];
  let next = sourceOf(withoutIndex(address), path, input, changed);
  while (next && !chain.includes(next.address) && chain.length < 8) {
    chain.push(next.address);
    const [cause] = next.replacePaths;
    next = cause ? sourceOf(withoutIndex(next.address), cause, input, changed) : undefined;
  }
  return chain;
}

/** The changed resource that an attribute refers to: itself replaced or created, as only then its value is new. */
function sourceOf(
  address: string,
  path: (string | number)[],
  input: StackInput,
  changed: ReadonlyMap<string, RawChange>,
): RawChange | undefined {
  return input
    .referencesAt(address, path)
    .filter((reference) => reference !== address)
    .map((reference) => changed.get(reference))
    .find((change) => change?.actions.includes('create') || change?.actions.includes('update'));
}

export function pathText(path: (string | number)[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
