import type { Finding } from './finding';
import type { AcknowledgementRecord, StackModel } from './model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from './rule';

const DAY_MS = 86_400_000;
const NOTICE_DAYS = 14;

/** Which acknowledgements of a stack cover which finding; what is wrong with them is a finding itself. */
export class AcknowledgementLedger {
  private readonly used = new Set<AcknowledgementRecord>();

  constructor(
    private readonly records: AcknowledgementRecord[],
    private readonly today: string,
    private readonly strictness: string,
    private readonly strict: boolean,
  ) {}

  /** The finding as it stands after acknowledgements: covered, or open again where they expired. */
  public judge(finding: Finding): Finding {
    if (this.records.length === 0) return finding;
    const covering = this.records.filter((one) => covers(one, finding));
    // The exact one says why; a family covers the rest.
    const record = covering.find((one) => !isFamily(one.rule)) ?? covering[0];
    if (!record) return finding;
    this.used.add(record);
    if (finding.final) return { ...finding, remark: 'no acknowledgement covers this' };
    if (isFamily(record.rule) && this.isCritical(finding.rule))
      return { ...finding, remark: 'a critical rule in prod is acknowledged by its exact id' };
    if (this.problemOf(record, finding.rule) !== undefined) return finding;
    if (record.expires < this.today)
      return { ...finding, remark: `acknowledged by ${record.owner}, expired on ${record.expires}` };
    return { ...finding, status: 'acknowledged', acknowledgement: record };
  }

  /** What is wrong with the acknowledgements themselves, once all findings are judged. */
  public findings(stack: StackModel, rules: IRule[]): Finding[] {
    return this.records.flatMap((record) => {
      const rule = rules.find((one) => record.rule === one.id || isOf(record.rule, one.id));
      if (!rule) return [];
      const family = isFamily(record.rule)
        ? [about(stack, record, ACKNOWLEDGEMENT_FAMILY, 'warning', 'it covers findings that nobody has seen yet')]
        : [];
      const problem = this.problemOf(record, rule);
      if (problem) return [...family, about(stack, record, ACKNOWLEDGEMENT_INVALID, 'error', problem)];
      if (!this.used.has(record)) {
        return [
          ...family,
          about(stack, record, ACKNOWLEDGEMENT_UNUSED, this.strict ? 'error' : 'warning', 'it covers no finding'),
        ];
      }
      const left = daysBetween(this.today, record.expires);
      return left >= 0 && left <= NOTICE_DAYS
        ? [...family, about(stack, record, ACKNOWLEDGEMENT_ENDING, 'note', `it ends in ${left} days, on ${record.expires}`)]
        : family;
    });
  }

  private problemOf(record: AcknowledgementRecord, rule: IRule): string | undefined {
    const most = this.strictness === 'prod' ? 180 : 365;
    const days = daysBetween(this.today, record.expires);
    if (Number.isNaN(days)) return `expires is no ISO date: ${record.expires}`;
    if (days > most) return `it ends in ${days} days; at most ${most} are allowed in ${this.strictness}`;
    // Checks of other scanners have no findings to tell apart.
    const named = record.finding !== undefined || !record.rule.startsWith('MLP-');
    if (!isFamily(record.rule) && this.isCritical(rule) && !(named && record.ticket)) {
      return 'a critical rule in prod is acknowledged by finding and with a ticket';
    }
    return undefined;
  }

  private isCritical(rule: IRule): boolean {
    return rule.severity === RuleSeverity.CRITICAL && this.strictness === 'prod';
  }
}

/** Whether an acknowledgement names a family of rules, e.g. "MLP-AKS", instead of one. */
export function isFamily(rule: string): boolean {
  return /^MLP-[A-Z0-9]{3}$/.test(rule);
}

function isOf(family: string, ruleId: string): boolean {
  return isFamily(family) && ruleId.startsWith(`${family}-`);
}

function covers(record: AcknowledgementRecord, finding: Finding): boolean {
  if (record.rule !== finding.rule.id && !isOf(record.rule, finding.rule.id)) return false;
  if (record.finding && finding.id !== `${record.rule}[${record.finding}]`) return false;
  const scope = record.path.replace(/\/(?:Default|Resource)$/, '');
  return finding.constructPath === scope || finding.constructPath.startsWith(`${scope}/`);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

function about(stack: StackModel, record: AcknowledgementRecord, rule: IRule, level: Finding['level'], what: string): Finding {
  return {
    stack: stack.name,
    rule,
    id: rule.id,
    level,
    status: 'open',
    constructPath: record.path,
    address: '',
    attribute: record.finding ? `${record.rule}[${record.finding}]` : record.rule,
    seen: `acknowledged by ${record.owner} until ${record.expires}`,
    what,
    fix: rule.fix,
  };
}

function acknowledgementRule(id: string, title: string, why: string, fix: string): IRule {
  return {
    id,
    title,
    severity: RuleSeverity.MEDIUM,
    enforcement: RuleEnforcement.ALL,
    resourceTypes: [],
    why,
    fix,
    check: () => [],
  };
}

export const ACKNOWLEDGEMENT_UNUSED = acknowledgementRule(
  'MLP-ACK-001',
  'every acknowledgement covers a finding',
  'An acknowledgement that covers nothing today hides a finding tomorrow.',
  'delete the acknowledgement',
);
export const ACKNOWLEDGEMENT_INVALID = acknowledgementRule(
  'MLP-ACK-002',
  'acknowledgements are complete and end soon',
  'An exception without an end is the rule.',
  'give an earlier date; for critical rules in prod also finding and ticket',
);
export const ACKNOWLEDGEMENT_ENDING = acknowledgementRule(
  'MLP-ACK-003',
  'acknowledgements are renewed or closed before they end',
  'On the day it ends the finding fails synth again.',
  'mend the finding, or agree on a new date',
);
export const ACKNOWLEDGEMENT_FAMILY = acknowledgementRule(
  'MLP-ACK-004',
  'acknowledgements name one rule',
  'A family of rules covers tomorrow what nobody looked at today.',
  'acknowledge each finding by its own rule; a family is for the weeks of a migration',
);
export const ACKNOWLEDGEMENT_RULES: IRule[] = [
  ACKNOWLEDGEMENT_UNUSED,
  ACKNOWLEDGEMENT_INVALID,
  ACKNOWLEDGEMENT_ENDING,
  ACKNOWLEDGEMENT_FAMILY,
];
