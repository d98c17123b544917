import * as crypto from 'node:crypto';
import { rank, SEVERITIES } from '../model/order';
import type {
  Change,
  ContractChange,
  PolicyFinding,
  PolicyRule,
  Review,
  ReviewedStack,
  SecurityChange,
  Severity,
} from '../model/review';
import { listPieces } from './json';
import { unplannedText, whyText } from './words';

/** GitHub keeps 5,000 results of a run and takes 25,000. */
const MOST_RESULTS = 5000;
const LONGEST_MESSAGE = 1000;

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly fix?: string;
  readonly score: string;
  readonly tags: string[];
}

type Level = 'error' | 'warning' | 'note';

interface Result {
  readonly rule: Rule;
  readonly level: Level;
  readonly message: string;
  readonly stack: string;
  readonly constructPath: string;
  readonly address: string;
  readonly sourceLocation: string | undefined;
  readonly key: string;
  readonly justification: string | undefined;
}

const CHANGE_RULES: { readonly [changeClass: string]: Rule } = {
  'stateful-loss': {
    id: 'MLP-REVIEW-LOSS',
    title: 'data is lost',
    help: 'A resource that keeps data is destroyed or replaced. Keep it, move it, or back it up first.',
    score: '9.0',
    tags: ['terraform', 'data-loss'],
  },
  loss: {
    id: 'MLP-REVIEW-DESTROY',
    title: 'a resource is destroyed, replaced or forgotten',
    help: 'Check that nothing relies on it, or add a moved block where it was renamed.',
    score: '6.0',
    tags: ['terraform', 'availability'],
  },
  disruption: {
    id: 'MLP-REVIEW-DISRUPT',
    title: 'users feel this update',
    help: 'Terraform updates in place, yet nodes are replaced or access ends. Choose the hour.',
    score: '5.0',
    tags: ['terraform', 'availability'],
  },
};
const SECURITY_RULE: Rule = {
  id: 'MLP-REVIEW-ACCESS',
  title: 'access or exposure is broadened',
  help: 'Somebody may do more, or something is reached from more places. Grant the narrowest role on the narrowest scope.',
  score: '7.5',
  tags: ['security', 'terraform'],
};
const CONTRACT_RULE: Rule = {
  id: 'MLP-REVIEW-CONTRACT',
  title: 'the platform contract breaks for consumers',
  help: 'Keep the old promise until its consumers have moved.',
  score: '5.0',
  tags: ['terraform', 'contract'],
};
const UNPLANNED_RULE: Rule = {
  id: 'MLP-REVIEW-UNPLANNED',
  title: 'a stack is not planned',
  help: 'Planning it failed: what it will change is not known. Where a stack before it is new, plan it once that is applied.',
  score: '5.0',
  tags: ['terraform'],
};
const SCORES: { readonly [severity: string]: string } = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/** What SARIF tells of a review but its guardrail findings: whoever has those can write it. */
export interface SarifFacts {
  readonly environments: readonly string[];
  readonly rules: readonly PolicyRule[];
  /** What comes before the findings of its order, and after them. */
  readonly before: readonly Ordered[];
  readonly after: readonly Ordered[];
  /** How many there are besides findings, told or not. */
  readonly count: number;
  /** What is of a higher order is not told: there is enough without it. */
  readonly most: number;
}

/** The lowest order is told first. */
interface Ordered {
  readonly order: number;
  readonly result: Result;
}

/** SARIF 2.1.0 as code scanning takes it: what is lost, disrupted, broadened or broken, and guardrail findings that are still there. */
export function renderReviewSarif(review: Review): string {
  return [...reviewSarifPieces(review)].join('');
}

/** The same, piece by piece. */
export function reviewSarifPieces(review: Review): Generator<string> {
  return sarifPieces(sarifFacts(review), review.policy.findings);
}

/** The same, of its two halves. */
export function* sarifPieces(facts: SarifFacts, findings: readonly PolicyFinding[]): Generator<string> {
  const [kept, count] = firstOf(facts, findings);
  const rules = [...new Map(kept.map(({ rule }) => [rule.id, rule])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = new Places();
  const index = new Map(rules.map((rule, position) => [rule.id, position]));
  const log = JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ml-platform review',
            informationUri: 'https://github.com/cdktf-ml-platform/cdktf-ml-platform',
            rules: rules.map(describe),
          },
        },
        automationDetails: { id: `ml-platform-review/${facts.environments.join('+')}/` },
        ...(count > kept.length ? { properties: { resultsNotListed: count - kept.length } } : {}),
        results: [],
      },
    ],
  });
  // The results go where the log says that there are none: at its end.
  const end = ']}]}';
  yield log.slice(0, -end.length);
  yield* listPieces(kept, (one) => shown(resultOf(one), index.get(one.rule.id) ?? 0, places));
  yield `${end}\n`;
}

