import type { Finding } from '../../guardrails/finding';
import type { CheckResult } from '../check-result';
import { reportFinding } from '../report/report';

export const CHECK_SCHEMA_VERSION = '1.0';

/** For programs; additive within a major schema version. */
export function renderJson(result: CheckResult): string {
  const { pack, stacks, passed, imports, findings } = result;
  return `${JSON.stringify({ schemaVersion: CHECK_SCHEMA_VERSION, pack, stacks, passed, imports, findings: findings.map(shown) }, null, 2)}\n`;
}

function shown(finding: Finding) {
  return { ...reportFinding(finding), sourceLocation: finding.sourceLocation };
}
