import { readCheckovReport } from '../guardrails/foreign/checkov-report';
import type { ForeignFinding } from '../guardrails/foreign/foreign-finding';
import { readTrivyReport } from '../guardrails/foreign/trivy-report';
import { InputError } from './input-error';
import { readJson } from './synth-output';

/** A report of another scanner, as --import names it. */
export interface ScannerReport {
  readonly source: string;
  readonly file: string;
  readonly findings: ForeignFinding[];
}

const READERS: { readonly [source: string]: (json: unknown) => ForeignFinding[] | undefined } = {
  checkov: readCheckovReport,
  trivy: readTrivyReport,
};
const COMMANDS: { readonly [source: string]: string } = {
  checkov: 'checkov -d cdktf.out --framework terraform_json --output json > checkov.json',
  trivy: 'trivy config --format json cdktf.out > trivy.json',
};

/**
 * Reads the reports of other scanners.
 * @param args each as "checkov=FILE" or "trivy=FILE"
 * @throws InputError when one names no scanner, or its file is no report of it
 */
export function readScannerReports(args: readonly string[]): ScannerReport[] {
  return args.map((argument) => {
    const [, source = '', file = ''] = /^([^=]*)=(.*)$/.exec(argument) ?? [];
    const read = Object.hasOwn(READERS, source) ? READERS[source] : undefined;
    if (!read || file === '') {
      throw new InputError('--import', {
        what: 'names no scanner and file',
        got: JSON.stringify(argument),
        allowed: 'checkov=FILE or trivy=FILE',
        fix: 'name inputs before it: ml-platform check cdktf.out --import checkov=checkov.json',
      });
    }
    const findings = read(readJson(file));
    if (!findings) {
      throw new InputError(file, {
        what: `this is no report of ${source} in JSON`,
        allowed:
          source === 'checkov'
            ? 'results.failed_checks with check_id and resource'
            : 'SchemaVersion and Results with Misconfigurations',
        fix: `write it again: ${COMMANDS[source]}`,
      });
    }
    return { source, file, findings };
  });
}
