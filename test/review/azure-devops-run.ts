import { parse } from 'yaml';

/**
 * Plays a run of an Azure DevOps pipeline: which stages run, by their real conditions. There is no evaluator to be had, so this one
 * reads the part of the language that `init ci` writes, and throws at anything else. It follows the functions, the comparison of texts
 * without case and the conversion of null to "" as told in
 * @see https://learn.microsoft.com/azure/devops/pipelines/process/expressions
 * and for stages (succeeded() where nothing is said, false where a stage before was skipped; what a stage does not depend on is null) in
 * @see https://learn.microsoft.com/azure/devops/pipelines/process/conditions
 */

export type StageResult = 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped';

type Value = string | boolean | null;

export interface Facts {
  readonly variables?: { readonly [name: string]: string };
  readonly dependencies?: {
    readonly [stage: string]: { readonly result: StageResult; readonly outputs?: { readonly [name: string]: string } };
  };
  /** Of all stages before, however far. */
  readonly before?: readonly StageResult[];
  readonly canceled?: boolean;
}

export function holds(condition: string, facts: Facts): boolean {
  const reader = new Reader(condition, facts);
  const value = reader.value();
  reader.end();
  return truth(value);
}

function truth(value: Value): boolean {
  return value !== null && value !== false && value !== '';
}

function text(value: Value): string {
  return value === null ? '' : String(value).toLowerCase();
}

/** "Evaluates" while it reads: nothing in the language has effects. */
class Reader {
  private rest: string;

  constructor(
    condition: string,
    private readonly facts: Facts,
  ) {
    this.rest = condition;
  }

  public value(): Value {
    const quoted = this.take(/^'((?:[^']|'')*)'/);
    if (quoted) return (quoted[1] ?? '').replaceAll("''", "'");
    const variable = this.take(/^variables\['([^']+)'\]/);
    if (variable) return this.facts.variables?.[variable[1] ?? ''] ?? null;
    const output = this.take(/^dependencies\.(\w+)\.outputs\['([^']+)'\]/);
    if (output) return this.stage(output[1])?.outputs?.[output[2] ?? ''] ?? null;
    const result = this.take(/^dependencies\.(\w+)\.result/);
    if (result) return this.stage(result[1])?.result ?? null;
    const call = this.take(/^(\w+)\(/);
    if (call) return this.called(call[1] ?? '', this.given());
    throw new Error(`nothing that is known here: ${this.rest}`);
  }

  public end(): void {
    if (this.rest !== '') throw new Error(`more than one expression: ${this.rest}`);
  }

  private stage(name = '') {
    const found = this.facts.dependencies?.[name];
    if (!found) throw new Error(`${name} is asked for, and is not in dependsOn`);
    return found;
  }

  private given(): Value[] {
    const values: Value[] = [];
    while (!this.take(/^\)/)) {
      values.push(this.value());
      if (!this.take(/^, */) && !this.rest.startsWith(')')) throw new Error(`no end of a call: ${this.rest}`);
    }
    return values;
  }

  private called(name: string, given: Value[]): boolean {
    const [first = null, ...others] = given;
    switch (name) {
      case 'and':
        return given.every(truth);
      case 'or':
        return given.some(truth);
      case 'not':
        return !truth(first);
      case 'eq':
        return text(first) === text(others[0] ?? null);
      case 'ne':
        return text(first) !== text(others[0] ?? null);
      case 'in':
        return others.some((other) => text(first) === text(other));
      case 'canceled':
        return this.facts.canceled === true;
      case 'succeeded':
        return (
          this.facts.canceled !== true &&
          (this.facts.before ?? []).every((result) => result === 'Succeeded' || result === 'SucceededWithIssues')
        );
      default:
        throw new Error(`no function that is known here: ${name}`);
    }
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.rest);
    if (found) this.rest = this.rest.slice(found[0].length);
    return found;
  }
}

export interface Stage {
  readonly needs: readonly string[];
  readonly condition: string;
  readonly jobs: unknown;
}

/** Stages of a pipeline; without dependsOn, one comes after that which is written before it. */
export function stagesOf(pipeline: string): Map<string, Stage> {
  const { stages } = parse(pipeline) as {
    stages: { stage: string; dependsOn?: string | string[]; condition?: string; jobs: unknown }[];
  };
  return new Map(
    stages.map(({ stage, dependsOn, condition = 'succeeded()', jobs }, index) => {
      const previous = stages[index - 1]?.stage;
      const needs = dependsOn === undefined ? (previous === undefined ? [] : [previous]) : [dependsOn].flat();
      return [stage, { needs, condition, jobs }];
    }),
  );
}

export interface AzureDevOpsRun {
  readonly variables: { readonly [name: string]: string };
  readonly outputs: { readonly [stage: string]: { readonly [name: string]: string } };
  /** How stages end that do not end well, if they run. */
  readonly ends?: { readonly [stage: string]: StageResult };
}

/** The result of each stage of a run. */
export function play(
  stages: ReadonlyMap<string, Stage>,
  { variables, outputs, ends = {} }: AzureDevOpsRun,
): Map<string, StageResult> {
  const results = new Map<string, StageResult>();
  const resultOf = (stage: string) => {
    const result = results.get(stage);
    if (result === undefined) throw new Error(`${stage} comes after a stage that depends on it, or is none`);
    return result;
  };
  for (const [name, { needs, condition }] of stages) {
    const dependencies = Object.fromEntries(
      needs.map((stage) => [
        stage,
        { result: resultOf(stage), outputs: results.get(stage) === 'Succeeded' ? (outputs[stage] ?? {}) : {} },
      ]),
    );
    const before = ancestors(name, stages).map(resultOf);
    results.set(name, holds(condition, { variables, dependencies, before }) ? (ends[name] ?? 'Succeeded') : 'Skipped');
  }
  return results;
}

function ancestors(name: string, stages: ReadonlyMap<string, Stage>): string[] {
  const direct = stages.get(name)?.needs ?? [];
  return [...new Set([...direct, ...direct.flatMap((stage) => ancestors(stage, stages))])];
}
