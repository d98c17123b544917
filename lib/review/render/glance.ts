import { shortId } from '../analysis/security';
import type { Change, Review } from '../model/review';
import { ruleFinder, usdText } from './words';

/** What, and why; the first is a name or a path. */
type Item = readonly [string, string];

/** One question of a reviewer, and its answer in a line. */
export interface GlanceRow {
  readonly icon: string;
  readonly question: string;
  readonly count: number;
  /** The heaviest. */
  readonly items: readonly Item[];
}

const MOST_ITEMS = 3;

const KNOWN = new WeakMap<Review, GlanceRow[]>();

/** What is lost, gone, exposed, felt, broken and costly, answered even where the answer is "nothing". */
export function glance(review: Review): GlanceRow[] {
  const known = KNOWN.get(review) ?? rowsOf(review);
  KNOWN.set(review, known);
  return known;
}

function rowsOf(review: Review): GlanceRow[] {
  const several = review.environments.length > 1;
  const where = (environment: string) => (several ? ` (${environment})` : '');
  const name = (change: Change) => pathText(change) + where(change.environment);
  const row = <T>(icon: string, question: string, all: readonly T[], itemOf: (one: T) => Item): GlanceRow => ({
    icon,
    question,
    count: all.length,
    items: all.slice(0, MOST_ITEMS).map(itemOf),
  });
  const ofClass = (wanted: string) => review.changes.filter((change) => change.class === wanted);
  const opened = review.security.filter((one) => one.effect === 'broadened');
  const drifted = review.drift.filter((change) => change.class !== 'noise');
  const cost = review.cost.monthlyAtMax !== 0 || review.cost.monthlyAtMin !== 0;
  return [
    row('🛑', 'Data lost', ofClass('stateful-loss'), (change) => [name(change), change.loss?.what ?? '']),
    row('♻️', 'Gone or replaced', ofClass('loss'), (change) => [name(change), causeText(change)]),
    row('⚡', 'Users feel', ofClass('disruption'), (change) => [name(change), change.disruptions[0]?.what ?? '']),
    row('🔓', 'Opened', opened, (one) => [
      one.subject + where(one.environment),
      `${one.before} → ${one.after} on ${shortId(one.scope)}`,
    ]),
    broken(review, where),
    {
      icon: '💶',
      question: 'Costs',
      count: cost ? 1 : 0,
      items: cost
        ? [
            [
              `${usdText(review.cost.monthlyAtMax)} a month`,
              `with all nodes there, ${usdText(review.cost.monthlyAtMin)} with the fewest; list price${review.cost.unknown.length > 0 ? `, ${review.cost.unknown.length} without a known price` : ''}`,
            ],
          ]
        : review.cost.unknown.length > 0
          ? [[`${review.cost.unknown.length} without a known price`, '']]
          : [],
    },
    ...(drifted.length > 0
      ? [row('🌊', 'Changed outside', drifted, (change) => [name(change), change.reason ?? change.action])]
      : []),
  ];
}

/** What will not work: applies, rules, promises, checks, quotas. Put into words for the first only: there may be thousands. */
function broken(review: Review, where: (environment: string) => string): GlanceRow {
  const ruleOf = ruleFinder(review);
  const items: Item[] = [];
  let count = 0;
  const tell = (itemOf: () => Item) => {
    count += 1;
    if (items.length < MOST_ITEMS) items.push(itemOf());
  };
  for (const change of review.changes) {
    if (change.disruptions.some((one) => one.failsAtApply))
      tell(() => [pathText(change) + where(change.environment), 'the apply fails']);
  }
  for (const one of review.contracts) {
    if (one.breaking) tell(() => [one.path + where(one.environment), `promised to ${one.affects.join(', ') || 'its consumers'}`]);
  }
  for (const one of review.policy.findings) {
    if (one.status === 'new' && one.level === 'error') tell(() => [one.ruleId, `${ruleOf(one).title}: ${one.constructPath}`]);
  }
  for (const one of review.checks) tell(() => [`${one.stack} ${one.address}`, one.messages.join('; ')]);
  for (const { pool, environment, problem } of review.capacity) {
    if (problem) tell(() => [pool + where(environment), problem]);
  }
  return { icon: '💥', question: 'Broken', count, items };
}

function causeText(change: Change): string {
  const [cause] = change.replaceCauses;
  const verb = change.action === 'replace' ? 'replaced' : change.action === 'forget' ? 'forgotten' : 'destroyed';
  return `${verb}${cause ? `, as ${[cause.path, ...cause.upstream].join(' ← ')} changes` : ''}`;
}

/** The construct, without the stack; the address where no construct is known. */
function pathText({ constructPath, stack, address }: Change): string {
  const path = constructPath.startsWith(`${stack}/`) ? constructPath.slice(stack.length + 1) : constructPath;
  return path === '' ? address : path;
}
