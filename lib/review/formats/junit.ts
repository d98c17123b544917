import type { Finding } from '../../guardrails/finding';
import { type CheckResult, sentenceOf } from '../check-result';

/** JUnit XML: a suite for each stack; errors and warnings fail, the rest is skipped with its reason. */
export function renderJunit(result: CheckResult): string {
  const suites = result.stacks.map((stack) => {
    const findings = result.findings.filter((finding) => finding.stack === stack.name);
    const failures = findings.filter(isFailure).length;
    const cases = findings.map(testCase);
    // A suite without findings still says that it was looked at.
    if (cases.length === 0) cases.push(`    <testcase classname="${xml(stack.name)}" name="guardrails"/>`);
    return [
      `  <testsuite name="${xml(stack.name)}" tests="${cases.length}" failures="${failures}" skipped="${findings.length - failures}">`,
      ...cases,
      '  </testsuite>',
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="guardrails">\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase(finding: Finding): string {
  const open = `    <testcase classname="${xml(finding.constructPath)}" name="${xml(`${finding.id} ${finding.rule.title}`)}">`;
  const text = xml(sentenceOf(finding));
  const body = isFailure(finding)
    ? `<failure type="${finding.level}" message="${text}">${xml(`fix: ${finding.fix}`)}</failure>`
    : `<skipped message="${xml(`${finding.status === 'open' ? finding.level : finding.status}: `)}${text}"/>`;
  return `${open}${body}</testcase>`;
}

function isFailure(finding: Finding): boolean {
  return finding.status === 'open' && finding.level !== 'note';
}

function xml(text: string): string {
  return [...text]
    .map((character) => (/[&<>"'\n]/.test(character) ? `&#${character.charCodeAt(0)};` : character))
    .filter(isAllowed)
    .join('');
}

/** XML 1.0 forbids control characters, even escaped. */
function isAllowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x20 || code === 9 || code === 13) && code !== 0xfffe && code !== 0xffff;
}
