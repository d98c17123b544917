import { AcknowledgementLedger } from '../acknowledgement-ledger';
import { type Evaluation, type EvaluationOptions, subjectsOf } from '../evaluation';
import type { Finding } from '../finding';
import type { GuardrailPack } from '../guardrail-pack';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement } from '../rule';
import { ALL_RULES } from '../rules';
import type { ForeignFinding } from './foreign-finding';

/** What became of the findings of a scanner. */
export interface MergeResult {
  readonly evaluations: Evaluation[];
  /** Findings that one of our rules decides: it knows stages, defaults and acknowledgements. */
  readonly decided: number;
  readonly added: number;
  /** Findings about resources that are not in these stacks, or that cannot be told apart. */
  readonly elsewhere: number;
}

/**
 * Puts what another scanner found beside what our rules found, by Terraform type and logical id. A check that a rule of the pack
 * stands for is left to that rule; acknowledgements cover the others by the scanner's own id.
 */
export function mergeFindings(
  evaluations: Evaluation[],
  foreign: ForeignFinding[],
  pack: GuardrailPack,
  options: EvaluationOptions,
): MergeResult {
  const places = new Places(evaluations);
  const added = new Map<Evaluation, Finding[]>();
  const alsoFound = new Map<Finding, Set<string>>();
  const seen = new Set<string>();
  const counts = { decided: 0, added: 0, elsewhere: 0 };
  for (const one of foreign) {
    const place = places.of(one);
    if (!place) {
      counts.elsewhere += 1;
      continue;
    }
    const { evaluation, resource } = place;
    const deciding = pack.rules.filter((rule) => standsFor(rule, one) && subjectsOf(rule, evaluation.stack).includes(resource));
    if (deciding.length > 0) {
      counts.decided += 1;
      for (const finding of evaluation.findings) {
        if (finding.address !== resource.address || !deciding.some((rule) => rule.id === finding.rule.id)) continue;
        alsoFound.set(finding, (alsoFound.get(finding) ?? new Set()).add(`${one.source} ${one.check}`));
      }
      continue;
    }
    const finding = findingOf(one, resource);
    const key = `${finding.id} ${finding.stack} ${finding.address}`;
    if (seen.has(key)) continue;
    seen.add(key);
    counts.added += 1;
    added.set(evaluation, [...(added.get(evaluation) ?? []), finding]);
  }
  return { ...counts, evaluations: evaluations.map((one) => withFindings(one, added.get(one) ?? [], alsoFound, options)) };
}

/** Where a scanner's finding stands in our stacks. */
class Places {
  constructor(private readonly evaluations: Evaluation[]) {}

  public of(foreign: ForeignFinding): { evaluation: Evaluation; resource: ResourceModel } | undefined {
    const all = this.evaluations.flatMap((evaluation) =>
      candidates(evaluation, foreign).map((resource) => ({ evaluation, resource })),
    );
    const inFile = all.filter(({ evaluation }) => isFileOf(foreign.file, evaluation));
    const found = inFile.length > 0 ? inFile : all;
    return found.length === 1 ? found[0] : undefined;
  }
}

function candidates({ stack }: Evaluation, { type, name, ...foreign }: ForeignFinding): ResourceModel[] {
  const named = stack.managed.filter((resource) => resource.name === name && !resource.address.includes('/'));
  if (type !== undefined) return named.filter((resource) => resource.type === type);
  if (named.length < 2) return named;
  // checkov leaves the type out; where two types share a logical id, the rule that stands for the check names it.
  const types = ALL_RULES.filter((rule) => standsFor(rule, foreign)).flatMap((rule) => rule.resourceTypes);
  return named.filter((resource) => types.includes(resource.type));
}

/** Scanners write paths from where they started; the end of the path, or the folder of the stack, tells the stack. */
function isFileOf(file: string, { stack }: Evaluation): boolean {
  const path = file.replaceAll('\\', '/').replace(/^\.?\/+/, '');
  const own = (stack.file ?? '').replaceAll('\\', '/');
  return path !== '' && (own === path || own.endsWith(`/${path}`) || `/${path}`.includes(`/${stack.name}/`));
}

function standsFor(rule: IRule, foreign: { readonly source: string; readonly check: string }): boolean {
  const ids = foreign.source === 'checkov' ? rule.mappings?.checkov : rule.mappings?.trivy;
  return ids?.includes(foreign.check) ?? false;
}

function withFindings(
  evaluation: Evaluation,
  added: Finding[],
  alsoFound: Map<Finding, Set<string>>,
  options: EvaluationOptions,
): Evaluation {
  const own = evaluation.findings.map((finding) => {
    const others = alsoFound.get(finding);
    return others ? { ...finding, alsoFoundBy: [...(finding.alsoFoundBy ?? []), ...others].sort() } : finding;
  });
  const { stack, strictness } = evaluation;
  const rules = [...new Map(added.map((finding) => [finding.rule.id, finding.rule])).values()];
  const records = stack.acknowledgements.filter((record) => !record.rule.startsWith('MLP-'));
  const ledger = new AcknowledgementLedger(records, options.today, strictness, options.strict ?? false);
  const judged = added.map((finding) => ledger.judge(finding));
  return { ...evaluation, findings: [...own, ...judged, ...ledger.findings(stack, rules)] };
}

function findingOf(foreign: ForeignFinding, resource: ResourceModel): Finding {
  const { source, check, title, severity, level, fix } = foreign;
  return {
    stack: resource.stack.name,
    rule: {
      id: check,
      title,
      severity,
      enforcement: RuleEnforcement.ALL,
      resourceTypes: [resource.type],
      why: `Found by ${source}.`,
      fix,
      check: () => [],
    },
    id: check,
    level,
    status: 'open',
    source,
    constructPath: resource.constructPath,
    address: resource.address,
    sourceLocation: resource.sourceLocation,
    attribute: '',
    seen: `found by ${source}`,
    fix,
  };
}
