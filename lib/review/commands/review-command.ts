import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assess } from '../analysis/assessment';
import type { FoundAssessment, WrittenBeside } from '../analysis/assessment-thread';
import { draftReview, finishReview } from '../build-review';
import { InputError } from '../input-error';
import type { Review } from '../model/review';
import { loadStacks } from '../plan/load-stacks';
import { DEFAULT_POLICY, readReviewPolicy } from '../policy/review-policy';
import { reviewHtmlPieces } from '../render/html';
import { type Piece, reviewJsonPieces } from '../render/json';
import { COMMENT_LIMITS, renderMarkdown } from '../render/markdown';
import { reviewSarifPieces, sarifFacts } from '../render/sarif';
import { renderReviewTable } from '../render/table';
import { packOf } from './pack-argument';
import { REVIEW_FORMATS, type ReviewFormat, type ReviewOptions, type StartedReview } from './start-review';
import { writePieces } from './write-pieces';

export interface ReviewSession {
  readonly print: (text: string) => void;
  readonly progress: (text: string) => void;
}

/** Reviews what was started; prints in the format asked for, writes all formats with --out. Gives 0, 3 or 4. */
export async function reviewCommand(started: StartedReview, options: ReviewOptions, session: ReviewSession): Promise<number> {
  const { input, infracost, thread } = started;
  const policy = options.policy === undefined ? DEFAULT_POLICY : readReviewPolicy(options.policy);
  const settings = { pack: packOf(options.pack), policy, today: options.today, titles: titlesOf(options.range), infracost };
  const loaded = loadStacks({ ...input, progress: session.progress });
  session.progress('judging');
  const draft = draftReview(loaded, settings);
  const found = (await thread?.result(loaded.inputs)) ?? assess(loaded.inputs, settings);
  const review = finishReview(draft, found, loaded);
  session.progress('');
  const written = options.out === undefined ? undefined : await writeAll(review, found, options.out, options);
  session.print(written ?? [...(await render(review, options.format, options))].join(''));
  return review.verdict.exitCode;
}

/**
 * A format in pieces, as it may be of tens of megabytes.
 * @param written what a thread writes of it
 */
async function render(
  review: Review,
  format: ReviewFormat,
  options: ReviewOptions,
  written?: WrittenBeside,
): Promise<Iterable<Piece>> {
  switch (format) {
    case 'markdown':
      return [renderMarkdown(review, { dialect: options.dialect, limit: COMMENT_LIMITS[options.dialect] })];
    case 'html':
      return reviewHtmlPieces(review);
    case 'json':
      return reviewJsonPieces(review, await written?.findings());
    case 'sarif': {
      const bytes = await written?.sarif();
      return bytes ? [bytes] : reviewSarifPieces(review);
    }
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
    const written = found.write?.(sarifFacts(review));
    for (const format of REVIEW_FORMATS) {
      let pieces = await render(review, format, { ...options, color: false }, written);
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
