import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GuardrailPack } from '../../guardrails/guardrail-pack';
import { readCapacity } from '../report/capacity';
import { renderHtml } from '../report/html';
import { renderMarkdown } from '../report/markdown';
import { buildReport, type Report } from '../report/report';
import { readSynthOutput } from '../synth-output';
import { textTable } from '../text-table';

export interface ReportOptions {
  /** Folder to write into. @default - "report" inside the synth output */
  readonly out?: string;
  /** ISO date that acknowledgements are held against. */
  readonly today: string;
}

/** Writes index.html, report.md and report.json; returns what to print. */
export function reportCommand(folder: string, options: ReportOptions): string {
  const report = buildReport(readSynthOutput(folder), GuardrailPack.BASELINE, options.today, readCapacity(folder));
  const out = options.out ?? join(folder, 'report');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'index.html'), renderHtml(report));
  writeFileSync(join(out, 'report.md'), renderMarkdown(report));
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return `${summaryTable(report)}\n\nreport: ${join(out, 'index.html')}\n`;
}

function summaryTable(report: Report): string {
  return textTable(
    ['stack', 'layer', 'resources', 'findings'],
    report.stacks.map((stack) => [stack.name, stack.layer, String(stack.resources), findingText(stack.findings)]),
  );
}

function findingText(counts: Report['stacks'][number]['findings']): string {
  const parts = [
    counts.error > 0 ? `${counts.error} errors` : '',
    counts.warning > 0 ? `${counts.warning} warnings` : '',
    counts.acknowledged > 0 ? `${counts.acknowledged} acknowledged` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'none';
}
