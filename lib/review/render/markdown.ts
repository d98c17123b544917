import { CLASSES } from '../model/order';
import type { Change, PolicyFinding, PolicyRule, Review } from '../model/review';
import { type GlanceRow, glance } from './glance';
import { Budget, type Section } from './markdown-budget';
import {
  detailGroups,
  detailSection,
  detailUnit,
  driftSection,
  policySection,
  securitySection,
  sideSections,
} from './markdown-sections';
import { code, escapeMarkdown, shorten, sizeOf } from './markdown-text';
import { renderMermaid } from './mermaid';
import { countersText, decisionText, pendingPlans, pendingText, ruleFinder, unplannedText, whyText } from './words';

export interface MarkdownOptions {
  readonly dialect: 'github' | 'azure-devops';
  /** Most characters, by UTF-16 units and by UTF-8 bytes. */
  readonly limit: number;
}

/** What a platform takes as one comment, with room to spare. */
export const COMMENT_LIMITS: { readonly [dialect in MarkdownOptions['dialect']]: number } = {
  github: 60_000,
  'azure-devops': 60_000,
};

/** First line of a comment: a run finds the comment of the run before by it. */
export function stickyMarker(review: Review): string {
  const stacks = [...new Set(review.inputs.map((input) => input.layer))].sort().join('+');
  return `<!-- cdktf-ml-platform:review:${plain(stacks)}:${plain(review.environments.join('+'))} -->`;
}

/**
 * The review as a comment on a pull request. Details give way first; a destroy, a replacement and a rule that fails are never
 * dropped: where there are more than fit one line each, they are counted by type with all stateful ones named.
 */
export function renderMarkdown(review: Review, options: MarkdownOptions): string {
  const marker = stickyMarker(review);
  if (review.verdict.decision === 'nothing')
    return `${marker}\n**No infrastructure changes** in ${review.inputs.map((input) => code(input.stack)).join(', ') || 'these stacks'}.\n`;
  const budget = new Budget(options.limit);
  budget.must([marker, ...head(review)]);
  const losses = review.changes.filter((change) => change.class === 'stateful-loss');
  const gone = review.changes.filter((change) => change.class === 'loss');
  budget.listed(
    losses.length > 0 ? `### ${icon('stateful-loss')} Data is lost (${losses.length})` : '',
    losses,
    lossLine,
    byType,
    0.35,
  );
  budget.listed(gone.length > 0 ? `### ${icon('loss')} Destroyed or replaced (${gone.length})` : '', gone, lossLine, byType, 0.3);
  const ruleOf = ruleFinder(review);
  const failed = byRule(review.policy.findings.filter((finding) => finding.status === 'new'));
  budget.listed(
    failed.length > 0 ? `### New guardrail findings (${review.policy.counts.new})` : '',
    failed,
    (group) => ruleLine(group, ruleOf(group.first)),
    (rest) => rest.map((group) => `- **${group.first.level}** ${code(group.first.ruleId)} × ${group.subjects.size}`),
    0.2,
  );
  const disruptive = review.changes.filter((change) => change.class === 'disruption');
  budget.listed(
    disruptive.length > 0 ? `### ${icon('disruption')} Users feel this (${disruptive.length})` : '',
    disruptive,
    lossLine,
    byType,
    0.1,
  );
  const sections: (Section | undefined)[] = [securitySection(review), ...sideSections(review), policySection(review)];
  for (const section of sections) if (section) budget.section(section);
  const drift = driftSection(review);
  if (drift) budget.section(drift);
  const diagram = options.dialect === 'github' ? renderMermaid(review.graph) : undefined;
  if (diagram)
    budget.whole([
      '<details><summary>What changes, and what it touches</summary>',
      '',
      '```mermaid',
      ...diagram,
      '```',
      '',
      '</details>',
    ]);
  for (const group of detailGroups(review)) {
    if (budget.isFull) budget.count(detailUnit(group), 1);
    else budget.section(detailSection(group));
  }
  return budget.text();
}

