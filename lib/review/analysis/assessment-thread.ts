import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LoadOptions } from '../plan/load-inputs';
import type { StackInput } from '../plan/stack-input';
import type { Assessment } from './assessment';
import type { InfracostDeltas } from './infracost';
import { maskedTexts, maskFindings, type PolicyTable, resultOf } from './policy-table';

/** What is assessed. */
export interface AssessmentTask extends Omit<LoadOptions, 'progress'> {
  readonly pack: string;
  readonly today: string;
  readonly infracost: InfracostDeltas;
  /** Whether the findings are written as JSON too. */
  readonly writesJson: boolean;
}

/** What the thread says of a task. */
export interface Answer extends Omit<Assessment, 'policy'> {
  readonly digests: string[];
  readonly table: PolicyTable;
}

/** What is shown in place of texts that hold secrets; told to the thread, which then writes the findings. */
export type Masked = ReadonlyMap<string, string>;

/** An assessment that is made beside the rest of a review. */
export interface AssessmentThread {
  begin(task: AssessmentTask): void;
  /** What it came to; undefined where the thread failed or read other files than these: they are then assessed here. */
  result(inputs: readonly StackInput[]): Promise<FoundAssessment | undefined>;
}

/** An assessment, and what can be done with its findings quicker than one by one. */
export interface FoundAssessment extends Assessment {
  /** Masks the findings in place, all but fixed words; the rest is not touched. */
  maskFindings?(mask: (text: string) => string): void;
  /** The masked findings as a list in JSON, made beside other things; undefined where it is not. */
  findingsJson?(): Promise<Uint8Array | undefined>;
}

/**
 * A thread that assesses a large review: it is two fifths of the work, and needs nothing of the rest.
 * What it does is assessment-worker.ts; this file needs little, as it is loaded before the rest of the command.
 * @param script the bundle of assessment-worker.ts
 */
export function startAssessmentThread(script: string): AssessmentThread | undefined {
  if (availableParallelism() < 2) return undefined;
  const worker = new Worker(script);
  // Whoever ends before the answer is there does not wait for it.
  worker.unref();
  let writesJson = false;
  let answer: Promise<Answer | undefined> = Promise.resolve(undefined);
  return {
    begin: (task) => {
      writesJson = task.writesJson;
      answer = ask<Answer>(worker, task);
    },
    result: async (inputs) => {
      worker.ref();
      const found = await answer;
      worker.unref();
      if (found?.digests.join() !== digestsOf(inputs).join()) return undefined;
      return new FoundByThread(found, writesJson ? worker : undefined);
    },
  };
}

/** The next message of the thread after this one; undefined where it fails, as its errors are told by who reads the same for the review. */
function ask<T>(worker: Worker, message: unknown): Promise<T | undefined> {
  const answer = new Promise<T | undefined>((resolve) => {
    worker.once('message', (told: T) => resolve(told));
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
  // Not above: what listens would keep the message, and the plans with it.
  worker.postMessage(message);
  return answer;
}

class FoundByThread implements FoundAssessment {
  public readonly policy: Assessment['policy'];
  public readonly cost: Assessment['cost'];
  public readonly pools: Assessment['pools'];
  public readonly renames: Assessment['renames'];
  private readonly table: PolicyTable;
  private json: Promise<Uint8Array | undefined> = Promise.resolve(undefined);

  /** @param writer writes the findings as JSON when it is told what to mask */
  constructor(
    answer: Answer,
    private readonly writer: Worker | undefined,
  ) {
    this.table = answer.table;
    this.policy = resultOf(answer.table);
    this.cost = answer.cost;
    this.pools = answer.pools;
    this.renames = answer.renames;
  }

  public maskFindings(mask: (text: string) => string): void {
    const masked = maskedTexts(this.table, mask);
    if (this.writer) this.json = ask<Uint8Array>(this.writer, masked);
    maskFindings(this.policy.findings, masked);
  }

  public async findingsJson(): Promise<Uint8Array | undefined> {
    this.writer?.ref();
    const json = await this.json;
    this.writer?.unref();
    return json;
  }
}

/** What an answer is about. */
export function digestsOf(inputs: readonly StackInput[]): string[] {
  return inputs.map(({ stack, digest }) => `${stack} ${digest}`);
}
