import { evaluateUnsorted } from '../../guardrails/evaluation';
import type { Finding } from '../../guardrails/finding';
import type { GuardrailPack } from '../../guardrails/guardrail-pack';
import type { StackModel } from '../../guardrails/model/stack-model';
import { compare, rank } from '../model/order';
import type { PolicyFinding, PolicyResult, PolicyRule } from '../model/review';
import type { ModelInput } from '../plan/load-stacks';

const STATUS: readonly PolicyFinding['status'][] = ['new', 'open', 'acknowledged', 'fixed'];
const LEVELS = ['error', 'warning', 'note'];

/** Guardrail findings before and after, told apart: new, fixed, still open, acknowledged. */
export function policyFindings(inputs: readonly ModelInput[], pack: GuardrailPack, today: string): PolicyResult {
  const rules = new Map<string, PolicyRule>();
  const findings = inputs.flatMap((input) => {
    const before = findingsOf(input.baseModel, pack, today);
    const after = findingsOf(input.headModel, pack, today);
    const told = (status: PolicyFinding['status'], finding: Finding) => {
      if (!rules.has(finding.rule.id)) rules.set(finding.rule.id, ruleOf(finding));
      return shown(status, finding, input);
    };
    const all: PolicyFinding[] = [];
    for (const [key, finding] of after) {
      const old = before.get(key);
      const open = old && old.status !== 'acknowledged' ? 'open' : 'new';
      all.push(told(finding.status === 'acknowledged' ? 'acknowledged' : open, finding));
    }
    for (const [key, finding] of before) {
      if (!after.has(key) && finding.status !== 'acknowledged') all.push(told('fixed', finding));
    }
    return all;
  });
  const count = (status: PolicyFinding['status']) => findings.filter((finding) => finding.status === status).length;
  return {
    pack: pack.packName,
    rules: [...rules.values()].sort((a, b) => compare(a.id, b.id)),
    findings: findings.sort(
      (a, b) =>
        rank(STATUS, a.status) - rank(STATUS, b.status) ||
        rank(LEVELS, a.level) - rank(LEVELS, b.level) ||
        compare(a.stack, b.stack) ||
        compare(a.constructPath, b.constructPath) ||
        compare(a.id, b.id) ||
        compare(a.address, b.address) ||
        compare(a.attribute, b.attribute),
    ),
    counts: { new: count('new'), fixed: count('fixed'), open: count('open'), acknowledged: count('acknowledged') },
  };
}

/** Open and acknowledged findings by what they are about; those known at apply only tell a reviewer nothing yet. */
function findingsOf(model: StackModel | undefined, pack: GuardrailPack, today: string): Map<string, Finding> {
  if (!model) return new Map();
  const found = new Map<string, Finding>();
  for (const one of evaluateUnsorted(model, pack, { today }).findings) {
    if (one.status !== 'unresolved') found.set(`${one.id} ${one.address || one.constructPath} ${one.attribute}`, one);
  }
  return found;
}

function ruleOf({ rule }: Finding): PolicyRule {
  return { id: rule.id, title: rule.title, severity: rule.severity, why: rule.why, fix: rule.fix };
}

function shown(status: PolicyFinding['status'], finding: Finding, input: ModelInput): PolicyFinding {
  const { acknowledgement: taken } = finding;
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
    seen: [finding.what, finding.seen].filter(Boolean).join(': '),
    fix: finding.fix === finding.rule.fix ? undefined : finding.fix,
    remark: finding.remark,
    acknowledgement: taken && `${taken.reason} (${taken.owner}, until ${taken.expires})`,
  };
}
