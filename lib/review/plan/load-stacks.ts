import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asApp } from '../../guardrails/model/app';
import { companionOf } from '../../guardrails/model/companion';
import { isObject } from '../../guardrails/model/json';
import { readPlan } from '../../guardrails/model/plan-reader';
import type { StackModel } from '../../guardrails/model/stack-model';
import { readSynthesizedStack } from '../../guardrails/model/synth-reader';
import { InputError } from '../input-error';
import { Masker } from '../masking/masker';
import { compare } from '../model/order';
import { environmentOf, layerOf } from '../report/layers';
import { readSynthOutput, type SynthOutput } from '../synth-output';
import { type ContractView, readContracts } from './contracts';
import { checkPlan, readJsonFile } from './plan-file';
import { learnPlanSecrets, readPlanContent } from './read-plan';
import { compareSynthesized, digestOf, learnSynthSecrets, movesOf, referencesOf } from './read-synth';
import type { StackInput } from './stack-input';

export interface PlanArgument {
  readonly stack: string;
  readonly file: string;
}

export interface LoadOptions {
  readonly plans: readonly PlanArgument[];
  readonly base?: string;
  readonly head?: string;
  readonly maxMegabytes: number;
  readonly allowPartial: boolean;
  /** Told before each file, for a progress line. */
  readonly progress: (text: string) => void;
}

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
  const base = readFolder(options.base, options);
  const head = readFolder(options.head, options);
  const heads = new Map((head?.stacks ?? []).map((stack) => [stack.model.name, stack]));
  const bases = new Map((base?.stacks ?? []).map((stack) => [stack.model.name, stack]));
  const key = createHash('sha256').update('mask\0');
  // The key of the masks must not depend on the order of arguments.
  const ordered = [...options.plans].sort((a, b) => compare(a.stack, b.stack));
  const plans = ordered.map(({ stack, file }) => {
    options.progress(`reading ${stack}`);
    const { json, digest } = readJsonFile(file, options.maxMegabytes);
    key.update(stack).update(digest);
    return { stack, file, digest, json: checkPlan(file, json) };
  });
  for (const stack of [...bases.values(), ...heads.values()]) key.update(digestOf(stack.model));
  const masker = new Masker(key.digest());
  for (const { file, json } of plans) learnPlanSecrets(masker, file, json);
  for (const stack of [...bases.values(), ...heads.values()]) learnSynthSecrets(masker, stack.model);
  const planned = plans.map(({ stack, file, digest, json }) => {
    options.progress(`comparing ${stack}`);
    const companion = heads.get(stack)?.model ?? beside(stack, file);
    const other = companion ?? bases.get(stack)?.model;
    return planInput(
      stack,
      file,
      digest,
      json,
      other,
      bases.get(stack)?.model,
      heads.get(stack)?.dependencies ?? [],
      options.allowPartial,
    );
  });
  const named = new Set(plans.map((plan) => plan.stack));
  const names = [...new Set([...bases.keys(), ...heads.keys()])].filter((name) => !named.has(name)).sort();
  const compared =
    options.base === undefined ? [] : names.map((name) => synthInput(name, bases.get(name), heads.get(name), options));
  const inputs = [...planned, ...compared].sort((a, b) => (a.stack < b.stack ? -1 : 1));
  asApp(inputs.flatMap((input) => input.headModel ?? []));
  asApp(inputs.flatMap((input) => input.baseModel ?? []));
  return {
    inputs,
    masker,
    baseContracts: options.base === undefined ? new Map() : readContracts(options.base, options.maxMegabytes),
    headContracts: options.head === undefined ? new Map() : readContracts(options.head, options.maxMegabytes),
  };
}

function readFolder(folder: string | undefined, options: LoadOptions): SynthOutput | undefined {
  if (folder === undefined) return undefined;
  options.progress(`reading ${folder}`);
  const output = readSynthOutput(folder);
  if (output.stacks.length === 0)
    throw new InputError(folder, { what: 'the manifest names no stack', fix: 'run cdktf synth again' });
  return output;
}

/** The synthesized stack beside a plan, as in cdktf.out/stacks/<name>/plan.json. */
function beside(stack: string, file: string): StackModel | undefined {
  const path = join(dirname(file), 'cdk.tf.json');
  return existsSync(path) ? readSynthesizedStack(stack, readJsonFile(path, 100, 'run cdktf synth again').json, path) : undefined;
}

function planInput(
  stack: string,
  file: string,
  digest: string,
  json: Record<string, unknown>,
  companion: StackModel | undefined,
  base: StackModel | undefined,
  dependencies: string[],
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
  const about = companion && companionOf(companion);
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
    headModel: readPlan(stack, json, about, file),
    baseModel: readPlan(stack, before(json), about, file),
    dependencies,
  };
}

/** The plan turned around: what stood before, as if it were planned. */
function before(json: Record<string, unknown>): Record<string, unknown> {
  const changes = Array.isArray(json.resource_changes) ? json.resource_changes : [];
  return {
    ...json,
    resource_changes: changes.filter(isObject).flatMap((entry) => {
      const change = isObject(entry.change) ? entry.change : {};
      if (!isObject(change.before)) return [];
      return [
        { ...entry, change: { ...change, after: change.before, after_unknown: {}, after_sensitive: change.before_sensitive } },
      ];
    }),
  };
}

type Synthesized = SynthOutput['stacks'][number];

function synthInput(
  name: string,
  base: Synthesized | undefined,
  head: Synthesized | undefined,
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
    headModel: head?.model,
    baseModel: base?.model,
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
