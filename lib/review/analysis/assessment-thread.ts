import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import { packOf } from '../commands/pack-argument';
import { type LoadOptions, loadInputs } from '../plan/load-inputs';
import type { StackInput } from '../plan/stack-input';
import { type Assessment, assess } from './assessment';
import type { InfracostDeltas } from './cost';
import { maskFindings, type PolicyTable, resultOf, tableOf } from './policy-table';

/** What is assessed. */
export interface AssessmentTask extends Omit<LoadOptions, 'progress'> {
  readonly pack: string;
  readonly today: string;
  readonly infracost: InfracostDeltas;
}

interface Answer extends Omit<Assessment, 'policy'> {
  readonly digests: string[];
  readonly table: PolicyTable;
}

/** An assessment that is made beside the rest of a review. */
export interface AssessmentThread {
  /** What it came to; undefined where the thread failed or read other files than these: they are then assessed here. */
  result(inputs: readonly StackInput[]): Promise<FoundAssessment | undefined>;
}

/** An assessment, and a way to mask its findings that is quicker than text by text. */
export interface FoundAssessment extends Assessment {
  /** Masks the findings in place, all but fixed words; the rest is not touched. */
  maskFindings?(mask: (text: string) => string): void;
}

/**
 * Assesses a large review on a thread of its own: it is two fifths of the work, and needs nothing of the rest.
 * @param script the bundle of assessment-worker.ts
 */
export function startAssessmentThread(script: string, task: AssessmentTask): AssessmentThread | undefined {
  if (availableParallelism() < 2) return undefined;
  const worker = new Worker(script, { workerData: task });
  // Whoever ends before the answer is there does not wait for it.
  worker.unref();
  const answer = new Promise<Answer | undefined>((resolve) => {
    worker.once('message', (message: Answer) => resolve(message));
    // What is wrong with the input is told by who reads it for the review.
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
  return {
    result: async (inputs) => {
      worker.ref();
      const found = await answer;
      return found?.digests.join() === digestsOf(inputs).join() ? foundBy(found) : undefined;
    },
  };
}

function foundBy({ table, cost, pools, renames }: Answer): FoundAssessment {
  const policy = resultOf(table);
  return { policy, cost, pools, renames, maskFindings: (mask) => maskFindings(policy.findings, table, mask) };
}

/** Runs on the thread. */
export function answerAssessmentTask(task: AssessmentTask): void {
  const inputs = loadInputs({ ...task, progress: () => undefined });
  const { policy, ...rest } = assess(inputs, { ...task, pack: packOf(task.pack) });
  parentPort?.postMessage({ ...rest, digests: digestsOf(inputs), table: tableOf(policy) } satisfies Answer);
}

function digestsOf(inputs: readonly StackInput[]): string[] {
  return inputs.map(({ stack, digest }) => `${stack} ${digest}`);
}
