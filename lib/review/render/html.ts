import type { Review } from '../model/review';
export function renderReviewHtml(review: Review): string {
  return review.tool;
}