function head(review: Review): string[] {
  const lines = [`## ${verdictIcon(review)} ${decisionText(review)}: ${countersText(review)}`, ''];
  if (review.inputs.some((input) => input.partial))
    lines.push('> **Not complete**: a plan ended early. What is missing below may still change.', '');
  if (review.inputs.some((input) => input.kind === 'synth'))
    lines.push('> Compared without a plan: replacements are estimates.', '');
  lines.push(...unplannedLines(review), ...pendingLines(review));
  if (review.titles.length > 0)
    lines.push(
      ...review.titles.slice(0, 5).map((title) => `- ${escapeMarkdown(shorten(title, 120))}`),
      ...(review.titles.length > 5 ? [`- and ${review.titles.length - 5} more commits`] : []),
      '',
    );
  lines.push('| | | |', '|-|-|-|', ...glance(review).map(glanceLine), '');
  for (const level of ['block', 'approve'] as const) lines.push(...policyLines(review, level));
  for (const one of review.verdict.reasons.filter((reason) => reason.level === 'allowed').slice(0, 8)) {
    lines.push(
      `- allowed in ${escapeMarkdown(one.environment)}: ${one.trigger} × ${one.count}, ${escapeMarkdown(shorten(one.reason ?? '', 120))}`,
    );
  }
  if (review.verdict.reasons.length > 0) lines.push('');
  const changed = review.inputs.filter((input) => Object.values(input.counts).some((count) => count > 0));
  if (changed.length > 1) {
    const shown = changed.slice(0, 40);
    lines.push('| stack | destroy | replace | disrupt | update | create | other |', '|-|-:|-:|-:|-:|-:|-:|');
    for (const { stack, counts } of shown) {
      const other = counts.forget + counts.move + counts.import + counts.unknown;
      lines.push(
        `| ${code(shorten(stack, 60))} | ${[counts.destroy, counts.replace, counts.disrupt, counts.update, counts.create, other].map((count) => (count === 0 ? '·' : String(count))).join(' | ')} |`,
      );
    }
    if (changed.length > shown.length) lines.push('', `${changed.length - shown.length} more stacks are in the artifact.`);
    lines.push('');
  }
  return lines;
}

/** Which stacks have no plan, and why: the shortest list that hides none. */
function unplannedLines(review: Review): string[] {
  const stacks = review.inputs.filter((input) => input.unplanned).map(({ stack }) => stack);
  if (stacks.length === 0) return [];
  const told = stacks
    .slice(0, 9)
    .map((stack) => `> - ${code(shorten(stack, 60))}: ${escapeMarkdown(shorten(unplannedText(stack, review), 420))}`);
  const others = stacks.slice(9, 60).map((stack) => code(shorten(stack, 60)));
  const more =
    others.length > 0 ? [`> - and ${others.join(', ')}${stacks.length > 60 ? ` and ${stacks.length - 60} more` : ''}`] : [];
  return ['> **Not planned**: what these stacks will change is not known; their code is compared.', '>', ...told, ...more, ''];
}

/** Which plans will be out of date when their turn comes. */
function pendingLines(review: Review): string[] {
  const pending = pendingPlans(review);
  if (pending.length === 0) return [];
  const shown = pending
    .slice(0, 9)
    .map((one) => `> - ${code(shorten(one.stack, 60))}: ${escapeMarkdown(shorten(pendingText(one), 420))}`);
  const more = pending.length > shown.length ? [`> - and ${pending.length - shown.length} more stacks`] : [];
  return ['> **Upstream pending**: these plans do not know yet what is applied before them.', '>', ...shown, ...more, ''];
}

function glanceLine({ icon, question, count, items }: GlanceRow): string {
  const told = items.map(
    ([what, why]) => `${code(shorten(what, 110))}${why === '' ? '' : ` ${escapeMarkdown(shorten(why, 140))}`}`,
  );
  const more = count > items.length ? `<br>and ${count - items.length} more` : '';
  const head = count > 0 ? `**${question}**` : question;
  return `| ${icon} | ${head} | ${told.length === 0 ? 'nothing' : told.join('<br>') + more} |`;
}

