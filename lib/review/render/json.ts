import type { Review } from '../model/review';

/** The review itself; `review.schema.json` describes it. On one line: of many changes, indentation would be a third. */
export function renderReviewJson(review: Review): string {
  return [...reviewJsonPieces(review)].join('');
}

/**
 * The same, piece by piece.
 * @param findings the findings of the guardrails as JSON, where they were written before
 */
export function* reviewJsonPieces(review: Review, findings?: Uint8Array): Generator<Piece> {
  yield* jsonPieces(review, findings && new Map([[review.policy.findings, findings]]));
  yield '\n';
}

/** A part of a text, or of its bytes in UTF-8. */
export type Piece = string | Uint8Array;

/**
 * What `JSON.stringify` gives for plain data, long lists in pieces: tens of megabytes as one text cost more to hold than to make.
 * @param written JSON of lists in it that were written before
 */
export function jsonPieces(value: unknown): Generator<string>;
export function jsonPieces(value: unknown, written: ReadonlyMap<unknown, Piece> | undefined): Generator<Piece>;
export function* jsonPieces(value: unknown, written?: ReadonlyMap<unknown, Piece>): Generator<Piece> {
  const ready = written?.get(value);
  if (ready !== undefined) yield ready;
  else if (Array.isArray(value)) {
    yield '[';
    yield* listPieces(value);
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    let separator = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* jsonPieces(member, written);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  } else {
    yield JSON.stringify(value);
  }
}

const ITEMS_OF_A_PIECE = 100;

/** The items of a list in JSON, each as `shown` gives it, without the brackets of the list. */
export function* listPieces<T>(items: readonly T[], shown?: (item: T) => unknown): Generator<string> {
  for (let start = 0; start < items.length; start += ITEMS_OF_A_PIECE) {
    const some = items.slice(start, start + ITEMS_OF_A_PIECE);
    const piece = JSON.stringify(shown ? some.map(shown) : some).slice(1, -1);
    yield start === 0 ? piece : `,${piece}`;
  }
}
