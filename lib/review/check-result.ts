import { evaluate } from '../guardrails/evaluation';
import type { Finding, FindingLevel } from '../guardrails/finding';
import type { GuardrailPack } from '../guardrails/guardrail-pack';
import type { StackModel } from '../guardrails/model/stack-model';

/** All that `ml-platform check` found; every format shows this and nothing else. */
export interface CheckResult {
  readonly pack: string;
  readonly stacks: { readonly name: string; readonly origin: string; readonly strictness: string; readonly file?: string }[];
  /** Open ones first. */
  readonly findings: Finding[];
  readonly passed: number;
}

export interface CheckSettings {
  readonly today: string;
  readonly strict: boolean;
  /** Judges every stack as this stage. */
  readonly stage?: string;
}

export function check(stacks: StackModel[], pack: GuardrailPack, settings: CheckSettings): CheckResult {
  const evaluations = stacks.map((stack) => evaluate(stack, pack, { ...settings, strictness: settings.stage }));
  const all = evaluations.flatMap((evaluation) => evaluation.findings);
  return {
    pack: pack.packName,
    stacks: evaluations.map(({ stack, strictness }) => ({
      name: stack.name,
      origin: stack.origin,
      strictness,
      file: stack.file,
    })),
    findings: (['open', 'unresolved', 'acknowledged'] as const).flatMap((status) =>
      all.filter((finding) => finding.status === status),
    ),
    passed: evaluations.reduce((sum, evaluation) => sum + evaluation.passed, 0),
  };
}

const LEVELS: readonly FindingLevel[] = ['note', 'warning', 'error'];

/** Open findings at or above the bar; "unresolved" is a bar below all, which counts what the plan must tell too. */
export function findingsAtBar(result: CheckResult, bar: string): Finding[] {
  return result.findings.filter((finding) => {
    if (finding.status === 'acknowledged') return false;
    if (finding.status === 'unresolved') return bar === 'unresolved';
    return bar === 'unresolved' || LEVELS.indexOf(finding.level) >= LEVELS.indexOf(bar as FindingLevel);
  });
}

/** What a finding is about, in one line. */
export function sentenceOf(finding: Finding): string {
  const subject = [finding.what, finding.attribute].filter(Boolean).join(': ');
  const allowed = finding.allowed === undefined ? '' : `, allowed ${finding.allowed}`;
  const remark = finding.remark === undefined ? '' : ` (${finding.remark})`;
  return `${finding.rule.title}${remark}: ${subject}, got ${finding.seen}${allowed}`;
}
