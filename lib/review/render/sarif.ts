import type { Review } from '../model/review';
export function renderReviewSarif(review: Review): string {
  return review.tool;
}
