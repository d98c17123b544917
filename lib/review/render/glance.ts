import { shortId } from '../analysis/security';
import type { Change, Review } from '../model/review';
import { ruleFinder, usdText } from './words';

/** One question of a reviewer, and its answer in a line. */
export interface GlanceRow {
  readonly icon: string;
  readonly question: string;
  readonly count: number;
  /** The heaviest, as `[what, why]`; the first is a name or a path. */
  readonly items: readonly (readonly [string, string])[];
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
  const row = <T>(
    icon: string,
    question: string,
    all: readonly T[],
    itemOf: (one: T) => readonly [string, string],
  ): GlanceRow => ({
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
    row('💥', 'Broken', broken(review, where), (tell) => tell()),
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

/** What will not work: applies, rules, promises, checks, quotas. */
function broken(review: Review, where: (environment: string) => string): (() => readonly [string, string])[] {
  const ruleOf = ruleFinder(review);
  const fresh = review.policy.findings.filter((one) => one.status === 'new' && one.level === 'error');
  return [
    ...review.changes
      .filter((change) => change.disruptions.some((one) => one.failsAtApply))
      .map((change) => () => [pathText(change) + where(change.environment), 'the apply fails'] as const),
    ...review.contracts
      .filter((one) => one.breaking)
      .map(
        (one) => () => [one.path + where(one.environment), `promised to ${one.affects.join(', ') || 'its consumers'}`] as const,
      ),
    ...fresh.map((one) => () => [one.ruleId, `${ruleOf(one).title}: ${one.constructPath}`] as const),
    ...review.checks.map((one) => () => [`${one.stack} ${one.address}`, one.messages.join('; ')] as const),
    ...review.capacity.flatMap(({ pool, environment, problem }) =>
      problem ? [() => [pool + where(environment), problem] as const] : [],
    ),
  ];
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
