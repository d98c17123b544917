import type { Review } from '../model/review';

/** The review itself; `review.schema.json` describes it. On one line: of many changes, indentation would be a third. */
export function renderReviewJson(review: Review): string {
  return [...reviewJsonPieces(review)].join('');
}

/** The same, piece by piece. */
export function* reviewJsonPieces(review: Review): Generator<string> {
  yield* jsonPieces(review);
  yield '\n';
}

/** What `JSON.stringify` gives for plain data, long lists in pieces: tens of megabytes as one text cost more to hold than to make. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield '[';
    yield* listPieces(value);
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    let separator = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* jsonPieces(member);
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