/** What may be told. */
interface Candidate {
  readonly rule: Rule;
  readonly told: Result | PolicyFinding;
}

function resultOf({ rule, told }: Candidate): Result {
  return 'ruleId' in told ? policyResult(told, rule) : told;
}

/** What is told, by order, then as it comes; and how much there is. Findings are put into words when they are told. */
function firstOf(facts: SarifFacts, findings: readonly PolicyFinding[]): [Candidate[], number] {
  const byOrder = new Map<number, Candidate[]>();
  const add = (order: number, rule: Rule, told: Candidate['told']) => {
    const same = byOrder.get(order) ?? [];
    if (same.length === 0) byOrder.set(order, same);
    if (same.length < MOST_RESULTS) same.push({ rule, told });
  };
  for (const { order, result } of facts.before) add(order, result.rule, result);
  const rules = new Map(facts.rules.map((rule) => [rule.id, describedBy(rule)]));
  let count = facts.count;
  for (const finding of findings) {
    const order = orderOf(finding);
    const rule = order === undefined ? undefined : rules.get(finding.ruleId);
    if (order === undefined || !rule) continue;
    count += 1;
    if (order <= facts.most) add(order, rule, finding);
  }
  for (const { order, result } of facts.after) add(order, result.rule, result);
  const kept: Candidate[] = [];
  for (const [, same] of [...byOrder].sort(([a], [b]) => a - b)) {
    for (let index = 0; index < same.length && kept.length < MOST_RESULTS; index += 1) kept.push(same[index] as Candidate);
  }
  return [kept, count];
}

/** What SARIF tells besides findings, as far as there is room for it beside them. */
export function sarifFacts(review: Review): SarifFacts {
  const all = new Counts();
  eachRest(review, (order) => all.add(order));
  const { sum } = all;
  for (const finding of review.policy.findings) {
    const order = orderOf(finding);
    if (order !== undefined) all.add(order);
  }
  const most = all.enoughAt();
  const told = new Counts();
  const before: Ordered[] = [];
  const after: Ordered[] = [];
  eachRest(review, (order, resultOf, isAfter) => {
    if (order <= most && told.add(order) <= MOST_RESULTS) (isAfter ? after : before).push({ order, result: resultOf() });
  });
  return { environments: review.environments, rules: review.policy.rules, before, after, count: sum, most };
}

/** How many there are of each order. */
class Counts {
  public sum = 0;
  private readonly byOrder = new Map<number, number>();

  /** Gives how many there are now. */
  public add(order: number): number {
    const count = (this.byOrder.get(order) ?? 0) + 1;
    this.byOrder.set(order, count);
    this.sum += 1;
    return count;
  }

  /** The order with which there are as many as are told. */
  public enoughAt(): number {
    let sum = 0;
    for (const [order, count] of [...this.byOrder].sort(([a], [b]) => a - b)) {
      sum += count;
      if (sum >= MOST_RESULTS) return order;
    }
    return Number.POSITIVE_INFINITY;
  }
}

type Tell = (order: number, resultOf: () => Result, isAfter?: true) => void;

/** All that SARIF may tell but findings. */
function eachRest(review: Review, tell: Tell): void {
  for (const input of review.inputs) if (input.unplanned) tell(0, () => unplannedResult(input, review));
  for (const change of review.changes) {
    const rule = CHANGE_RULES[change.class];
    if (rule) tell(rank(SEVERITIES, change.severity), () => changeResult(change, rule));
  }
  for (const one of review.security) if (one.effect === 'broadened') tell(1.5, () => securityResult(one));
  for (const change of review.contracts) if (change.breaking) tell(2, () => contractResult(change, review), true);
}

function orderOf(finding: PolicyFinding): number | undefined {
  if (finding.status === 'fixed') return undefined;
  return (finding.status === 'new' ? 0 : 2) + LEVELS.indexOf(levelOfPolicy(finding));
}

function describe(rule: Rule) {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    help: { text: rule.help, markdown: rule.help },
    properties: { 'security-severity': rule.score, tags: rule.tags.slice(0, 10) },
  };
}

/** Where results stand, by source location or stack: many stand at the same. */
class Places {
  private readonly known = new Map<string, { readonly uri: string; readonly startLine: number }>();

