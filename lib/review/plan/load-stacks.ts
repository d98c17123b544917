import { createHash } from 'node:crypto';
import { Masker } from '../masking/masker';
import { type ContractView, readContracts } from './contracts';
import { type InputFiles, inputsOf, type LoadOptions, readFiles } from './load-inputs';
import { learnPlanSecrets } from './read-plan';
import { learnSynthSecrets } from './read-synth';
import type { StackInput } from './stack-input';
import { digestOf } from './synth-digest';

export interface LoadedReview {
  readonly inputs: StackInput[];
  readonly masker: Masker;
  readonly baseContracts: ReadonlyMap<string, ContractView>;
  readonly headContracts: ReadonlyMap<string, ContractView>;
}

/**
 * Reads everything a review is about. A plan tells more than synthesized JSON: it stands in for the stack of its name.
 * @throws InputError when anything cannot be read whole
 */
export function loadStacks(options: LoadOptions): LoadedReview {
  const files = readFiles(options);
  return {
    masker: learnAll(files),
    inputs: inputsOf(files, options),
    baseContracts: options.base === undefined ? new Map() : readContracts(options.base, options.maxMegabytes),
    headContracts: options.head === undefined ? new Map() : readContracts(options.head, options.maxMegabytes),
  };
}

/** A masker that knows all secrets of the files. */
function learnAll({ bases, heads, plans }: InputFiles): Masker {
  const stacks = [...bases.values(), ...heads.values()].map(({ model }) => model);
  const key = createHash('sha256').update('mask\0');
  for (const { stack, keyMaterial } of plans) key.update(stack).update(keyMaterial);
  for (const model of stacks) key.update(digestOf(model));
  const masker = new Masker(key.digest());
  for (const { file, json } of plans) {
    learnPlanSecrets(masker, file, json);
    // Secrets were all that is of use in these, and they are most of a plan.
    delete json.prior_state;
    delete json.planned_values;
  }
  for (const model of stacks) learnSynthSecrets(masker, model);
  return masker;
}
