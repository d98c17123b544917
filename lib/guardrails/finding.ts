import { ConfigurationError } from '../core/configuration-error';
import type { AcknowledgementRecord } from './model/stack-model';
import type { IRule } from './rule';

/** How much a finding weighs at the stage of its stack. */
export type FindingLevel = 'error' | 'warning' | 'note';

/** What a rule says about one aspect of one resource. */
export interface Finding {
  readonly stack: string;
  readonly rule: IRule;
  /** Rule id, with the sub-id where the rule has several, e.g. "MLP-STO-001[tls]". */
  readonly id: string;
  readonly level: FindingLevel;
  /** "open", "unresolved" (known at apply only) or "acknowledged". */
  readonly status: 'open' | 'unresolved' | 'acknowledged';
  readonly constructPath: string;
  readonly address: string;
  readonly sourceLocation?: string;
  /** Attribute path. */
  readonly attribute: string;
  readonly seen: string;
  readonly what?: string;
  readonly allowed?: string;
  readonly fix: string;
  readonly acknowledgement?: AcknowledgementRecord;
  /** The scanner that found it, where no rule of ours did: "checkov" or "trivy". */
  readonly source?: string;
  /** Whether no acknowledgement can cover it. */
  readonly final?: boolean;
  /** Scanners that found the same, e.g. "checkov CKV_AZURE_141". @default - none */
  readonly alsoFoundBy?: string[];
  /** e.g. that its acknowledgement has expired. */
  readonly remark?: string;
}

/** One finding as people read it. */
export function messageOf(finding: Finding): string {
  const subject = [finding.what, finding.attribute].filter(Boolean).join(': ');
  const place = finding.sourceLocation === undefined ? '' : ` (${finding.sourceLocation})`;
  return ConfigurationError.message(`${finding.constructPath}${place}`, {
    what: `${finding.id} ${finding.rule.title}${finding.remark ? ` (${finding.remark})` : ''}: ${subject}`,
    got: finding.seen,
    allowed: finding.allowed,
    fix: finding.fix,
  });
}
