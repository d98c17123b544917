import { isObject } from '../guardrails/model/json';
import { actionOf, reasonOf } from './analysis/action';
import { type BlastRadius, NO_DEPENDENTS } from './analysis/blast-radius';
import { replaceCauses } from './analysis/causes';
import { disruptionsOf, isDriftNoise, isNoise } from './analysis/disruption';
import { type SecurityFinding, securityOf } from './analysis/security';
import { isMinorLoss, lossOf } from './analysis/stateful';
import type { Change, ChangeAction, ChangeClass, SecurityChange, Severity } from './model/review';
import type { AttributeDiffer } from './plan/attribute-diff';
import { type RawChange, type StackInput, withoutIndex } from './plan/stack-input';

type Place = Pick<Change, 'stack' | 'environment' | 'address' | 'constructPath'>;

/** What is planned for one resource; adds what it does to access and exposure. */
export function plannedChange(
  raw: RawChange,
  input: StackInput,
  differ: AttributeDiffer,
  changed: ReadonlyMap<string, RawChange>,
  radius: BlastRadius,
  security: SecurityChange[],
): Change | undefined {
  const action = actionOf(raw);
  if (!action) return undefined;
  const place = placeOf(raw, input);
  const found = securityOf(raw, (path) => input.referencesAt(withoutIndex(raw.address), [path]));
  const exposed = found.length === 0 ? NONE : found.map((one) => exposedAt(place, named(one, input)));
  security.push(...exposed);
  return changeOf(raw, action, input, place, differ, exposed, changed, radius);
}

/** One list for all changes that have nothing in it: a large review has tens of thousands. */
const NONE: never[] = [];

function changeOf(
  raw: RawChange,
  terraform: ChangeAction,
  input: StackInput,
  place: Place,
  differ: AttributeDiffer,
  exposed: readonly SecurityChange[],
  changed: ReadonlyMap<string, RawChange>,
  radius: BlastRadius | undefined,
): Change {
  const isGone = terraform === 'destroy' || terraform === 'forget';
  const { attributes, omitted } = isGone ? differ.count(raw) : differ.diff(raw);
  const disruptions = radius ? disruptionsOf(raw, attributes) : NONE;
  const action = terraform === 'update' && disruptions.length > 0 ? 'disrupt' : terraform;
  // An unknown value that no expression gives is the provider's: an etag, a version.
  const isStated = (path: string) => input.referencesAt(withoutIndex(raw.address), path.split(/[.[\]]+/)).length > 0;
  const goes = raw.actions.includes('delete');
  const loss = goes ? lossOf(raw.type, raw.before) : undefined;
  const changeClass = classOf(
    raw,
    action,
    attributes.length > 0 ? isNoise(raw, attributes, isStated) : raw.actions.includes('update'),
    exposed,
    loss !== undefined && !isMinorLoss(raw.type),
  );
  const fails = disruptions.some((one) => one.failsAtApply);
  const weighty = radius !== undefined && !QUIET.has(action) && changeClass !== 'noise';
  return {
    stack: place.stack,
    environment: place.environment,
    address: place.address,
    constructPath: place.constructPath,
    type: raw.type,
    sourceLocation: input.sourceLocations.get(withoutIndex(raw.address)),
    action,
    class: changeClass,
    severity: severityOf(changeClass, action, exposed, input.environment, fails),
    terraformActions: raw.actions,
    reason: reasonOf(raw),
    estimate: input.kind === 'synth',
    previousAddress: raw.previousAddress,
    importId: raw.importId,
    deposed: raw.deposed,
    replaceCauses: goes && raw.actions.includes('create') ? replaceCauses(raw, input, changed) : NONE,
    attributes,
    omittedAttributes: omitted,
    loss,
    disruptions,
    dependents: weighty && radius ? radius.of(raw, input) : NO_DEPENDENTS,
  };
}

/** What somebody did outside Terraform: losses and exposure first, then what this plan was made from. */
export function driftOf(raw: RawChange, action: ChangeAction, input: StackInput, differ: AttributeDiffer): Change {
  const place = placeOf(raw, input);
  const found = securityOf(raw, () => []);
  const exposed = found.map((one) => exposedAt(place, one));
  const change = changeOf(raw, action, input, place, differ, exposed, new Map(), undefined);
  if (isDriftNoise(raw, change.attributes))
    return { ...change, class: 'noise', severity: 'info', reason: 'set by Azure Policy or the service itself, as a rule' };
  const [first] = found;
  return {
    ...change,
    reason: first ? `${first.effect} outside Terraform: ${first.before} → ${first.after}` : change.reason,
    feedsPlan: feedsPlan(raw, input) || undefined,
  };
}

/** Whether the plan was made from a value that drifted. */
function feedsPlan(raw: RawChange, input: StackInput): boolean {
  const { before, after } = raw;
  if (!isObject(before) || !isObject(after)) return [...input.relevant].some((one) => one.startsWith(`${raw.address}.`));
  return Object.keys({ ...before, ...after }).some(
    (key) => input.relevant.has(`${raw.address}.${key}`) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

/** Who it is by the construct, which people know, where the address is all that is said. */
function named(one: SecurityFinding, input: StackInput): SecurityFinding {
  const [, address = '', rest = ''] = /^(\S+)( .*)?$/.exec(one.subject) ?? [];
  const path = input.constructPaths.get(address);
  return path === undefined || path === address ? one : { ...one, subject: path + rest };
}

/** Written out, as spreading many thousands of these is slow. */
function exposedAt(place: Place, one: SecurityFinding): SecurityChange {
  const { stack, environment, address, constructPath } = place;
  const { kind, effect, subject, before, after, scope } = one;
  return { stack, environment, address, constructPath, kind, effect, subject, before, after, scope };
}

/** Actions that take nothing from anybody. */
const QUIET: ReadonlySet<ChangeAction> = new Set<ChangeAction>(['create', 'import', 'move']);

function placeOf(raw: RawChange, input: StackInput): Place {
  return {
    stack: input.stack,
    environment: input.environment,
    address: raw.address,
    constructPath: input.constructPaths.get(withoutIndex(raw.address)) ?? `${input.stack}/${raw.address}`,
  };
}

function classOf(
  raw: RawChange,
  action: ChangeAction,
  noise: boolean,
  exposed: readonly SecurityChange[],
  stateful: boolean,
): ChangeClass {
  if (stateful) return 'stateful-loss';
  if (['destroy', 'replace', 'forget', 'unknown'].includes(action)) return 'loss';
  if (action === 'disrupt') return 'disruption';
  if (exposed.length > 0) return 'security';
  return noise && raw.actions.includes('update') ? 'noise' : 'change';
}

function severityOf(
  changeClass: ChangeClass,
  action: ChangeAction,
  exposed: readonly SecurityChange[],
  environment: string,
  failsAtApply: boolean,
): Severity {
  const careful = environment !== 'dev';
  if (changeClass === 'stateful-loss') return careful ? 'critical' : 'high';
  if (failsAtApply || action === 'unknown') return 'high';
  if (exposed.some((one) => one.effect === 'broadened')) return careful && action !== 'create' ? 'high' : 'medium';
  if (changeClass === 'loss') return careful ? 'high' : 'medium';
  if (changeClass === 'disruption') return careful ? 'high' : 'medium';
  if (changeClass === 'security') return 'medium';
  return changeClass === 'noise' || action === 'move' ? 'info' : 'low';
}
