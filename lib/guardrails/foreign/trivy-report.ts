import { isObject } from '../model/json';
import { type ForeignFinding, partsOf, weigh } from './foreign-finding';

/**
 * Reads what `trivy config --format json` prints.
 * @returns undefined where it is none
 */
export function readTrivyReport(json: unknown): ForeignFinding[] | undefined {
  if (!isObject(json) || typeof json.SchemaVersion !== 'number') return undefined;
  const found: ForeignFinding[] = [];
  // Results is left out where nothing was found.
  for (const result of Array.isArray(json.Results) ? json.Results : []) {
    if (!isObject(result)) return undefined;
    for (const one of Array.isArray(result.Misconfigurations) ? result.Misconfigurations : []) {
      if (!isObject(one) || typeof one.ID !== 'string') return undefined;
      if (one.Status === 'PASS' || one.Status === 'EXCEPTION') continue;
      found.push(findingOf(one, String(result.Target ?? '')));
    }
  }
  return found;
}

function findingOf(one: Record<string, unknown>, file: string): ForeignFinding {
  // Older versions write AVD-AZU-0013.
  const check = String(one.ID).replace(/^AVD-/, '');
  const cause = isObject(one.CauseMetadata) ? one.CauseMetadata : {};
  return {
    source: 'trivy',
    check,
    title: typeof one.Title === 'string' ? one.Title : check,
    ...partsOf(typeof cause.Resource === 'string' ? cause.Resource : ''),
    file,
    ...weigh(one.Severity),
    fix: [one.Resolution, one.PrimaryURL].find((text): text is string => typeof text === 'string') ?? `see ${check} of trivy`,
  };
}
