import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LoadOptions } from '../plan/load-inputs';
import type { StackInput } from '../plan/stack-input';
import type { SarifFacts } from '../render/sarif';
import type { Assessment } from './assessment';
import type { InfracostDeltas } from './infracost';
import { maskedTexts, maskFindings, type PolicyTable, resultOf } from './policy-table';

/** What is assessed. */
export interface AssessmentTask extends Omit<LoadOptions, 'progress'> {
  readonly pack: string;
  readonly today: string;
  readonly infracost: InfracostDeltas;
  /** Whether all formats are written, which the thread takes its part of. */
  readonly writes: boolean;
}

/** What the thread says of a task. */
export interface Answer extends Omit<Assessment, 'policy'> {
  readonly digests: string[];
  readonly table: PolicyTable;
}

/** What the thread writes when it is told what to show in place of texts that hold secrets, and what SARIF tells besides findings. */
export interface WritingTask {
  readonly masked: ReadonlyMap<string, string>;
  readonly sarif: SarifFacts;
}

/** What the thread says, each in a message of its own. */
export interface Messages {
  readonly answer: Answer;
  /** The masked findings as a list in JSON, in UTF-8. */
  readonly findings: Uint8Array<ArrayBuffer>;
  /** SARIF, in UTF-8. */
  readonly sarif: Uint8Array<ArrayBuffer>;
}

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
  /** Has texts with the masked findings written beside other things. */
  write?(sarif: SarifFacts): WrittenBeside;
}

/** Texts that a thread writes; undefined where it fails. */
export interface WrittenBeside {
  readonly findings: () => Promise<Uint8Array | undefined>;
  readonly sarif: () => Promise<Uint8Array | undefined>;
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
  let writes = false;
  const answer = told(worker, 'answer');
  return {
    begin: (task) => {
      writes = task.writes;
      worker.postMessage(task);
    },
    result: async (inputs) => {
      const found = await answer();
      if (found?.digests.join() !== digestsOf(inputs).join()) return undefined;
      return new FoundByThread(found, writes ? worker : undefined);
    },
  };
}

/** Waits for a message of the thread; undefined where it fails, as its errors are told by who reads the same for the review. */
function told<K extends keyof Messages>(worker: Worker, kind: K): () => Promise<Messages[K] | undefined> {
  const message = new Promise<Messages[K] | undefined>((resolve) => {
    worker.on('message', (messages: Partial<Messages>) => {
      if (messages[kind] !== undefined) resolve(messages[kind]);
    });
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
  return async () => {
    worker.ref();
    const found = await message;
    worker.unref();
    return found;
  };
}

class FoundByThread implements FoundAssessment {
  public readonly policy: Assessment['policy'];
  public readonly cost: Assessment['cost'];
  public readonly pools: Assessment['pools'];
  public readonly renames: Assessment['renames'];
  public readonly write: FoundAssessment['write'];
  private readonly table: PolicyTable;
  private masked: WritingTask['masked'] = new Map();

  /** @param writer the thread, where it writes */
  constructor(answer: Answer, writer: Worker | undefined) {
    this.table = answer.table;
    this.policy = resultOf(answer.table);
    this.cost = answer.cost;
    this.pools = answer.pools;
    this.renames = answer.renames;
    if (writer) this.write = (sarif) => writtenBy(writer, { masked: this.masked, sarif });
  }

  public maskFindings(mask: (text: string) => string): void {
    this.masked = maskedTexts(this.table, mask);
    maskFindings(this.policy.findings, this.masked);
  }
}

function writtenBy(worker: Worker, task: WritingTask): WrittenBeside {
  const written = { findings: told(worker, 'findings'), sarif: told(worker, 'sarif') };
  worker.postMessage(task);
  return written;
}

/** What an answer is about. */
export function digestsOf(inputs: readonly StackInput[]): string[] {
  return inputs.map(({ stack, digest }) => `${stack} ${digest}`);
}
