import { byEnvironment, rank } from '../model/order';
import type { Change, ChangeAction, Review, ReviewedStack, ReviewVerdict, VerdictReason } from '../model/review';
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
  /** Blocks whatever the policy says. */
  readonly blocks?: true;
}

const MOST_EXAMPLES = 5;

type Compared = Pick<
  Review,
  'inputs' | 'environments' | 'changes' | 'drift' | 'security' | 'contracts' | 'upstreamPending' | 'outputs' | 'checks'
>;
type Assessed = Pick<Review, 'policy' | 'cost' | 'capacity'>;
type MutableReason = { -readonly [key in keyof VerdictReason]: VerdictReason[key] };

/**
 * What the policy says to a review: pass, approve or block, and why. It is told what there is part by part, before masking, as the
 * policy names addresses as Terraform does.
 */
export class Judge {
  private readonly reasons: Reasons;
  private environments: readonly string[] = [];
  private saysNothing = true;

  constructor(
    private readonly policy: ReviewPolicy,
    today: string,
  ) {
    this.reasons = new Reasons(policy, today);
  }

  public compared(review: Compared): void {
    eachCompared(review, (event) => this.reasons.add(event));
    this.environments = review.environments;
    const { inputs, changes, drift, outputs, contracts, checks } = review;
    this.saysNothing &&= changes.length + drift.length + outputs.length + contracts.length + checks.length === 0;
    this.saysNothing &&= !inputs.some((input) => input.unplanned);
  }

  public assessed(review: Assessed): void {
    eachAssessed(review, this.environments, this.policy, (event) => this.reasons.add(event));
    this.saysNothing &&= review.policy.counts.new + review.policy.counts.fixed === 0;
  }

  public verdict(): ReviewVerdict {
    const reasons = this.reasons.ordered();
    if (reasons[0]?.level === 'block') return { decision: 'block', exitCode: 4, reasons };
    if (reasons[0]?.level === 'approve') return { decision: 'approve', exitCode: 3, reasons };
    return { decision: this.saysNothing ? 'nothing' : 'pass', exitCode: 0, reasons };
  }
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
    const asked = event.blocks ? this.blocking(event) : this.of(event.environment, event.trigger);
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

  private blocking({ environment, trigger }: Event): MutableReason {
    const known = this.all.find((one) => one.level === 'block' && one.trigger === trigger && one.environment === environment);
    return known ?? this.made({ level: 'block', trigger, environment, count: 0, examples: [] });
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

function covers(allowance: Allowance, event: Event, today: string): boolean {
  return (
    allowance.stack === event.stack &&
    allowance.address === event.address &&
    (allowance.until === undefined || today <= allowance.until)
  );
}

function eachCompared(review: Compared, tell: (event: Event) => void): void {
  for (const change of review.changes) tellChange(change, tell);
  for (const change of review.drift) if (change.class !== 'noise') tell(eventAt('drift', change));
  for (const one of review.security) {
    if (one.effect === 'broadened') tell(eventAt(one.kind === 'identity' ? 'access-broadened' : 'exposure-broadened', one));
  }
  for (const change of review.contracts) {
    if (change.breaking) tell({ trigger: 'contract-break', environment: change.environment, subject: change.path });
  }
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
  for (const { stack, environment } of blockedUnplanned(review))
    tell({ trigger: 'incomplete', environment, subject: `${stack} is not planned`, blocks: true });
}

/** Stacks without a plan that nothing before them explains: there is nothing to review of them, and nothing to apply. */
function blockedUnplanned({ inputs, upstreamPending }: Pick<Review, 'inputs' | 'upstreamPending'>): ReviewedStack[] {
  return inputs.filter(({ stack, unplanned }) => unplanned && !upstreamPending.some((one) => one.stack === stack));
}

function eachAssessed(
  { policy: guardrails, capacity, cost }: Assessed,
  environments: readonly string[],
  policy: ReviewPolicy,
  tell: (event: Event) => void,
): void {
  for (const finding of guardrails.findings) {
    if (finding.status !== 'new' || finding.level === 'note') continue;
    const subject = `${finding.id} ${finding.address || finding.constructPath}`;
    tell(eventAt(finding.level === 'error' ? 'guardrail-error' : 'guardrail-warning', finding, subject));
  }
  for (const row of capacity)
    if (row.problem) tell({ trigger: 'capacity-short', environment: row.environment, subject: row.pool });
  for (const environment of environments) {
    const sum = cost.items.reduce((total, item) => (item.environment === environment ? total + item.monthlyAtMax : total), 0);
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
