import { evaluateUnsorted } from '../../guardrails/evaluation';
import type { Finding } from '../../guardrails/finding';
import type { GuardrailPack } from '../../guardrails/guardrail-pack';
import type { StackModel } from '../../guardrails/model/stack-model';
import { compare, rank } from '../model/order';
import type { PolicyFinding, PolicyResult, PolicyRule } from '../model/review';
import type { StackInput } from '../plan/stack-input';

const STATUS: readonly PolicyFinding['status'][] = ['new', 'open', 'acknowledged', 'fixed'];
const LEVELS = ['error', 'warning', 'note'];

/** Guardrail findings before and after, told apart: new, fixed, still open, acknowledged. */
export function policyFindings(inputs: readonly StackInput[], pack: GuardrailPack, today: string): PolicyResult {
  const rules = new Map<string, PolicyRule>();
  const findings: PolicyFinding[] = [];
  const counts = { new: 0, fixed: 0, open: 0, acknowledged: 0 };
  for (const input of [...inputs].sort((a, b) => compare(a.stack, b.stack))) {
    const all: PolicyFinding[] = [];
    const tell = (status: PolicyFinding['status'], finding: Finding) => {
      if (!rules.has(finding.rule.id)) rules.set(finding.rule.id, ruleOf(finding));
      all.push(shown(status, finding, input));
      counts[status] += 1;
    };
    const before = findingsOf(input.baseModel, pack, today);
    const after = findingsOf(input.headModel, pack, today);
    for (const [subject, found] of after) compareSubject(before.get(subject) ?? NONE, found, tell);
    for (const [subject, found] of before) {
      if (!after.has(subject)) compareSubject(found, NONE, tell);
    }
    for (const one of byPath(all)) findings.push(one);
  }
  return {
    pack: pack.packName,
    rules: [...rules.values()].sort((a, b) => compare(a.id, b.id)),
    findings: byWeight(findings),
    counts,
  };
}

const NONE: readonly Finding[] = [];

/**
 * Open and acknowledged findings by what they are about, each once, by rule and attribute; those known at apply only tell a
 * reviewer nothing yet.
 */
function findingsOf(model: StackModel | undefined, pack: GuardrailPack, today: string): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  if (!model) return found;
  for (const one of evaluateUnsorted(model, pack, { today }).findings) {
    if (one.status === 'unresolved') continue;
    const subject = one.address || one.constructPath;
    const same = found.get(subject);
    if (same) same.push(one);
    else found.set(subject, [one]);
  }
  for (const [subject, all] of found) {
    if (all.length < 2) continue;
    all.sort(byRule);
    // Of the same finding twice, the later one stands.
    const once = all.filter((one, index) => {
      const next = all[index + 1];
      return !next || byRule(one, next) !== 0;
    });
    if (once.length < all.length) found.set(subject, once);
  }
  return found;
}

function byRule(a: Finding, b: Finding): number {
  return compare(a.id, b.id) || compare(a.attribute, b.attribute);
}

/** Walks the findings of one subject before and after side by side, as both stand in the same order. */
function compareSubject(
  before: readonly Finding[],
  after: readonly Finding[],
  tell: (status: PolicyFinding['status'], finding: Finding) => void,
): void {
  let at = 0;
  const passUntil = (next?: Finding) => {
    for (let old = before[at]; old && (!next || byRule(old, next) < 0); old = before[at]) {
      if (old.status !== 'acknowledged') tell('fixed', old);
      at += 1;
    }
  };
  for (const finding of after) {
    passUntil(finding);
    const old = before[at];
    const stood = old !== undefined && byRule(old, finding) === 0;
    if (stood) at += 1;
    if (finding.status === 'acknowledged') tell('acknowledged', finding);
    else tell(stood && old.status !== 'acknowledged' ? 'open' : 'new', finding);
  }
  passUntil();
}

/** Findings of one stack in the order of constructs. Sorting paths, and the few findings of each, is a fraction of sorting all findings. */
function byPath(findings: readonly PolicyFinding[]): PolicyFinding[] {
  const groups = new Map<string, PolicyFinding[]>();
  for (const one of findings) {
    const group = groups.get(one.constructPath);
    if (group) group.push(one);
    else groups.set(one.constructPath, [one]);
  }
  const sorted: PolicyFinding[] = [];
  for (const path of [...groups.keys()].sort(compare)) {
    const group = groups.get(path) ?? [];
    group.sort((a, b) => compare(a.id, b.id) || compare(a.address, b.address) || compare(a.attribute, b.attribute));
    for (const one of group) sorted.push(one);
  }
  return sorted;
}

/** By status, then level; else as they stand. */
function byWeight(findings: readonly PolicyFinding[]): PolicyFinding[] {
  const width = LEVELS.length + 1;
  const buckets: PolicyFinding[][] = Array.from({ length: STATUS.length * width }, () => []);
  for (const one of findings) buckets[rank(STATUS, one.status) * width + rank(LEVELS, one.level)]?.push(one);
  return buckets.flat();
}

function ruleOf({ rule }: Finding): PolicyRule {
  return { id: rule.id, title: rule.title, severity: rule.severity, why: rule.why, fix: rule.fix };
}

function shown(status: PolicyFinding['status'], finding: Finding, input: StackInput): PolicyFinding {
  const { what, seen, acknowledgement: taken } = finding;
  return {
    status,
    stack: input.stack,
    environment: input.environment,
    id: finding.id,
    ruleId: finding.rule.id,
    level: finding.level,
    constructPath: finding.constructPath,
    address: finding.address,
    sourceLocation: finding.sourceLocation,
    attribute: finding.attribute,
    seen: what && seen ? `${what}: ${seen}` : what || seen,
    fix: finding.fix === finding.rule.fix ? undefined : finding.fix,
    remark: finding.remark,
    acknowledgement: taken && `${taken.reason} (${taken.owner}, until ${taken.expires})`,
  };
}
