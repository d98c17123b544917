import { actionOf } from './analysis/action';
import { type Assessment, type AssessmentSettings, assess } from './analysis/assessment';
import type { FoundAssessment } from './analysis/assessment-thread';
import { BlastRadius } from './analysis/blast-radius';
import { capacityAfter } from './analysis/capacity';
import { changeGraph } from './analysis/change-graph';
import { contractChanges } from './analysis/contract-changes';
import { upstreamPending } from './analysis/upstream-pending';
import { driftOf, plannedChange } from './build-change';
import type { Masker } from './masking/masker';
import { scrub } from './masking/scrub';
import { ACTIONS, byEnvironment, CLASSES, compare, rank, SEVERITIES } from './model/order';
import {
  type ActionCounts,
  type Change,
  type OutputChange,
  REVIEW_SCHEMA_VERSION,
  type Review,
  type ReviewSummary,
  type SecurityChange,
  UNPLANNED_SCHEMA_VERSION,
} from './model/review';
import { AttributeDiffer } from './plan/attribute-diff';
import type { LoadedReview } from './plan/load-stacks';
import { type RawChange, type RawOutput, type StackInput, withoutIndex } from './plan/stack-input';
import type { ReviewPolicy } from './policy/review-policy';
import { Judge } from './policy/verdict';

export interface ReviewSettings extends AssessmentSettings {
  readonly policy: ReviewPolicy;
  readonly titles: string[];
}

/** Puts the review together. Pure: the same input gives the same review. */
export function buildReview(loaded: LoadedReview, settings: ReviewSettings): Review {
  return finishReview(draftReview(loaded, settings), assess(loaded.inputs, settings), loaded);
}

/** What is compared, without what is assessed. */
type ComparedReview = Omit<Review, 'summary' | 'policy' | 'cost' | 'capacity' | 'renames' | 'verdict'>;

export interface DraftReview {
  /** Without secrets. */
  readonly compared: ComparedReview;
  /** Knows what is compared. */
  readonly judge: Judge;
}

/** All but the assessment, which may be made beside it. */
export function draftReview(loaded: LoadedReview, settings: ReviewSettings): DraftReview {
  const compared = compareAll(loaded, settings);
  const judge = new Judge(settings.policy, settings.today);
  judge.compared(compared);
  return { compared: scrub(compared, loaded.masker), judge };
}

function compareAll(loaded: LoadedReview, settings: ReviewSettings): ComparedReview {
  const { inputs, masker } = loaded;
  const differ = new AttributeDiffer(masker);
  const radius = new BlastRadius(inputs);
  const changes: Change[] = [];
  const drift: Change[] = [];
  const security: SecurityChange[] = [];
  const counts = new Map<string, MutableCounts>();
  let quietDrift = 0;
  for (const input of inputs) {
    const changed = new Map<string, RawChange>();
    for (const raw of input.changes) if (actionOf(raw)) changed.set(withoutIndex(raw.address), raw);
    const counted = noCounts();
    counts.set(input.stack, counted);
    for (const raw of input.changes) {
      const change = plannedChange(raw, input, differ, changed, radius, security);
      if (!change) continue;
      changes.push(change);
      if (change.class !== 'noise') counted[change.action] += 1;
    }
    for (const raw of input.drift) {
      const action = actionOf(raw);
      if (!action || action === 'move') continue;
      const change = driftOf(raw, action, input, differ);
      if (action === 'update' && change.attributes.length === 0) quietDrift += 1;
      else drift.push(change);
    }
  }
  const sorted = heaviestFirst(changes);
  const environments = [...new Set(inputs.map((input) => input.environment))].sort(byEnvironment);
  const contracts = contractChanges(loaded.baseContracts, loaded.headContracts).map((one) => ({
    ...one,
    affects: [...one.affects, ...followersOf(one.environment, inputs, one.breaking)],
  }));
  return {
    schemaVersion: inputs.some(({ unplanned }) => unplanned) ? UNPLANNED_SCHEMA_VERSION : REVIEW_SCHEMA_VERSION,
    tool: 'ml-platform review',
    titles: settings.titles,
    inputs: inputs.map((input) => ({
      stack: input.stack,
      environment: input.environment,
      layer: input.layer,
      kind: input.kind,
      digest: input.digest,
      ...(input.terraformVersion === undefined ? {} : { terraformVersion: input.terraformVersion }),
      partial: input.partial,
      ...(input.unplanned ? { unplanned: input.unplanned } : {}),
      counts: counts.get(input.stack) ?? noCounts(),
    })),
    environments,
    changes: sorted,
    drift: drift.sort((a, b) => rank(CLASSES, a.class) - rank(CLASSES, b.class) || feeds(b) - feeds(a) || bySeverity(a, b)),
    quietDrift,
    security: security.sort(byWeight),
    contracts,
    upstreamPending: upstreamPending(inputs, sorted, contracts),
    outputs: inputs.flatMap((input) => input.outputs.map((output) => outputOf(output, input, masker))),
    checks: inputs.flatMap((input) => input.checks.map((check) => ({ stack: input.stack, ...check }))),
    graph: changeGraph(sorted, inputs),
  };
}

