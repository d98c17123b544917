import type {
  AttributeChange,
  Change,
  ChangeAction,
  PendingStack,
  PolicyFinding,
  PolicyRule,
  Review,
  UpstreamPending,
} from '../model/review';

/** How an action is called, alone and in sums. */
export const ACTION_WORDS: { readonly [action in ChangeAction]: string } = {
  destroy: 'destroy',
  replace: 'replace',
  forget: 'forget',
  unknown: 'unknown action',
  disrupt: 'update that disrupts',
  update: 'update',
  create: 'create',
  import: 'import',
  move: 'move',
};

const NO_RULE: PolicyRule = { id: '', title: '', severity: '', why: '', fix: '' };

/** The rule that a finding names. */
export function ruleFinder(review: Review): (finding: PolicyFinding) => PolicyRule {
  const rules = new Map(review.policy.rules.map((rule) => [rule.id, rule]));
  return (finding) => rules.get(finding.ruleId) ?? NO_RULE;
}

/** A value as one line. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'string') return value === '' ? '""' : value;
  return JSON.stringify(value);
}

export function afterText(attribute: AttributeChange): string {
  return attribute.unknown ? '(known after apply)' : valueText(attribute.after);
}

/** Why a change matters, in one line: what is lost, what forces it, what users feel, who hangs on it. */
export function whyText(change: Change): string {
  const parts: string[] = [];
  if (change.loss) parts.push(`loses ${change.loss.what}; recovery: ${change.loss.recovery}`);
  for (const cause of change.replaceCauses) {
    parts.push(`forced by ${cause.path}${cause.upstream.length > 0 ? ` ← ${cause.upstream.join(' ← ')}` : ''}`);
  }
  for (const disruption of change.disruptions) parts.push(`${disruption.attributes.join(', ')}: ${disruption.what}`);
  if (change.reason && change.replaceCauses.length === 0) parts.push(change.reason);
  if (change.previousAddress) parts.push(`was ${change.previousAddress}`);
  if (change.importId) parts.push(`imports ${change.importId}`);
  if (change.deposed) parts.push(`deposed object ${change.deposed}`);
  if (change.action === 'unknown')
    parts.push(`Terraform says ${change.terraformActions.join(' and ')}, which this version does not know`);
  const { total, stacks } = change.dependents;
  if (total > 0) parts.push(`${total} resource${total === 1 ? '' : 's'} depend${total === 1 ? 's' : ''} on it`);
  if (stacks.length > 0) parts.push(`used by ${stacks.join(', ')}`);
  if (change.feedsPlan) parts.push('this plan was made from it');
  if (change.estimate && change.action === 'replace') parts.push('estimated without a plan');
  return parts.join('. ');
}

/** What to do about a plan that will be out of date when its turn comes, and why. */
export function pendingText({ upstream }: UpstreamPending): string {
  const stacks = upstream.map(({ stack }) => stack).join(' and ');
  return `plan it again once ${stacks} ${upstream.length === 1 ? 'is' : 'are'} applied: it was planned before ${upstream.map(upstreamText).join(' and ')}`;
}

/** Why a stack was not planned, and what to do about it. */
export function unplannedText(stack: string, { upstreamPending }: Review): string {
  const upstream = upstreamPending.find((one) => one.stack === stack)?.upstream ?? [];
  if (upstream.length === 0)
    return 'planning failed, and no stack before it is new: read the log of its plan, mend what it names, and plan again';
  const waited = upstream.map((one) => `${one.stack}, which is ${one.isNew ? 'new' : 'not planned itself'}`);
  return `waits for ${waited.join(', and ')}; plan and review it once ${upstream.length === 1 ? 'that is' : 'they are'} applied`;
}

/** Stacks whose plan will be out of date when its turn comes. */
export function pendingPlans({ inputs, upstreamPending }: Review): UpstreamPending[] {
  return upstreamPending.filter(({ stack }) => !inputs.some((input) => input.unplanned && input.stack === stack));
}

function upstreamText({ stack, isNew, uses, total }: PendingStack): string {
  if (!isNew && total === 0) return `what ${stack} changes is known`;
  const more = total > uses.length ? ` and ${total - uses.length} more` : '';
  const named = uses.length === 0 ? '' : ` (${uses.join(', ')}${more})`;
  return isNew ? `anything of ${stack} is there${named}` : `what it uses of ${stack} is changed${named}`;
}

/** Counters in one line, those at zero left out. */
export function countersText(review: Review): string {
  const { summary } = review;
  const counted: [number, string, string?][] = [
    [summary.statefulLosses, 'stateful loss', 'stateful losses'],
    [summary.destroy, 'to destroy'],
    [summary.replace, 'to replace'],
    [summary.forget, 'to forget'],
    [summary.unknown, 'unknown'],
    [summary.disrupt, 'update that disrupts', 'updates that disrupt'],
    [summary.update, 'to update'],
    [summary.create, 'to create'],
    [summary.import, 'to import'],
    [summary.move, 'to move'],
    [summary.drift, 'drifted'],
    [review.inputs.filter((input) => input.unplanned).length, 'stack not planned', 'stacks not planned'],
  ];
  const parts = counted
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : (many ?? one)}`);
  return parts.length > 0 ? parts.join(', ') : 'no changes';
}

/** Not by Intl, which takes a tenth of the start-up to load. */
export function usdText(amount: number): string {
  const text = Math.abs(amount)
    .toFixed(2)
    .replace(/\B(?=(?:\d{3})+\.)/g, ',');
  return `${amount < 0 ? '-' : '+'}$${text}`;
}

/** What the review comes to. */
export function decisionText(review: Review): string {
  switch (review.verdict.decision) {
    case 'block':
      return 'Blocked by policy';
    case 'approve':
      return 'Needs approval';
    case 'pass':
      return 'Nothing that needs approval';
    case 'nothing':
      return 'No changes';
  }
}
