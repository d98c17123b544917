import { byEnvironment } from '../model/order';
import type { Change, Review } from '../model/review';
import { textTable } from '../text-table';
import { countersText, decisionText, pendingPlans, pendingText, ruleFinder, unplannedText, usdText, whyText } from './words';

const COLORS: { readonly [action: string]: number } = {
  destroy: 31,
  replace: 31,
  forget: 31,
  unknown: 31,
  disrupt: 33,
  update: 33,
  create: 32,
  import: 32,
  move: 36,
};
const SIGNS: { readonly [action: string]: string } = {
  destroy: '-',
  replace: '±',
  forget: '·',
  unknown: '?',
  disrupt: '!',
  update: '~',
  create: '+',
  import: '<',
  move: '>',
};
const MOST_LINES = 200;

/** For people at a terminal: what is lost first, one line a change, then the sums. */
export function renderReviewTable(review: Review, color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines: string[] = [paint(1, `${decisionText(review)}: ${countersText(review)}`), ''];
  const [unplanned, pending] = [review.inputs.filter((input) => input.unplanned), pendingPlans(review)];
  for (const { stack } of unplanned)
    lines.push(`${paint(31, 'not planned')}  ${clean(`${stack}: ${unplannedText(stack, review)}`)}`);
  for (const one of pending.slice(0, 20))
    lines.push(`${paint(33, 'upstream pending')}  ${clean(`${one.stack}: ${pendingText(one)}`)}`);
  if (unplanned.length + pending.length > 0) lines.push('');
  const shown = review.changes.filter((change) => change.class !== 'noise');
  for (const change of shown.slice(0, MOST_LINES)) lines.push(line(change, paint));
  if (shown.length > MOST_LINES) lines.push(`  and ${shown.length - MOST_LINES} more: --format html, or --out`);
  const noise = review.changes.length - shown.length;
  if (noise > 0) lines.push(`  and ${noise} that nobody feels (tags, computed values)`);
  for (const one of review.drift.slice(0, 20)) lines.push(`  ${paint(35, 'drift')} ${clean(`${one.stack} ${one.address}`)}`);
  const ruleOf = ruleFinder(review);
  const side = [
    ...review.security
      .filter((one) => one.effect === 'broadened')
      .slice(0, 20)
      .map((one) => `${paint(31, 'broadened')}  ${clean(`${one.subject}: ${one.before} → ${one.after} on ${one.scope}`)}`),
    ...review.policy.findings
      .filter((one) => one.status === 'new')
      .slice(0, 20)
      .map((one) => `${paint(31, one.level)}  ${clean(`${one.id} ${ruleOf(one).title}: ${one.constructPath}`)}`),
    ...review.contracts
      .filter((one) => one.breaking)
      .slice(0, 20)
      .map((one) => `${paint(31, 'breaks')}  ${clean(`${one.environment} ${one.path}: ${one.before} → ${one.after}`)}`),
    ...review.checks
      .slice(0, 20)
      .map((one) => `${paint(33, 'check')}  ${clean(`${one.stack} ${one.address} ${one.status}: ${one.messages.join('; ')}`)}`),
    ...(review.cost.items.length > 0
      ? [
          `cost  ${usdText(review.cost.monthlyAtMax)} a month at most nodes, ${usdText(review.cost.monthlyAtMin)} at fewest (list price of ${review.cost.priceDate})`,
        ]
      : []),
  ];
  if (side.length > 0) lines.push('', ...side);
  const rows = [...review.inputs]
    .sort((a, b) => byEnvironment(a.environment, b.environment))
    .map(({ stack, kind, unplanned: isUnplanned, counts }) => [
      stack,
      isUnplanned ? 'code, not planned' : kind,
      ...[counts.destroy, counts.replace, counts.disrupt, counts.update, counts.create].map(String),
    ]);
  lines.push('', textTable(['stack', 'read from', 'destroy', 'replace', 'disrupt', 'update', 'create'], rows));
  const reasons = review.verdict.reasons.map(
    (one) =>
      `${one.level === 'block' ? 'blocked' : one.level === 'approve' ? 'approval' : 'allowed'}: ${one.trigger} × ${one.count} in ${one.environment}${one.reason ? ` (${one.reason})` : ''}`,
  );
  if (reasons.length > 0) lines.push('', ...reasons);
  return `${lines.join('\n')}\n`;
}

function line(change: Change, paint: (code: number, text: string) => string): string {
  const why = whyText(change);
  const sign = paint(COLORS[change.action] ?? 0, `${SIGNS[change.action] ?? '?'} ${change.action.padEnd(7)}`);
  return `${sign} ${clean(`${change.stack} ${change.address}${why ? `  ${why}` : ''}`)}`;
}

/** A plan's text must not steer the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
