import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { parse } from 'yaml';

/** Plays a run of a GitHub workflow: which jobs run, by their real conditions, read by GitHub's own parser of expressions. */

export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface GitHubJob {
  readonly needs: readonly string[];
  readonly condition: string;
  readonly env: { readonly [name: string]: string };
}

/** Jobs of a workflow, each after those that it needs, as `init ci` writes them. */
export function jobsOf(workflow: string): Map<string, GitHubJob> {
  const { jobs } = parse(workflow) as {
    jobs: { [name: string]: { needs?: string | string[]; if?: string; env?: GitHubJob['env'] } };
  };
  return new Map(
    Object.entries(jobs).map(([name, { needs = [], if: condition = '', env = {} }]) => [
      name,
      { needs: [needs].flat(), condition, env },
    ]),
  );
}

export interface Needed {
  readonly result: JobResult;
  readonly outputs?: { readonly [name: string]: string };
}

export interface Situation {
  readonly event: string;
  /** The jobs that are needed directly; a condition sees no others. */
  readonly needs: { readonly [job: string]: Needed };
  /** Results of all jobs before, however far. @default - those of `needs` */
  readonly before?: readonly JobResult[];
  readonly cancelled?: boolean;
}

/**
 * Whether a job runs. A condition without a status function has success() before it, and success() asks for all jobs before: "a
 * failure or skip applies to all jobs in the dependency chain from the point of failure or skip onwards".
 * @see https://docs.github.com/actions/reference/workflows-and-actions/expressions#status-check-functions
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds
 */
export function runs(condition: string, situation: Situation): boolean {
  const bare = bareOf(condition);
  const states = /\b(?:success|failure|cancelled|always)\(/.test(bare);
  const whole = states ? bare : `success()${bare === '' ? '' : ` && (${bare})`}`;
  return isTrue(evaluate(whole, situation));
}

function bareOf(condition: string): string {
  return condition.replace(/^\$\{\{(.*)\}\}$/s, '$1').trim();
}

/** What an expression comes to as text, as in `env`. */
export function textOf(expression: string, situation: Situation): string {
  return evaluate(bareOf(expression), situation).coerceString();
}

function isTrue(value: data.ExpressionData): boolean {
  return value.kind === data.Kind.Boolean ? value.value : value.coerceString() !== '';
}

function evaluate(expression: string, situation: Situation): data.ExpressionData {
  const { event, needs, cancelled = false, before = Object.values(needs).map(({ result }) => result) } = situation;
  const status = (name: string, holds: boolean): [string, FunctionDefinition] => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(holds) },
  ];
  const functions = new Map([
    status('success', !cancelled && before.every((result) => result === 'success')),
    status('failure', !cancelled && before.includes('failure')),
    status('cancelled', cancelled),
    status('always', true),
  ]);
  const github = { event_name: event, event: { pull_request: { head: { repo: { fork: false } } } } };
  const context = JSON.parse(JSON.stringify({ github, needs }), data.reviver) as data.Dictionary;
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, ['github', 'needs'], [...functions.values()]).parse();
  return new Evaluator(tree, context, functions).evaluate();
}

export interface GitHubRun {
  readonly event: string;
  readonly outputs: { readonly [job: string]: { readonly [name: string]: string } };
  /** How jobs end that do not end well, if they run. */
  readonly ends?: { readonly [job: string]: JobResult };
}

/** The result of each job of a run. */
export function play(jobs: ReadonlyMap<string, GitHubJob>, { event, outputs, ends = {} }: GitHubRun): Map<string, JobResult> {
  const results = new Map<string, JobResult>();
  for (const [name, { needs, condition }] of jobs) {
    const needed = needs.map((job): [string, Needed] => [
      job,
      { result: resultOf(results, job), outputs: results.get(job) === 'success' ? (outputs[job] ?? {}) : {} },
    ]);
    const before = ancestors(name, jobs).map((job) => resultOf(results, job));
    const situation = { event, needs: Object.fromEntries(needed), before };
    results.set(name, runs(condition, situation) ? (ends[name] ?? 'success') : 'skipped');
  }
  return results;
}

function resultOf(results: ReadonlyMap<string, JobResult>, job: string): JobResult {
  const result = results.get(job);
  if (result === undefined) throw new Error(`${job} comes after a job that needs it, or is none`);
  return result;
}

export function ancestors(name: string, jobs: ReadonlyMap<string, { readonly needs: readonly string[] }>): string[] {
  const direct = jobs.get(name)?.needs ?? [];
  return [...new Set([...direct, ...direct.flatMap((job) => ancestors(job, jobs))])];
}
