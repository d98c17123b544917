import { type CheckResult, sentenceOf } from '../check-result';
import { textTable } from '../text-table';

/** For people at a terminal: one block for each construct, then the sums. */
export function renderTable(result: CheckResult): string {
  const lines: string[] = [];
  const titles = { open: '', unresolved: 'known at apply only, judge these on the plan:', acknowledged: 'acknowledged:' };
  let status = 'open';
  let path = '';
  for (const finding of result.findings) {
    if (finding.status !== status) {
      status = finding.status;
      path = '';
      lines.push('', titles[finding.status]);
    }
    if (finding.constructPath !== path) {
      path = finding.constructPath;
      lines.push('', path + (finding.sourceLocation ? ` (${finding.sourceLocation})` : ''));
    }
    lines.push(`  ${finding.level.padEnd(7)} ${finding.id} ${sentenceOf(finding)}`);
    if (finding.status === 'open') lines.push(`          fix: ${finding.fix}`);
    const { acknowledgement } = finding;
    if (acknowledgement)
      lines.push(`          ${acknowledgement.owner} until ${acknowledgement.expires}: ${acknowledgement.reason}`);
  }
  const count = (stack: string, test: (finding: CheckResult['findings'][number]) => boolean) =>
    String(result.findings.filter((finding) => finding.stack === stack && test(finding)).length);
  const summary = textTable(
    ['stack', 'read from', 'strictness', 'errors', 'warnings', 'notes', 'at apply only', 'acknowledged'],
    result.stacks.map((stack) => [
      stack.name,
      stack.origin,
      stack.strictness,
      ...(['error', 'warning', 'note'] as const).map((level) =>
        count(stack.name, (one) => one.status === 'open' && one.level === level),
      ),
      count(stack.name, (one) => one.status === 'unresolved'),
      count(stack.name, (one) => one.status === 'acknowledged'),
    ]),
  );
  const imports = result.imports.map(
    ({ source, file, decided, added, elsewhere }) =>
      `${source} (${file}): ${added} added, ${decided} left to our rules, ${elsewhere} about resources that are not here`,
  );
  return `${[...lines, '', summary, ...(imports.length > 0 ? ['', ...imports] : [])].join('\n').trimStart()}\n`;
}
