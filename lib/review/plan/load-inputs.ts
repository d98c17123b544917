import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asApp } from '../../guardrails/model/app';
import { companionOf } from '../../guardrails/model/companion';
import { readPlan } from '../../guardrails/model/plan-reader';
import type { StackModel } from '../../guardrails/model/stack-model';
import { readSynthesizedStack } from '../../guardrails/model/synth-reader';
import { InputError } from '../input-error';
import { compare } from '../model/order';
import { environmentOf, layerOf } from '../report/layers';
import { readSynthOutput, type SynthOutput } from '../synth-output';
import { checkPlan, readJsonFile, type SharedFile } from './plan-file';
import { readPlanContent } from './read-plan';
import { compareSynthesized, movesOf, referencesOf } from './read-synth';
import type { StackInput } from './stack-input';
import { digestOf } from './synth-digest';

export interface PlanArgument {
  readonly stack: string;
  readonly file: string;
  /** What the file holds, where it was read before. */
  readonly shared?: SharedFile;
}

export interface LoadOptions {
  readonly plans: readonly PlanArgument[];
  readonly base?: string;
  readonly head?: string;
  readonly maxMegabytes: number;
  readonly allowPartial: boolean;
  /** Stacks of the head that could not be planned. */
  readonly unplanned?: readonly string[];
  /** Told before each file, for a progress line. */
  readonly progress: (text: string) => void;
}

/**
 * Reads the stacks of a review.
 * @throws InputError when anything cannot be read whole
 */
export function loadInputs(options: LoadOptions): StackInput[] {
  return inputsOf(readFiles(options), options);
}

export type Synthesized = SynthOutput['stacks'][number];

export interface PlanFile extends Omit<PlanArgument, 'shared'> {
  readonly digest: string;
  readonly keyMaterial: string;
  readonly json: Record<string, unknown>;
  /** The synthesized stack that it was made from, or the one before, where either is at hand. */
  readonly companion?: StackModel;
}

export interface InputFiles {
  readonly bases: ReadonlyMap<string, Synthesized>;
  readonly heads: ReadonlyMap<string, Synthesized>;
  /** In the order of their stacks: the key of the masks must not depend on the order of arguments. */
  readonly plans: readonly PlanFile[];
}

export function readFiles(options: LoadOptions): InputFiles {
  const bases = byName(readFolder(options.base, options));
  const heads = byName(readFolder(options.head, options));
  for (const stack of options.unplanned ?? []) if (!heads.has(stack)) throw unknownStack(stack, [...heads.keys()]);
  const ordered = [...options.plans].sort((a, b) => compare(a.stack, b.stack));
  const plans = ordered.map(({ stack, file, shared }) => {
    options.progress(`reading ${stack}`);
    const { json, digest, keyMaterial } = readJsonFile(file, options.maxMegabytes, undefined, shared);
    const companion = heads.get(stack)?.model ?? beside(stack, file) ?? bases.get(stack)?.model;
    return { stack, file, digest, keyMaterial, json: checkPlan(file, json), companion };
  });
  return { bases, heads, plans };
}

function unknownStack(stack: string, known: readonly string[]): InputError {
  return new InputError('--unplanned', {
    what: 'the manifest of --head has no such stack',
    got: stack,
    allowed: known.join(', ') || 'stacks of a --head folder, which is not given',
    fix: 'name a stack of --head as cdktf synth does',
  });
}

function byName(output: SynthOutput | undefined): ReadonlyMap<string, Synthesized> {
  return new Map((output?.stacks ?? []).map((stack) => [stack.model.name, stack]));
}

/** Stacks without a plan, compared as they were synthesized. */
function comparedNames({ bases, heads, plans }: InputFiles, options: LoadOptions): string[] {
  const known = options.base === undefined ? [] : [...bases.keys(), ...heads.keys()];
  const planned = new Set(plans.map((plan) => plan.stack));
  return [...new Set([...known, ...(options.unplanned ?? [])])].filter((name) => !planned.has(name)).sort();
}

interface Models {
  readonly head?: StackModel;
  readonly base?: StackModel;
}

/** Models of all stacks, as one app each before and after. Made when the first is asked for: guardrails may have been run elsewhere. */
function modelsOf(files: InputFiles, compared: readonly string[]): (stack: string) => Models {
  let made: Map<string, Models> | undefined;
  const make = () => {
    const all = new Map<string, Models>();
    for (const plan of files.plans) all.set(plan.stack, planModels(plan));
    for (const name of compared) all.set(name, { base: files.bases.get(name)?.model, head: files.heads.get(name)?.model });
    const ordered = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, models]) => models);
    asApp(ordered.flatMap(({ head }) => head ?? []));
    asApp(ordered.flatMap(({ base }) => base ?? []));
    return all;
  };
  return (stack) => {
    made ??= make();
    return made.get(stack) ?? {};
  };
}

function planModels({ stack, file, json, companion }: PlanFile): Models {
  const about = companion && companionOf(companion);
  return { head: readPlan(stack, json, about, file), base: readPlan(stack, json, about, file, 'before') };
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

/** Stacks in the order of their names, from files that were read. */
export function inputsOf(files: InputFiles, options: LoadOptions): StackInput[] {
  const names = comparedNames(files, options);
  const models = modelsOf(files, names);
  const planned = files.plans.map((plan) => {
    options.progress(`comparing ${plan.stack}`);
    return planInput(plan, files, models, options.allowPartial);
  });
  const compared = names.map((name) => synthInput(name, files.bases.get(name), files.heads.get(name), models, options));
  return [...planned, ...compared].sort((a, b) => (a.stack < b.stack ? -1 : 1));
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
    synthesized: companion,
    digest,
    terraformVersion: content.terraformVersion,
    partial: content.partial,
    changes: content.changes,
    drift: content.drift,
    outputs: content.outputs,
    checks: content.checks,
    get references() {
      return content.configuration.references;
    },
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
    ...(options.unplanned?.includes(name) ? { unplanned: true } : {}),
    synthesized: head?.model ?? base?.model,
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
