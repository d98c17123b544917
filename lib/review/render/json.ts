import type { Review } from '../model/review';

/** The review itself; `review.schema.json` describes it. On one line: of many changes, indentation would be a third. */
export function renderReviewJson(review: Review): string {
  return `${JSON.stringify(review)}\n`;
}
