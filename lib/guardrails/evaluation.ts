import { AcknowledgementLedger } from './acknowledgement-ledger';
import type { Finding, FindingLevel } from './finding';
import type { GuardrailPack } from './guardrail-pack';
import type { ResourceModel, StackModel } from './model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from './rule';
import { strictnessOfStack } from './stage';
import { type Verdict, VerdictKind } from './verdict';

export interface EvaluationOptions {
  /** ISO date that acknowledgements are held against. */
  readonly today: string;
  /** Stage names of the user's own and the strictness they take, e.g. { perf: 'staging' }. */
  readonly stages?: { readonly [name: string]: string };
  /** Judges every stack as this stage. */
  readonly strictness?: string;
  /** Unused acknowledgements become errors. */
  readonly strict?: boolean;
}

export interface Evaluation {
  readonly stack: StackModel;
  readonly strictness: string;
  /** Open ones first, by weight, then path. */
  readonly findings: Finding[];
  /** Verdicts that passed. */
  readonly passed: number;
}

const WEIGHT: Record<FindingLevel, number> = { error: 0, warning: 1, note: 2 };
const STATUS: Record<Finding['status'], number> = { open: 0, unresolved: 1, acknowledged: 2 };

/** The level of a rule's findings at a stage; undefined where the rule is off. */
export function levelOf(rule: IRule, strictness: string): FindingLevel | undefined {
  if (rule.enforcement === RuleEnforcement.PROD && strictness === 'dev') return undefined;
  if (rule.enforcement === RuleEnforcement.DEV_RELAXED && strictness === 'dev') return 'note';
  if (rule.enforcement === RuleEnforcement.PROD && strictness === 'staging') return 'warning';
  return rule.severity === RuleSeverity.LOW ? 'warning' : 'error';
}

/** Runs the rules of a pack over one stack. */
export function evaluate(stack: StackModel, pack: GuardrailPack, options: EvaluationOptions): Evaluation {
  const evaluation = evaluateUnsorted(stack, pack, options);
  evaluation.findings.sort(byWeight);
  return evaluation;
}

/** The same with findings in the order of the rules, for whoever sorts them otherwise. */
export function evaluateUnsorted(stack: StackModel, pack: GuardrailPack, options: EvaluationOptions): Evaluation {
  const strictness = options.strictness ?? pack._strictness ?? strictnessOfStack(stack, options.stages);
  stack._judgeAs(strictness, pack._allowed);
  const ledger = new AcknowledgementLedger(stack.acknowledgements, options.today, strictness, options.strict ?? false);
  const findings: Finding[] = [];
  let passed = 0;
  for (const rule of pack.rules) {
    const level = levelOf(rule, strictness);
    if (!level) continue;
    passed += judgeAll({ rule, level, ids: new Map() }, subjectsOf(rule, stack), ledger, findings);
  }
  findings.push(...ledger.findings(stack, pack.rules));
  return { stack, strictness, findings, passed };
}

/** What all findings of a rule at one stack say. */
interface Told {
  readonly rule: IRule;
  readonly level: FindingLevel;
  /** Ids by what tells findings apart: few, and each is said of thousands of resources. */
  readonly ids: Map<string, string>;
}

/** Adds what a rule finds at all resources that it looks at; gives the number of verdicts that passed. */
function judgeAll(told: Told, subjects: readonly ResourceModel[], ledger: AcknowledgementLedger, findings: Finding[]): number {
  let passed = 0;
  for (let index = 0; index < subjects.length; index += 1) {
    const resource = subjects[index];
    if (resource) passed += judge(told, resource, ledger, findings);
  }
  return passed;
}

/** The same at one resource. */
function judge(told: Told, resource: ResourceModel, ledger: AcknowledgementLedger, findings: Finding[]): number {
  let passed = 0;
  const verdicts = told.rule.check(resource);
  // By index, as all of this is asked a hundred thousand times of a large plan.
  for (let index = 0; index < verdicts.length; index += 1) {
    const verdict = verdicts[index];
    if (!verdict) continue;
    if (verdict.kind === VerdictKind.PASS) passed += 1;
    else if (verdict.kind === VerdictKind.FAIL) findings.push(ledger.judge(findingOf(told, resource, verdict)));
    else if (verdict.kind === VerdictKind.UNKNOWN) findings.push(unresolved(told, resource, verdict));
  }
  return passed;
}

/** The resources of a stack that a rule looks at. */
export function subjectsOf(rule: IRule, stack: StackModel): ResourceModel[] {
  const [first, ...others] = rule.resourceTypes.map((type) =>
    type.endsWith('*') ? stack.managedOf(type.slice(0, -1)) : stack.ofType(type),
  );
  return others.length === 0 ? (first ?? []) : [...(first ?? []), ...others.flat()];
}

/** Written out, as spreading tens of thousands of these is slow. */
function findingOf(told: Told, resource: ResourceModel, { failure }: Verdict): Finding {
  const { rule } = told;
  return {
    stack: resource.stack.name,
    rule,
    id: failure?.finding ? idOf(told, failure.finding) : rule.id,
    level: told.level,
    status: 'open',
    constructPath: resource.constructPath,
    address: resource.address,
    sourceLocation: resource.sourceLocation,
    attribute: failure?.value.path ?? '',
    seen: failure?.value.seen ?? '',
    what: failure?.what,
    allowed: failure?.allowed,
    fix: failure?.fix ?? rule.fix,
    final: failure?.final || undefined,
  };
}

function idOf({ rule, ids }: Told, finding: string): string {
  let id = ids.get(finding);
  if (id === undefined) {
    id = `${rule.id}[${finding}]`;
    ids.set(finding, id);
  }
  return id;
}

function unresolved(told: Told, resource: ResourceModel, verdict: Verdict): Finding {
  return {
    ...findingOf(told, resource, verdict),
    status: 'unresolved',
    fix: 'judge it on the plan: ml-platform check plan.json',
  };
}

function byWeight(a: Finding, b: Finding): number {
  return (
    STATUS[a.status] - STATUS[b.status] ||
    WEIGHT[a.level] - WEIGHT[b.level] ||
    compare(a.constructPath, b.constructPath) ||
    compare(a.id, b.id) ||
    compare(a.address, b.address) ||
    compare(a.attribute, b.attribute)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
