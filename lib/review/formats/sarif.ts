import { createHash } from 'node:crypto';
import type { Finding } from '../../guardrails/finding';
import type { IRule } from '../../guardrails/rule';
import { type CheckResult, sentenceOf } from '../check-result';

const SECURITY_SEVERITY: Record<string, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/** SARIF 2.1.0, as code scanning of GitHub and others read it. Locations point to the TypeScript that made the resource where known. */
export function renderSarif(result: CheckResult): string {
  const rules = [...new Map(result.findings.map((finding) => [finding.rule.id, finding.rule])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const ids = rules.map((rule) => rule.id);
  const files = new Map(result.stacks.map((stack) => [stack.name, stack.file ?? stack.name]));
  return `${JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'ml-platform', rules: rules.map(describe) } },
          automationDetails: { id: `guardrails/${result.pack}` },
          results: result.findings.map((finding) =>
            resultOf(finding, ids.indexOf(finding.rule.id), files.get(finding.stack) ?? finding.stack),
          ),
        },
      ],
    },
    null,
    2,
  )}\n`;
}

function describe(rule: IRule) {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    help: { text: `${rule.why} Fix: ${rule.fix}`, markdown: `${rule.why}\n\n**Fix:** ${rule.fix}` },
    properties: { 'security-severity': SECURITY_SEVERITY[rule.severity] ?? '0.0', tags: ['security', 'terraform', 'azure'] },
  };
}

function resultOf(finding: Finding, ruleIndex: number, file: string) {
  const [source, line] = finding.sourceLocation?.split(/:(?=\d+$)/) ?? [];
  const uri = encodeURI((source ?? file).replaceAll('\\', '/').replace(/^\.\//, ''));
  return {
    ruleId: finding.rule.id,
    ruleIndex,
    level: finding.status === 'unresolved' ? 'note' : finding.level,
    message: { text: `${finding.id} ${sentenceOf(finding)}. Fix: ${finding.fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine: Number(line ?? 1) } },
        logicalLocations: [
          { fullyQualifiedName: finding.constructPath, kind: 'object' },
          ...(finding.address ? [{ fullyQualifiedName: finding.address, kind: 'resource' }] : []),
        ],
      },
    ],
    partialFingerprints: { 'mlPlatformFinding/v1': fingerprint(finding) },
    ...(finding.acknowledgement
      ? { suppressions: [{ kind: 'external', status: 'accepted', justification: justification(finding) }] }
      : {}),
  };
}

/** The same finding keeps its fingerprint when lines move or a logical id changes. */
function fingerprint(finding: Finding): string {
  const parts = [finding.stack, finding.constructPath, finding.id, finding.attribute];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

function justification(finding: Finding): string {
  const { acknowledgement: taken } = finding;
  return taken ? `${taken.reason} (${taken.owner}, until ${taken.expires}${taken.ticket ? `, ${taken.ticket}` : ''})` : '';
}
