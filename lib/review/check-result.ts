import { evaluate } from '../guardrails/evaluation';
import type { Finding, FindingLevel } from '../guardrails/finding';
import { mergeFindings } from '../guardrails/foreign/merge-findings';
import type { GuardrailPack } from '../guardrails/guardrail-pack';
import type { StackModel } from '../guardrails/model/stack-model';
import type { ScannerReport } from './check-import';

/** All that `ml-platform check` found; every format shows this and nothing else. */
export interface CheckResult {
  readonly pack: string;
  readonly stacks: { readonly name: string; readonly origin: string; readonly strictness: string; readonly file?: string }[];
  /** Open ones first. */
  readonly findings: Finding[];
  readonly passed: number;
  /** Reports of other scanners, and what became of their findings. */
  readonly imports: ImportedReport[];
}

/** A report of another scanner that was merged. */
export interface ImportedReport {
  readonly source: string;
  readonly file: string;
  readonly decided: number;
  readonly added: number;
  readonly elsewhere: number;
}

export interface CheckSettings {
  readonly today: string;
  readonly strict: boolean;
  /** Judges every stack as this stage. */
  readonly stage?: string;
  /** Findings of other scanners. @default - none */
  readonly imports?: readonly ScannerReport[];
}

export function check(stacks: StackModel[], pack: GuardrailPack, settings: CheckSettings): CheckResult {
  const options = { ...settings, strictness: settings.stage };
  let evaluations = stacks.map((stack) => evaluate(stack, pack, options));
  const imports: ImportedReport[] = [];
  for (const { source, file, findings } of settings.imports ?? []) {
    const { evaluations: merged, ...counts } = mergeFindings(evaluations, findings, pack, options);
    evaluations = merged;
    imports.push({ source, file, ...counts });
  }
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
    imports,
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
  if (finding.source)
    return `${finding.rule.title}${finding.remark === undefined ? '' : ` (${finding.remark})`} (${finding.source})`;
  const subject = [finding.what, finding.attribute].filter(Boolean).join(': ');
  const allowed = finding.allowed === undefined ? '' : `, allowed ${finding.allowed}`;
  const remark = finding.remark === undefined ? '' : ` (${finding.remark})`;
  const others = finding.alsoFoundBy ? ` (also ${finding.alsoFoundBy.join(', ')})` : '';
  return `${finding.rule.title}${remark}: ${subject}, got ${finding.seen}${allowed}${others}`;
}