/** Adds what was assessed, judges, and takes out what is secret. */
export function finishReview({ compared, judge }: DraftReview, found: FoundAssessment, loaded: LoadedReview): Review {
  const { policy, cost, pools, renames } = found;
  const capacity = capacityAfter(pools, loaded.baseContracts, loaded.headContracts);
  judge.assessed({ policy, cost, capacity });
  const { masker } = loaded;
  const rest = scrub({ capacity, cost, renames, verdict: judge.verdict(), policy: { ...policy, findings: [] } }, masker);
  if (found.maskFindings) found.maskFindings((text) => masker.text(text));
  else scrub(policy.findings, masker);
  // In the order in which a reader looks for it.
  return {
    schemaVersion: compared.schemaVersion,
    tool: compared.tool,
    titles: compared.titles,
    inputs: compared.inputs,
    environments: compared.environments,
    summary: summaryOf(compared, found),
    changes: compared.changes,
    drift: compared.drift,
    quietDrift: compared.quietDrift,
    security: compared.security,
    policy: { ...rest.policy, findings: policy.findings },
    contracts: compared.contracts,
    upstreamPending: compared.upstreamPending,
    cost: rest.cost,
    capacity: rest.capacity,
    renames: rest.renames,
    outputs: compared.outputs,
    checks: compared.checks,
    graph: compared.graph,
    verdict: rest.verdict,
  };
}

function summaryOf(compared: ComparedReview, { policy, cost }: Assessment): ReviewSummary {
  return {
    ...sumOf(compared.inputs.map(({ counts }) => counts)),
    statefulLosses: compared.changes.filter((change) => change.class === 'stateful-loss').length,
    drift: compared.drift.filter((change) => change.class !== 'noise').length,
    securityBroadened: compared.security.filter((one) => one.effect === 'broadened').length,
    policyNew: policy.counts.new,
    contractBreaks: compared.contracts.filter((one) => one.breaking).length,
    monthlyUsdAtMax: cost.monthlyAtMax,
  };
}

function feeds(change: Change): number {
  return change.feedsPlan ? 1 : 0;
}

type MutableCounts = { -readonly [action in keyof ActionCounts]: number };

function noCounts(): MutableCounts {
  return { create: 0, update: 0, disrupt: 0, replace: 0, destroy: 0, forget: 0, move: 0, import: 0, unknown: 0 };
}

function sumOf(all: readonly ActionCounts[]): ActionCounts {
  const sum = noCounts();
  for (const counts of all) for (const action of ACTIONS) sum[action] += counts[action];
  return sum;
}

function followersOf(environment: string, inputs: readonly StackInput[], breaking: boolean): string[] {
  if (!breaking) return [];
  return inputs
    .filter((input) => input.environment === environment && !['foundation', 'shared'].includes(input.layer))
    .map((input) => `stack ${input.stack}`);
}

function outputOf(output: RawOutput, input: StackInput, masker: Masker): OutputChange {
  const shown = (value: unknown) => (output.sensitive ? masker.mark(value) : masker.value(value));
  return {
    stack: input.stack,
    name: output.name,
    action: output.actions.join(' and '),
    ...(output.before === null || output.before === undefined ? {} : { before: shown(output.before) }),
    ...(output.unknown || output.after === null || output.after === undefined ? {} : { after: shown(output.after) }),
  };
}

/** As `bySeverity` orders them: weights are few, so that most are told apart without comparing them. */
function heaviestFirst(changes: readonly Change[]): Change[] {
  const byWeight = new Map<number, Change[]>();
  for (const change of changes) {
    const weight = rank(CLASSES, change.class) * SEVERITIES.length + rank(SEVERITIES, change.severity);
    const same = byWeight.get(weight);
    if (same) same.push(change);
    else byWeight.set(weight, [change]);
  }
  return [...byWeight].sort(([a], [b]) => a - b).flatMap(([, same]) => same.sort(byPlace));
}

function bySeverity(a: Change, b: Change): number {
  return (
    rank(CLASSES, a.class) - rank(CLASSES, b.class) ||
    rank(SEVERITIES, a.severity) - rank(SEVERITIES, b.severity) ||
    byPlace(a, b)
  );
}

function byPlace(a: Change, b: Change): number {
  return (
    -byEnvironment(a.environment, b.environment) ||
    compare(a.stack, b.stack) ||
    compare(a.address, b.address) ||
    compare(a.deposed ?? '', b.deposed ?? '')
  );
}

const EFFECTS = ['broadened', 'changed', 'narrowed'];

function byWeight(a: SecurityChange, b: SecurityChange): number {
  return (
    EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect) ||
    compare(a.kind, b.kind) ||
    -byEnvironment(a.environment, b.environment) ||
    compare(a.stack, b.stack) ||
    compare(a.address, b.address) ||
    compare(a.subject, b.subject) ||
    compare(a.scope, b.scope)
  );
}
