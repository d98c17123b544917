import type { Review } from '../model/review';

/** The review itself; `review.schema.json` describes it. */
export function renderReviewJson(review: Review): string {
  return `${JSON.stringify(review, null, 2)}\n`;
}