  public of({ sourceLocation, stack }: Result): { readonly uri: string; readonly startLine: number } {
    const location = sourceLocation ?? `cdktf.out/stacks/${stack}/cdk.tf.json`;
    let place = this.known.get(location);
    if (!place) {
      const [file = '', line] = sourceLocation === undefined ? [location] : location.split(/:(?=\d+$)/);
      const uri = encodeURI(file.replaceAll('\\', '/').replace(/^\.\//, ''));
      place = { uri, startLine: Math.max(1, Number(line ?? 1)) };
      this.known.set(location, place);
    }
    return place;
  }
}

function shown(result: Result, ruleIndex: number, places: Places) {
  const { uri, startLine } = places.of(result);
  return {
    ruleId: result.rule.id,
    ruleIndex,
    level: result.level,
    message: { text: result.message.slice(0, LONGEST_MESSAGE) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine } },
        logicalLocations: [
          { fullyQualifiedName: result.constructPath, kind: 'object' },
          { fullyQualifiedName: `${result.stack} ${result.address}`, kind: 'resource' },
        ],
      },
    ],
    partialFingerprints: {
      'mlPlatformReview/v1': sha256(`${result.rule.id}\n${result.stack}\n${result.constructPath}\n${result.key}`).slice(0, 32),
    },
    // What is undefined is not written.
    suppressions:
      result.justification === undefined
        ? undefined
        : [{ kind: 'external', status: 'accepted', justification: result.justification }],
  };
}

/** Node 20.12 and later hash a text in one call, in half the time. */
function sha256(text: string): string {
  return typeof crypto.hash === 'function' ? crypto.hash('sha256', text) : crypto.createHash('sha256').update(text).digest('hex');
}

function changeResult(change: Change, rule: Rule): Result {
  return {
    rule,
    level: levelOf(change.severity),
    message: `${change.action} ${change.address} in ${change.stack}: ${whyText(change) || rule.title}`,
    stack: change.stack,
    constructPath: change.constructPath,
    address: change.address,
    sourceLocation: change.sourceLocation,
    key: `${change.address} ${change.deposed ?? ''}`,
    justification: undefined,
  };
}

function securityResult(one: SecurityChange): Result {
  return {
    rule: SECURITY_RULE,
    level: 'warning',
    message: `${one.subject}: ${one.before} → ${one.after} on ${one.scope} (${one.stack})`,
    stack: one.stack,
    constructPath: one.constructPath,
    address: one.address,
    sourceLocation: undefined,
    key: `${one.address} ${one.subject} ${one.scope}`,
    justification: undefined,
  };
}

function policyResult(finding: PolicyFinding, rule: Rule): Result {
  return {
    rule,
    level: levelOfPolicy(finding),
    message: `${finding.id} ${rule.title}: ${finding.attribute} is ${finding.seen}${finding.remark ? ` (${finding.remark})` : ''}. Fix: ${finding.fix ?? rule.fix}`,
    stack: finding.stack,
    constructPath: finding.constructPath,
    address: finding.address,
    sourceLocation: finding.sourceLocation,
    key: `${finding.id} ${finding.address} ${finding.attribute}`,
    justification: finding.acknowledgement,
  };
}

function unplannedResult({ stack }: ReviewedStack, review: Review): Result {
  return {
    rule: UNPLANNED_RULE,
    level: review.upstreamPending.some((one) => one.stack === stack) ? 'warning' : 'error',
    message: `${stack} is not planned: ${unplannedText(stack, review)}`,
    stack,
    constructPath: stack,
    address: stack,
    sourceLocation: undefined,
    key: stack,
    justification: undefined,
  };
}

function contractResult(change: ContractChange, review: Review): Result {
  const stack = review.inputs.find((input) => input.environment === change.environment)?.stack ?? change.environment;
  return {
    rule: CONTRACT_RULE,
    level: 'warning',
    message: `${change.environment} ${change.path}: ${change.before} → ${change.after}; ${change.what}. For ${change.affects.join(', ') || 'its consumers'}`,
    stack,
    constructPath: stack,
    address: change.path,
    sourceLocation: undefined,
    key: change.path,
    justification: undefined,
  };
}

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

function levelOfPolicy({ level }: PolicyFinding): Level {
  return level === 'error' || level === 'warning' ? level : 'note';
}

function describedBy(rule: PolicyRule): Rule {
  return {
    id: rule.id,
    title: rule.title,
    help: `${rule.why} Fix: ${rule.fix}`,
    fix: rule.fix,
    score: SCORES[rule.severity] ?? '0.0',
    tags: ['security', 'terraform', 'azure'],
  };
}

function levelOf(severity: Severity): Level {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}
