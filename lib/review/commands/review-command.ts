import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assess } from '../analysis/assessment';
import { type AssessmentThread, type FoundAssessment, startAssessmentThread } from '../analysis/assessment-thread';
import { type InfracostDeltas, readInfracost } from '../analysis/cost';
import { draftReview, finishReview } from '../build-review';
import { InputError } from '../input-error';
import type { Review } from '../model/review';
import type { PlanArgument } from '../plan/load-inputs';
import { type LoadedReview, loadStacks } from '../plan/load-stacks';
import { readJsonFile, readSharedFile } from '../plan/plan-file';
import { DEFAULT_POLICY, readReviewPolicy } from '../policy/review-policy';
import { reviewHtmlPieces } from '../render/html';
import { type Piece, reviewJsonPieces } from '../render/json';
import { COMMENT_LIMITS, type MarkdownOptions, renderMarkdown } from '../render/markdown';
import { reviewSarifPieces } from '../render/sarif';
import { renderReviewTable } from '../render/table';
import { packOf } from './pack-argument';
import { writePieces } from './write-pieces';

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

export interface ReviewSession {
  /** The bundle of assessment-worker.ts, where a large review may run a part of itself on a thread. @default - everything on this one */
  readonly script?: string;
  readonly print: (text: string) => void;
  readonly progress: (text: string) => void;
}

/** Reviews plans and synthesized stacks; prints in the format asked for, writes all formats with --out. Gives 0, 3 or 4. */
export async function reviewCommand(options: ReviewOptions, session: ReviewSession): Promise<number> {
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
  const policy = options.policy === undefined ? DEFAULT_POLICY : readReviewPolicy(options.policy);
  const infracost =
    options.infracost === undefined
      ? new Map<string, number>()
      : readInfracost(options.infracost, readJsonFile(options.infracost, maxMegabytes, 'run infracost again').json);
  const settings = { pack: packOf(options.pack), policy, today: options.today, titles: titlesOf(options.range), infracost };
  const { loaded, thread } = load({ plans, maxMegabytes, infracost }, options, session);
  session.progress('judging');
  const draft = draftReview(loaded, settings);
  const found = (await thread?.result(loaded.inputs)) ?? assess(loaded.inputs, settings);
  const review = finishReview(draft, found, loaded);
  session.progress('');
  const written = options.out === undefined ? undefined : await writeAll(review, found, options.out, options);
  session.print(written ?? [...render(review, options.format, options)].join(''));
  return review.verdict.exitCode;
}

interface Given {
  readonly plans: readonly PlanArgument[];
  readonly maxMegabytes: number;
  readonly infracost: InfracostDeltas;
}

/** Reads what is reviewed. Of a large review, a thread begins to assess the same. */
function load(
  { plans, maxMegabytes, infracost }: Given,
  options: ReviewOptions,
  { script, progress }: ReviewSession,
): { loaded: LoadedReview; thread?: AssessmentThread } {
  const { base, head, pack, today, allowPartial = false, unplanned } = options;
  const input = { plans, base, head, maxMegabytes, allowPartial, unplanned };
  const thread = script !== undefined && isLarge(plans) ? startAssessmentThread(script) : undefined;
  if (!thread) return { loaded: loadStacks({ ...input, progress }) };
  const shared = plans.map((plan) => ({ ...plan, shared: readSharedFile(plan.file, maxMegabytes) }));
  thread.begin({ ...input, plans: shared, pack, today, infracost, writesJson: options.out !== undefined });
  return { loaded: loadStacks({ ...input, plans: shared, progress }), thread };
}

/** Whether a thread pays: it starts in a tenth of a second and reads the plans once more. */
function isLarge(plans: readonly PlanArgument[]): boolean {
  const bytes = plans.reduce((sum, { file }) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  return bytes > LARGE_BYTES;
}

const LARGE_BYTES = 4 * 1024 * 1024;

/** A format in pieces, as it may be of tens of megabytes. */
function render(review: Review, format: ReviewFormat, options: ReviewOptions, findingsJson?: Uint8Array): Iterable<Piece> {
  switch (format) {
    case 'markdown':
      return [renderMarkdown(review, { dialect: options.dialect, limit: COMMENT_LIMITS[options.dialect] })];
    case 'html':
      return reviewHtmlPieces(review);
    case 'json':
      return reviewJsonPieces(review, findingsJson);
    case 'sarif':
      return reviewSarifPieces(review);
    case 'table':
      return [renderReviewTable(review, options.color === true)];
  }
}

const FILES: { readonly [format in ReviewFormat]: string } = {
  markdown: 'review.md',
  html: 'review.html',
  json: 'review.json',
  sarif: 'review.sarif',
  table: 'review.txt',
};

/** Writes all formats; gives the text of the one that is printed too, where it is short and the same there. */
async function writeAll(
  review: Review,
  found: FoundAssessment,
  folder: string,
  options: ReviewOptions,
): Promise<string | undefined> {
  let printed: string | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    for (const format of REVIEW_FORMATS) {
      const findings = format === 'json' ? await found.findingsJson?.() : undefined;
      let pieces = render(review, format, { ...options, color: false }, findings);
      if (format === options.format && (format === 'markdown' || (format === 'table' && options.color !== true))) {
        printed = [...pieces].join('');
        pieces = [printed];
      }
      writePieces(join(folder, FILES[format]), pieces);
    }
    return printed;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new InputError(folder, {
      what: 'folder cannot be written',
      got: code,
      fix: 'name a folder that can be written with --out',
    });
  }
}

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

/** Titles of the commits in a range, newest first. */
function titlesOf(range: string | undefined): string[] {
  if (range === undefined) return [];
  if (!/^[\w./~^@{}-]+\.\.\.?[\w./~^@{}-]+$/.test(range) || range.startsWith('-')) {
    throw new InputError('--range', {
      what: 'not a range of commits',
      got: JSON.stringify(range),
      allowed: '<base>..<head>',
      fix: '--range origin/main..HEAD',
    });
  }
  try {
    const log = execFileSync('git', ['log', '--no-merges', '--max-count=200', '--format=%s', '--end-of-options', range], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return log.split('\n').filter(Boolean);
  } catch {
    throw new InputError('--range', {
      what: 'git cannot list these commits',
      got: range,
      fix: 'fetch both ends: a shallow clone may lack them',
    });
  }
}
