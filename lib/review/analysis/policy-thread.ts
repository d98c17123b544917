import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import type { FoundPolicy } from '../build-review';
import { packOf } from '../commands/pack-argument';
import { type LoadOptions, loadModels, type ModelInput } from '../plan/load-models';
import { policyFindings } from './policy-findings';
import { maskFindings, type PolicyTable, resultOf, tableOf } from './policy-table';

/** What guardrails are run on. */
export interface PolicyTask extends Omit<LoadOptions, 'progress'> {
  readonly pack: string;
  readonly today: string;
}

interface PolicyAnswer {
  readonly digests: string[];
  readonly table: PolicyTable;
}

/** Guardrails that run beside the rest of a review. */
export interface PolicyThread {
  /** What they found; undefined where the thread failed or read other files than these: they are then run here. */
  result(inputs: readonly ModelInput[]): Promise<FoundPolicy | undefined>;
}

/**
 * Runs the guardrails of a large review on a thread of its own: they are a third of the work, and need nothing of the rest.
 * @param script the bundle of policy-worker.ts
 */
export function startPolicyThread(script: string, task: PolicyTask): PolicyThread | undefined {
  if (availableParallelism() < 2) return undefined;
  const worker = new Worker(script, { workerData: task });
  // Whoever ends before the answer is there does not wait for it.
  worker.unref();
  const answer = new Promise<PolicyAnswer | undefined>((resolve) => {
    worker.once('message', (message: PolicyAnswer) => resolve(message));
    // What is wrong with the input is told by who reads it for the review.
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
  return {
    result: async (inputs) => {
      worker.ref();
      const found = await answer;
      return found?.digests.join() === digestsOf(inputs).join() ? foundPolicy(found.table) : undefined;
    },
  };
}

function foundPolicy(table: PolicyTable): FoundPolicy {
  const policy = resultOf(table);
  return { policy, maskFindings: (mask) => maskFindings(policy.findings, table, mask) };
}

/** Runs on the thread. */
export function answerPolicyTask(task: PolicyTask): void {
  const inputs = loadModels({ ...task, progress: () => undefined });
  const table = tableOf(policyFindings(inputs, packOf(task.pack), task.today));
  parentPort?.postMessage({ digests: digestsOf(inputs), table } satisfies PolicyAnswer);
}

function digestsOf(inputs: readonly ModelInput[]): string[] {
  return inputs.map(({ stack, digest }) => `${stack} ${digest}`);
}
