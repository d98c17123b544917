import { byEnvironment, rank } from '../model/order';
import type { Change, Review, ReviewVerdict, VerdictReason } from '../model/review';
import { type Allowance, type EnvironmentPolicy, type ReviewPolicy, TRIGGERS, type Trigger } from './review-policy';

/** One thing that set a trigger off. */
interface Event {
  readonly trigger: Trigger;
  readonly environment: string;
  /** How it is called; stack and address where that is not said. */
  readonly subject?: string;
  /** For allowances; absent where no single address is meant. */
  readonly stack?: string;
  readonly address?: string;
}

const MOST_EXAMPLES = 5;

/** What the policy says to a review: pass, approve or block, and why. */
export function judge(review: Omit<Review, 'verdict'>, policy: ReviewPolicy, today: string): ReviewVerdict {
  const policyFor = (environment: string) => policy.environments[environment] ?? policy.otherwise;
  const reasons = new Map<string, { -readonly [key in keyof VerdictReason]: VerdictReason[key] }>();
  for (const event of eventsOf(review, policyFor)) {
    const { approve, block } = policyFor(event.environment);
    const asked = block.includes(event.trigger) ? 'block' : approve.includes(event.trigger) ? 'approve' : undefined;
    if (!asked) continue;
    const allowance = policy.allow.find((one) => covers(one, event, today));
    const level = allowance ? 'allowed' : asked;
    const key = `${level} ${event.environment} ${event.trigger} ${allowance?.reason ?? ''}`;
    const known = reasons.get(key);
    const reason = known ?? { level, trigger: event.trigger, environment: event.environment, count: 0, examples: [] };
    if (!known) reasons.set(key, allowance ? { ...reason, reason: allowance.reason } : reason);
    const counted = reasons.get(key) ?? reason;
    counted.count += 1;
    if (counted.examples.length < MOST_EXAMPLES) counted.examples.push(event.subject ?? `${event.stack} ${event.address}`);
  }
  const order = ['block', 'approve', 'allowed'];
  const list = [...reasons.values()].sort(
    (a, b) =>
      order.indexOf(a.level) - order.indexOf(b.level) ||
      rank<string>(TRIGGERS, a.trigger) - rank<string>(TRIGGERS, b.trigger) ||
      byEnvironment(a.environment, b.environment),
  );
  if (list[0]?.level === 'block') return { decision: 'block', exitCode: 4, reasons: list };
  if (list[0]?.level === 'approve') return { decision: 'approve', exitCode: 3, reasons: list };
  return { decision: saysNothing(review) ? 'nothing' : 'pass', exitCode: 0, reasons: list };
}

function saysNothing(review: Omit<Review, 'verdict'>): boolean {
  return (
    review.changes.length + review.drift.length + review.outputs.length + review.contracts.length + review.checks.length === 0 &&
    review.policy.counts.new + review.policy.counts.fixed === 0
  );
}

function covers(allowance: Allowance, event: Event, today: string): boolean {
  return (
    allowance.stack === event.stack &&
    allowance.address === event.address &&
    (allowance.until === undefined || today <= allowance.until)
  );
}

function eventsOf(review: Omit<Review, 'verdict'>, policyFor: (environment: string) => EnvironmentPolicy): Event[] {
  const events: Event[] = [];
  for (const change of review.changes) for (const trigger of triggersOf(change)) events.push({ trigger, ...place(change) });
  for (const change of review.drift) if (change.class !== 'noise') events.push({ trigger: 'drift', ...place(change) });
  for (const one of review.security) {
    if (one.effect === 'broadened')
      events.push({ trigger: one.kind === 'identity' ? 'access-broadened' : 'exposure-broadened', ...place(one) });
  }
  for (const finding of review.policy.findings) {
    if (finding.status !== 'new' || finding.level === 'note') continue;
    events.push({
      trigger: finding.level === 'error' ? 'guardrail-error' : 'guardrail-warning',
      ...place(finding),
      subject: `${finding.id} ${finding.address || finding.constructPath}`,
    });
  }
  for (const change of review.contracts) {
    if (change.breaking) events.push({ trigger: 'contract-break', environment: change.environment, subject: change.path });
  }
  for (const row of review.capacity)
    if (row.problem) events.push({ trigger: 'capacity-short', environment: row.environment, subject: row.pool });
  for (const check of review.checks) {
    const input = review.inputs.find((one) => one.stack === check.stack);
    events.push({
      trigger: 'check-failed',
      environment: input?.environment ?? check.stack,
      subject: `${check.stack} ${check.address}`,
    });
  }
  for (const input of review.inputs)
    if (input.partial) events.push({ trigger: 'incomplete', environment: input.environment, subject: input.stack });
  for (const environment of review.environments) {
    const sum = review.cost.items.reduce(
      (total, item) => (item.environment === environment ? total + item.monthlyAtMax : total),
      0,
    );
    if (sum > policyFor(environment).costAbove)
      events.push({ trigger: 'cost', environment, subject: `${Math.round(sum)} USD a month at most nodes` });
  }
  return events;
}

function triggersOf(change: Change): Trigger[] {
  const found: Trigger[] = change.class === 'noise' ? [] : ['any-change'];
  if (change.class === 'stateful-loss') found.push('stateful-loss');
  if (change.action === 'destroy') found.push('destroy');
  if (change.action === 'replace') found.push('replace');
  if (change.action === 'forget') found.push('forget');
  if (change.action === 'unknown') found.push('unknown-action');
  if (change.action === 'disrupt') found.push('disruption');
  if (change.disruptions.some((one) => one.failsAtApply)) found.push('apply-fails');
  return found;
}

function place(one: { readonly stack: string; readonly environment: string; readonly address: string }) {
  return { stack: one.stack, environment: one.environment, address: one.address };
}
