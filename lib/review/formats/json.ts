import type { CheckResult } from '../check-result';
import { reportFinding } from '../report/report';

export const CHECK_SCHEMA_VERSION = '1.0';

/** For programs; additive within a major schema version. */
export function renderJson(result: CheckResult): string {
  const { pack, stacks, passed, findings } = result;
  return `${JSON.stringify({ schemaVersion: CHECK_SCHEMA_VERSION, pack, stacks, passed, findings: findings.map(reportFinding) }, null, 2)}\n`;
}
