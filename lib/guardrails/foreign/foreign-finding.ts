import type { FindingLevel } from '../finding';
import { RuleSeverity } from '../rule';

/** What another scanner found about a resource of Terraform. */
export interface ForeignFinding {
  /** "checkov" or "trivy". */
  readonly source: string;
  /** e.g. "CKV_AZURE_141" or "AZU-0013". */
  readonly check: string;
  readonly title: string;
  /** Terraform type; undefined where the scanner does not tell, as checkov over Terraform in JSON. */
  readonly type?: string;
  /** Logical id. */
  readonly name: string;
  /** File that the scanner read, as it wrote it. */
  readonly file: string;
  readonly severity: RuleSeverity;
  readonly level: FindingLevel;
  readonly fix: string;
}

const SEVERITIES: { readonly [severity: string]: RuleSeverity } = {
  critical: RuleSeverity.CRITICAL,
  high: RuleSeverity.HIGH,
  medium: RuleSeverity.MEDIUM,
  low: RuleSeverity.LOW,
};

/** Severity and level of a foreign finding. Without a severity, as checkov leaves it where nobody signed in, it is a warning. */
export function weigh(severity: unknown): { severity: RuleSeverity; level: FindingLevel } {
  const known = SEVERITIES[String(severity).toLowerCase()];
  if (known === undefined) return { severity: RuleSeverity.MEDIUM, level: 'warning' };
  return { severity: known, level: known === RuleSeverity.LOW ? 'warning' : 'error' };
}

/** Type and logical id of an address; modules, data and indexes are left out. */
export function partsOf(address: string): { type?: string; name: string } {
  const parts = address.replace(/\[[^\]]*\]/g, '').split('.');
  const name = parts.at(-1) ?? '';
  const type = parts.at(-2);
  return type === undefined || type === 'resource' || !type.includes('_') ? { name } : { type, name };
}
