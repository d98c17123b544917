import { createHash } from 'node:crypto';
import type { StackModel } from '../../guardrails/model/stack-model';
import { InputError } from '../input-error';
import { Masker } from '../masking/masker';
import { environmentOf, layerOf } from '../report/layers';
import { type ContractView, readContracts } from './contracts';
import {
  comparedNames,
  type InputFiles,
  type LoadOptions,
  type Models,
  modelsOf,
  type PlanFile,
  readFiles,
  type Synthesized,
} from './load-models';
import { readJsonFile } from './plan-file';
import { learnPlanSecrets, readPlanContent } from './read-plan';
import { compareSynthesized, learnSynthSecrets, movesOf, referencesOf } from './read-synth';
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
  const { bases, heads, plans } = files;
  const key = createHash('sha256').update('mask\0');
  for (const { stack, digest } of plans) key.update(stack).update(digest);
  for (const stack of [...bases.values(), ...heads.values()]) key.update(digestOf(stack.model));
  const masker = new Masker(key.digest());
  for (const { file, json } of plans) {
    learnPlanSecrets(masker, file, json);
    // Secrets were all that is of use in these, and they are most of a plan.
    delete json.prior_state;
    delete json.planned_values;
  }
  for (const stack of [...bases.values(), ...heads.values()]) learnSynthSecrets(masker, stack.model);
  const models = modelsOf(files, options);
  const planned = plans.map((plan) => {
    options.progress(`comparing ${plan.stack}`);
    return planInput(plan, files, models, options.allowPartial);
  });
  const compared = comparedNames(files, options).map((name) =>
    synthInput(name, bases.get(name), heads.get(name), models, options),
  );
  return {
    inputs: [...planned, ...compared].sort((a, b) => (a.stack < b.stack ? -1 : 1)),
    masker,
    baseContracts: options.base === undefined ? new Map() : readContracts(options.base, options.maxMegabytes),
    headContracts: options.head === undefined ? new Map() : readContracts(options.head, options.maxMegabytes),
  };
}

function planInput(
  { stack, file, digest, json, companion }: PlanFile,
  files: InputFiles,
  models: (stack: string) => Models,
  allowPartial: boolean,
): StackInput {
  const content = readPlanContent(json);
  if (content.partial && !allowPartial) {
    throw new InputError(file, {
      what:
        json.errored === true
          ? 'the plan ended with an error: what it holds is a part'
          : 'the plan is not complete: some changes are put off to another run',
      fix: 'plan again, or pass --allow-partial to review the part, marked as such',
    });
  }
  const base = files.bases.get(stack)?.model;
  return {
    stack,
    environment: environmentOf(stack),
    layer: layerOf(stack),
    kind: 'plan',
    digest,
    terraformVersion: content.terraformVersion,
    partial: content.partial,
    changes: content.changes,
    drift: content.drift,
    outputs: content.outputs,
    checks: content.checks,
    references: content.configuration.references,
    referencesAt: (address, path) => content.configuration.referencesAt(address, path),
    relevant: content.relevant,
    constructPaths: pathsOf(base, companion),
    sourceLocations: locationsOf(base, companion),
    get headModel() {
      return models(stack).head;
    },
    get baseModel() {
      return models(stack).base;
    },
    dependencies: files.heads.get(stack)?.dependencies ?? [],
  };
}

function synthInput(
  name: string,
  base: Synthesized | undefined,
  head: Synthesized | undefined,
  models: (stack: string) => Models,
  options: LoadOptions,
): StackInput {
  options.progress(`comparing ${name}`);
  const moves = head?.model.file === undefined ? [] : movesOf(readJsonFile(head.model.file, options.maxMegabytes).json);
  const references = referencesOf(head?.model);
  for (const [address, targets] of referencesOf(base?.model)) if (!references.has(address)) references.set(address, targets);
  return {
    stack: name,
    environment: environmentOf(name),
    layer: layerOf(name),
    kind: 'synth',
    digest: digestOf(base?.model, head?.model),
    partial: false,
    changes: compareSynthesized(base?.model, head?.model, moves),
    drift: [],
    outputs: [],
    checks: [],
    references,
    referencesAt: (address, path) => head?.model.find(address)?.value(path.join('.')).references ?? [],
    relevant: new Set(),
    constructPaths: pathsOf(base?.model, head?.model),
    sourceLocations: locationsOf(base?.model, head?.model),
    get headModel() {
      return models(name).head;
    },
    get baseModel() {
      return models(name).base;
    },
    dependencies: head?.dependencies ?? base?.dependencies ?? [],
  };
}

function pathsOf(...models: (StackModel | undefined)[]): Map<string, string> {
  return new Map(
    models.flatMap((model) =>
      (model?.managed ?? []).map((resource): [string, string] => [resource.address, resource.constructPath]),
    ),
  );
}

function locationsOf(...models: (StackModel | undefined)[]): Map<string, string> {
  return new Map(
    models.flatMap((model) =>
      (model?.managed ?? []).flatMap((resource): [string, string][] =>
        resource.sourceLocation ? [[resource.address, resource.sourceLocation]] : [],
      ),
    ),
  );
}
