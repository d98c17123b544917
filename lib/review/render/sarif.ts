import { createHash } from 'node:crypto';
import { rank, SEVERITIES } from '../model/order';
import type { Change, PolicyFinding, PolicyRule, Review, SecurityChange, Severity } from '../model/review';
import { whyText } from './words';

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

/** What is to be told, heaviest first; written out only where it is among those that GitHub keeps. */
interface Candidate {
  readonly weight: number;
  readonly result: () => Result;
}

interface Result {
  readonly rule: Rule;
  readonly level: Level;
  readonly message: string;
  readonly stack: string;
  readonly constructPath: string;
  readonly address: string;
  readonly sourceLocation?: string;
  readonly key: string;
  readonly justification?: string;
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
const SCORES: { readonly [severity: string]: string } = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/** SARIF 2.1.0 as code scanning takes it: what is lost, disrupted, broadened or broken, and guardrail findings that are still there. */
export function renderReviewSarif(review: Review): string {
  const policyRules = new Map(review.policy.rules.map((rule) => [rule.id, describedBy(rule)]));
  const all: Candidate[] = [];
  for (const change of review.changes) addChange(change, all);
  for (const one of review.security) addSecurity(one, all);
  for (const finding of review.policy.findings) addPolicy(finding, policyRules.get(finding.ruleId), all);
  all.push(...contractResults(review));
  const results = heaviest(all, MOST_RESULTS).map((candidate) => candidate.result());
  const rules = [...new Map(results.map((result) => [result.rule.id, result.rule])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const places = new Places();
  const index = new Map(rules.map((rule, position) => [rule.id, position]));
  return `${JSON.stringify({
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
        automationDetails: { id: `ml-platform-review/${review.environments.join('+')}/` },
        ...(all.length > results.length ? { properties: { resultsNotListed: all.length - results.length } } : {}),
        results: results.map((result) => shown(result, index.get(result.rule.id) ?? 0, places)),
      },
    ],
  })}\n`;
}

/** The first by weight, in their order: weights are few, candidates many. */
function heaviest(all: readonly Candidate[], most: number): Candidate[] {
  const byWeight = new Map<number, Candidate[]>();
  for (const candidate of all) {
    const same = byWeight.get(candidate.weight);
    if (same) same.push(candidate);
    else byWeight.set(candidate.weight, [candidate]);
  }
  return [...byWeight.keys()]
    .sort((a, b) => a - b)
    .flatMap((weight) => byWeight.get(weight) ?? [])
    .slice(0, most);
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
      'mlPlatformReview/v1': createHash('sha256')
        .update(`${result.rule.id}\n${result.stack}\n${result.constructPath}\n${result.key}`)
        .digest('hex')
        .slice(0, 32),
    },
    ...(result.justification === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: result.justification }] }),
  };
}

function addChange(change: Change, all: Candidate[]): void {
  const rule = CHANGE_RULES[change.class];
  if (!rule) return;
  const result = (): Result => ({
    stack: change.stack,
    constructPath: change.constructPath,
    address: change.address,
    sourceLocation: change.sourceLocation,
    rule,
    level: levelOf(change.severity),
    message: `${change.action} ${change.address} in ${change.stack}: ${whyText(change) || rule.title}`,
    key: `${change.address} ${change.deposed ?? ''}`,
  });
  all.push({ weight: rank(SEVERITIES, change.severity), result });
}

function addSecurity(one: SecurityChange, all: Candidate[]): void {
  if (one.effect !== 'broadened') return;
  const result = (): Result => ({
    stack: one.stack,
    constructPath: one.constructPath,
    address: one.address,
    rule: SECURITY_RULE,
    level: 'warning',
    message: `${one.subject}: ${one.before} → ${one.after} on ${one.scope} (${one.stack})`,
    key: `${one.address} ${one.subject} ${one.scope}`,
  });
  all.push({ weight: 1.5, result });
}

function addPolicy(finding: PolicyFinding, rule: Rule | undefined, all: Candidate[]): void {
  if (finding.status === 'fixed' || !rule) return;
  const level = finding.level === 'error' || finding.level === 'warning' ? finding.level : 'note';
  const result = (): Result => ({
    stack: finding.stack,
    constructPath: finding.constructPath,
    address: finding.address,
    sourceLocation: finding.sourceLocation,
    rule,
    level,
    message: `${finding.id} ${rule.title}: ${finding.attribute} is ${finding.seen}${finding.remark ? ` (${finding.remark})` : ''}. Fix: ${finding.fix ?? rule.fix}`,
    key: `${finding.id} ${finding.address} ${finding.attribute}`,
    justification: finding.acknowledgement,
  });
  all.push({ weight: (finding.status === 'new' ? 0 : 2) + LEVELS.indexOf(level), result });
}

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

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

function contractResults(review: Review): Candidate[] {
  return review.contracts.flatMap((change) => {
    if (!change.breaking) return [];
    const stack = review.inputs.find((input) => input.environment === change.environment)?.stack ?? change.environment;
    const result = (): Result => ({
      rule: CONTRACT_RULE,
      level: 'warning',
      message: `${change.environment} ${change.path}: ${change.before} → ${change.after}; ${change.what}. For ${change.affects.join(', ') || 'its consumers'}`,
      stack,
      constructPath: stack,
      address: change.path,
      key: change.path,
    });
    return [{ weight: 2, result }];
  });
}

function levelOf(severity: Severity): Level {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}
