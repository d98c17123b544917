import { byEnvironment, rank } from '../model/order';
import type { Change, ChangeAction, Review, ReviewVerdict, VerdictReason } from '../model/review';
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

type Unjudged = Omit<Review, 'verdict'>;
type MutableReason = { -readonly [key in keyof VerdictReason]: VerdictReason[key] };

/** What the policy says to a review: pass, approve or block, and why. */
export function judge(review: Unjudged, policy: ReviewPolicy, today: string): ReviewVerdict {
  const reasons = new Reasons(policy, today);
  eachEvent(review, policy, (event) => reasons.add(event));
  const list = reasons.ordered();
  if (list[0]?.level === 'block') return { decision: 'block', exitCode: 4, reasons: list };
  if (list[0]?.level === 'approve') return { decision: 'approve', exitCode: 3, reasons: list };
  return { decision: saysNothing(review) ? 'nothing' : 'pass', exitCode: 0, reasons: list };
}

function policyFor(policy: ReviewPolicy, environment: string): EnvironmentPolicy {
  return policy.environments[environment] ?? policy.otherwise;
}

/** Events of one kind in one environment are one reason, but for those that somebody allowed. */
class Reasons {
  private readonly all: MutableReason[] = [];
  /** By environment, then trigger; undefined where the policy does not ask. */
  private readonly known = new Map<string, Map<Trigger, MutableReason | undefined>>();

  constructor(
    private readonly policy: ReviewPolicy,
    private readonly today: string,
  ) {}

  public add(event: Event): void {
    const asked = this.of(event.environment, event.trigger);
    if (!asked) return;
    const allowance = this.policy.allow.find((one) => covers(one, event, this.today));
    const reason = allowance ? this.allowed(asked, allowance.reason) : asked;
    reason.count += 1;
    if (reason.examples.length < MOST_EXAMPLES) reason.examples.push(event.subject ?? `${event.stack} ${event.address}`);
  }

  public ordered(): VerdictReason[] {
    const order = ['block', 'approve', 'allowed'];
    return this.all
      .filter((reason) => reason.count > 0)
      .sort(
        (a, b) =>
          order.indexOf(a.level) - order.indexOf(b.level) ||
          rank<string>(TRIGGERS, a.trigger) - rank<string>(TRIGGERS, b.trigger) ||
          byEnvironment(a.environment, b.environment),
      );
  }

  private of(environment: string, trigger: Trigger): MutableReason | undefined {
    let triggers = this.known.get(environment);
    if (!triggers) {
      triggers = new Map();
      this.known.set(environment, triggers);
    }
    if (triggers.has(trigger)) return triggers.get(trigger);
    const { approve, block } = policyFor(this.policy, environment);
    const level = block.includes(trigger) ? 'block' : approve.includes(trigger) ? 'approve' : undefined;
    const reason = level && this.made({ level, trigger, environment, count: 0, examples: [] });
    triggers.set(trigger, reason);
    return reason;
  }

  private allowed({ environment, trigger }: VerdictReason, why: string): MutableReason {
    const known = this.all.find(
      (one) => one.level === 'allowed' && one.trigger === trigger && one.environment === environment && one.reason === why,
    );
    return known ?? this.made({ level: 'allowed', trigger, environment, count: 0, examples: [], reason: why });
  }

  private made(reason: MutableReason): MutableReason {
    this.all.push(reason);
    return reason;
  }
}

function saysNothing(review: Unjudged): boolean {
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

function eachEvent(review: Unjudged, policy: ReviewPolicy, tell: (event: Event) => void): void {
  for (const change of review.changes) tellChange(change, tell);
  for (const change of review.drift) if (change.class !== 'noise') tell(eventAt('drift', change));
  for (const one of review.security) {
    if (one.effect === 'broadened') tell(eventAt(one.kind === 'identity' ? 'access-broadened' : 'exposure-broadened', one));
  }
  for (const finding of review.policy.findings) {
    if (finding.status !== 'new' || finding.level === 'note') continue;
    const subject = `${finding.id} ${finding.address || finding.constructPath}`;
    tell(eventAt(finding.level === 'error' ? 'guardrail-error' : 'guardrail-warning', finding, subject));
  }
  for (const change of review.contracts) {
    if (change.breaking) tell({ trigger: 'contract-break', environment: change.environment, subject: change.path });
  }
  for (const row of review.capacity)
    if (row.problem) tell({ trigger: 'capacity-short', environment: row.environment, subject: row.pool });
  for (const check of review.checks) {
    const input = review.inputs.find((one) => one.stack === check.stack);
    tell({
      trigger: 'check-failed',
      environment: input?.environment ?? check.stack,
      subject: `${check.stack} ${check.address}`,
    });
  }
  for (const input of review.inputs)
    if (input.partial) tell({ trigger: 'incomplete', environment: input.environment, subject: input.stack });
  for (const environment of review.environments) {
    const sum = review.cost.items.reduce(
      (total, item) => (item.environment === environment ? total + item.monthlyAtMax : total),
      0,
    );
    if (sum > policyFor(policy, environment).costAbove)
      tell({ trigger: 'cost', environment, subject: `${Math.round(sum)} USD a month at most nodes` });
  }
}

function tellChange(change: Change, tell: (event: Event) => void): void {
  if (change.class !== 'noise') tell(eventAt('any-change', change));
  if (change.class === 'stateful-loss') tell(eventAt('stateful-loss', change));
  const trigger = TRIGGER_OF[change.action];
  if (trigger) tell(eventAt(trigger, change));
  if (change.disruptions.some((one) => one.failsAtApply)) tell(eventAt('apply-fails', change));
}

const TRIGGER_OF: { readonly [action in ChangeAction]?: Trigger } = {
  destroy: 'destroy',
  replace: 'replace',
  forget: 'forget',
  unknown: 'unknown-action',
  disrupt: 'disruption',
};

type Place = Pick<Change, 'stack' | 'environment' | 'address'>;

function eventAt(trigger: Trigger, { stack, environment, address }: Place, subject?: string): Event {
  return { trigger, environment, subject, stack, address };
}
