import { isObject } from '../model/json';
import { type ForeignFinding, partsOf, weigh } from './foreign-finding';

/**
 * Reads what `checkov --output json` prints: one report, or a list with one for each framework.
 * @returns undefined where it is none
 */
export function readCheckovReport(json: unknown): ForeignFinding[] | undefined {
  const reports = Array.isArray(json) ? json : [json];
  const found: ForeignFinding[] = [];
  for (const report of reports) {
    if (!isObject(report)) return undefined;
    // Where it looked at nothing checkov prints the sums alone.
    if (report.results === undefined && typeof report.checkov_version === 'string') continue;
    if (!isObject(report.results) || !Array.isArray(report.results.failed_checks)) return undefined;
    for (const check of report.results.failed_checks) {
      const finding = findingOf(check);
      if (!finding) return undefined;
      found.push(finding);
    }
  }
  return reports.length === 0 ? undefined : found;
}

function findingOf(check: unknown): ForeignFinding | undefined {
  if (!isObject(check) || typeof check.check_id !== 'string' || typeof check.resource !== 'string') return undefined;
  const title = typeof check.check_name === 'string' ? check.check_name : check.check_id;
  return {
    source: 'checkov',
    check: check.check_id,
    title,
    ...partsOf(typeof check.resource_address === 'string' ? check.resource_address : check.resource),
    file: typeof check.file_path === 'string' ? check.file_path : '',
    ...weigh(check.severity),
    fix: typeof check.guideline === 'string' ? check.guideline : `see ${check.check_id} of checkov`,
  };
}
