import type { Finding } from '../../guardrails/finding';
import { type CheckResult, sentenceOf } from '../check-result';

/** Workflow commands of GitHub Actions: each open finding becomes an annotation. */
export function renderGithub(result: CheckResult): string {
  const files = new Map(result.stacks.map((stack) => [stack.name, stack.file]));
  const lines = result.findings
    .filter((finding) => finding.status === 'open')
    .map((finding) => {
      const [source, line] = finding.sourceLocation?.split(/:(?=\d+$)/) ?? [files.get(finding.stack)];
      const place = [
        source ? `file=${property(source)}` : '',
        line ? `line=${line}` : '',
        `title=${property(finding.id)}`,
      ].filter(Boolean);
      return `::${command(finding)} ${place.join(',')}::${message(`${finding.constructPath}: ${sentenceOf(finding)}\nfix: ${finding.fix}`)}`;
    });
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

function command(finding: Finding): string {
  return finding.level === 'note' ? 'notice' : finding.level;
}

function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
