import { statSync } from 'node:fs';
import { type AssessmentThread, startAssessmentThread } from '../analysis/assessment-thread';
import { type InfracostDeltas, readInfracost } from '../analysis/infracost';
import { InputError } from '../input-error';
import type { LoadOptions, PlanArgument } from '../plan/load-inputs';
import { readJsonFile, readSharedFile } from '../plan/plan-file';
import type { MarkdownOptions } from '../render/markdown';

export const REVIEW_FORMATS = ['markdown', 'html', 'json', 'sarif', 'table'] as const;
export type ReviewFormat = (typeof REVIEW_FORMATS)[number];

export interface ReviewOptions {
  readonly plan?: string[];
  readonly base?: string;
  readonly head?: string;
  readonly format: ReviewFormat;
  readonly dialect: MarkdownOptions['dialect'];
  readonly out?: string;
  readonly policy?: string;
  readonly pack: string;
  readonly infracost?: string;
  readonly range?: string;
  readonly allowPartial?: boolean;
  readonly unplanned?: string[];
  readonly maxInput: string;
  readonly color?: boolean;
  readonly today: string;
}

/** What is reviewed, and the thread that assesses it already. */
export interface StartedReview {
  readonly input: Omit<LoadOptions, 'progress'>;
  readonly infracost: InfracostDeltas;
  /** Of a large review. */
  readonly thread?: AssessmentThread;
}

/**
 * Looks at what is given. Of a large review, a thread begins to assess the plans: this is loaded and run before the rest of the
 * command, which takes as long to load as a thread to start.
 * @param script the bundle of assessment-worker.ts; without it there is no thread
 * @throws InputError
 */
export function startReview(options: ReviewOptions, script: string | undefined): StartedReview {
  const plans = (options.plan ?? []).map(planArgument);
  const unplanned = options.unplanned ?? [];
  if (plans.length + unplanned.length === 0 && (options.base === undefined || options.head === undefined)) {
    throw new InputError('review', {
      what: 'nothing to review',
      allowed: '--plan <stack>=<plan.json>, any number, or --base and --head folders of cdktf synth, or both',
      fix: 'ml-platform review --plan prod-foundation=plan.json',
    });
  }
  const [twice] = plans.filter((plan, index) => plans.findIndex((other) => other.stack === plan.stack) !== index);
  if (twice)
    throw new InputError(twice.stack, { what: 'two plans are given for one stack', fix: 'give one plan for each stack' });
  const [planned] = plans.filter(({ stack }) => unplanned.includes(stack));
  if (planned)
    throw new InputError(planned.stack, {
      what: 'a plan is given for a stack that is said not to be planned',
      fix: 'drop --unplanned, or the plan',
    });
  const maxMegabytes = Number(options.maxInput);
  if (!(maxMegabytes > 0))
    throw new InputError('--max-input', {
      what: 'not a size',
      got: options.maxInput,
      allowed: 'megabytes, e.g. 100',
      fix: 'drop it or give a number',
    });
  const { base, head, pack, today, allowPartial = false } = options;
  const thread = script !== undefined && isLarge(plans) ? startAssessmentThread(script) : undefined;
  const infracost =
    options.infracost === undefined
      ? new Map<string, number>()
      : readInfracost(options.infracost, readJsonFile(options.infracost, maxMegabytes, 'run infracost again').json);
  const given = { base, head, maxMegabytes, allowPartial, unplanned };
  if (!thread) return { input: { ...given, plans }, infracost };
  const input = { ...given, plans: plans.map((plan) => ({ ...plan, shared: readSharedFile(plan.file, maxMegabytes) })) };
  thread.begin({ ...input, pack, today, infracost, writes: options.out !== undefined });
  return { input, infracost, thread };
}

/** Whether a thread pays: it starts in a tenth of a second and reads the plans once more. */
function isLarge(plans: readonly PlanArgument[]): boolean {
  const bytes = plans.reduce((sum, { file }) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  return bytes > LARGE_BYTES;
}

const LARGE_BYTES = 4 * 1024 * 1024;

function planArgument(text: string): PlanArgument {
  const [, stack, file] = /^([^=/\\]+)=(.+)$/.exec(text) ?? [];
  if (stack === undefined || file === undefined) {
    throw new InputError('--plan', {
      what: 'no stack and file',
      got: JSON.stringify(text),
      allowed: '<stack>=<file>',
      fix: '--plan prod-foundation=plan.json',
    });
  }
  return { stack, file };
}