/** What the policy says, a line for each environment. */
function policyLines(review: Review, level: 'block' | 'approve'): string[] {
  const reasons = review.verdict.reasons.filter((one) => one.level === level);
  const environments = [...new Set(reasons.map((one) => one.environment))].slice(0, 20);
  return environments.map((environment) => {
    const triggers = reasons.filter((one) => one.environment === environment).map((one) => `${one.trigger} × ${one.count}`);
    return `- ${level === 'block' ? '**Blocked**' : 'Approval asked'} in ${escapeMarkdown(environment)}: ${triggers.join(', ')}`;
  });
}

function lossLine(change: Change): string {
  const where =
    change.constructPath.startsWith(`${change.stack}/`) && change.constructPath !== `${change.stack}/${change.address}`
      ? ` ${code(shorten(change.constructPath, 120))}`
      : ` in ${code(change.stack)}`;
  const why = whyText(change);
  return `- **${change.action === 'disrupt' ? 'update' : change.action}** ${code(shorten(change.address, 140))}${where}${why === '' ? '' : `: ${escapeMarkdown(shorten(why, 420))}`}`;
}

/** By type, with as many names as there is room for: each type gets an equal share of it. */
function byType(changes: readonly Change[], room: number): string[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.action} ${change.stack} ${change.type}`;
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return [...groups]
    .sort(([, a], [, b]) => CLASSES.indexOf(a[0]?.class ?? 'noise') - CLASSES.indexOf(b[0]?.class ?? 'noise'))
    .map(([, members]) => {
      const [first] = members;
      if (!first) return '';
      const line = `- **${first.action}** ${members.length} × ${code(first.type)} in ${code(shorten(first.stack, 60))}`;
      return line + namesOf(members, room / groups.size - sizeOf(line) - 20);
    });
}

/** ": `a`, `b` …", without the type, which stands before. */
function namesOf(changes: readonly Change[], room: number): string {
  let size = 0;
  const names: string[] = [];
  for (const { address, type } of changes) {
    const name = code(shorten(address.startsWith(`${type}.`) ? address.slice(type.length + 1) : address, 100));
    size += sizeOf(name) + 2;
    if (size > room) break;
    names.push(name);
  }
  return names.length === 0 ? '' : `: ${names.join(', ')}${names.length < changes.length ? ', …' : ''}`;
}

/** Findings of one rule in one stack: one fix for all of them. */
interface RuleGroup {
  readonly first: PolicyFinding;
  readonly subjects: Set<string>;
}

function byRule(findings: readonly PolicyFinding[]): RuleGroup[] {
  const groups = new Map<string, RuleGroup>();
  for (const finding of findings) {
    const key = `${finding.level} ${finding.stack} ${finding.ruleId}`;
    const group = groups.get(key) ?? { first: finding, subjects: new Set<string>() };
    group.subjects.add(`${finding.address || finding.constructPath} ${finding.attribute}`.trim());
    groups.set(key, group);
  }
  return [...groups.values()];
}

function ruleLine({ first, subjects }: RuleGroup, rule: PolicyRule): string {
  const named = [...subjects].slice(0, 4).map((subject) => code(shorten(subject, 110)));
  const seen = subjects.size === 1 ? ` is ${code(shorten(first.seen, 80))}` : '';
  const more = subjects.size > named.length ? ` and ${subjects.size - named.length} more` : '';
  return `- **${first.level}** ${code(first.ruleId)} ${escapeMarkdown(rule.title)}: ${named.join(', ')}${more}${seen}${first.remark ? ` (${escapeMarkdown(shorten(first.remark, 120))})` : ''}. Fix: ${escapeMarkdown(shorten(first.fix ?? rule.fix, 160))}`;
}

function icon(changeClass: string): string {
  return changeClass === 'stateful-loss' ? '🛑' : changeClass === 'loss' ? '♻️' : '⚡';
}

function verdictIcon(review: Review): string {
  return { block: '⛔', approve: '✋', pass: '✅', nothing: '✅' }[review.verdict.decision];
}

/** Text for an HTML comment. */
function plain(text: string): string {
  return text
    .replace(/[^\w.+-]/g, '_')
    .replace(/-{2,}/g, '-')
    .slice(0, 200);
}
