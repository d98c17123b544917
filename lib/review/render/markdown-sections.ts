import { shortId } from '../analysis/security';
import type {
  AttributeChange,
  CapacityRow,
  Change,
  ChangeAction,
  ChangeClass,
  ContractChange,
  CostItem,
  FailedCheck,
  PolicyFinding,
  Rename,
  Review,
  SecurityChange,
} from '../model/review';
import type { Section } from './markdown-budget';
import { code, escapeMarkdown, shorten } from './markdown-text';
import { afterText, ruleFinder, usdText, valueText, whyText } from './words';

const MOST_ATTRIBUTES = 12;

/** A section of one line for each item. */
function listing<T>(head: string[], items: readonly T[], lineOf: (item: T) => string, unit: string): Section {
  const line = (index: number) => {
    const item = items[index];
    return item === undefined ? '' : lineOf(item);
  };
  return { head, count: items.length, line, foot: [], unit, divisible: true };
}

function table<T>(
  title: string,
  columns: string[],
  items: readonly T[],
  cellsOf: (item: T) => string[],
  unit: string,
  intro: string[] = [],
): Section {
  const head = [`### ${title}`, '', ...intro, `| ${columns.join(' | ')} |`, `|${columns.map(() => '-').join('|')}|`];
  return listing(head, items, (item) => `| ${cellsOf(item).join(' | ')} |`, unit);
}

export function securitySection(review: Review): Section | undefined {
  if (review.security.length === 0) return undefined;
  const cells = (one: SecurityChange) => [
    one.effect === 'broadened' ? '**broadened**' : one.effect,
    escapeMarkdown(one.environment),
    code(shorten(one.subject, 80)),
    code(shorten(one.before, 80)),
    code(shorten(one.after, 80)),
    code(shorten(shortId(one.scope), 110)),
  ];
  return table(
    `🔑 Who can do what, what became reachable (${review.security.length})`,
    ['effect', 'environment', 'who or what', 'before', 'after', 'on'],
    review.security,
    cells,
    'access change',
  );
}

export function sideSections(review: Review): (Section | undefined)[] {
  return [contracts(review), cost(review), capacity(review), renames(review), checks(review)];
}

function contracts(review: Review): Section | undefined {
  if (review.contracts.length === 0) return undefined;
  const cells = (one: ContractChange) => [
    one.breaking ? '**breaks**' : 'changes',
    escapeMarkdown(one.environment),
    code(shorten(one.path, 90)),
    `${code(shorten(shortId(one.before), 60))} → ${code(shorten(shortId(one.after), 60))}`,
    escapeMarkdown(shorten(one.what, 120)),
    escapeMarkdown(shorten(one.affects.join(', '), 160)),
  ];
  return table(
    `🤝 Platform contract (${review.contracts.length})`,
    ['', 'environment', 'promise', 'change', 'means', 'for'],
    review.contracts,
    cells,
    'contract change',
  );
}

function cost(review: Review): Section | undefined {
  const { cost: delta } = review;
  if (delta.items.length === 0 && delta.unknown.length === 0) return undefined;
  const cells = (item: CostItem) => [
    escapeMarkdown(item.environment),
    code(shorten(item.address, 90)),
    `${escapeMarkdown(item.before)} → ${escapeMarkdown(item.after)}`,
    usdText(item.monthlyAtMin),
    usdText(item.monthlyAtMax),
    item.source === 'infracost' ? 'infracost' : 'list price',
  ];
  const total = `**${usdText(delta.monthlyAtMax)} a month** with all nodes there, ${usdText(delta.monthlyAtMin)} with the fewest. ${escapeMarkdown(delta.kind)}, of ${delta.priceDate}.`;
  const unknown =
    delta.unknown.length === 0
      ? []
      : [
          `No price known for ${delta.unknown.length}: ${delta.unknown
            .slice(0, 5)
            .map((one) => code(shorten(one, 110)))
            .join(', ')}${delta.unknown.length > 5 ? ', …' : ''}`,
          '',
        ];
  if (delta.items.length === 0) return listing(['### 💶 Cost', ''], unknown, (line) => line, 'cost line');
  const columns = ['environment', 'resource', 'change', 'at fewest', 'at most', 'source'];
  return table('💶 Cost', columns, delta.items, cells, 'cost line', [total, '', ...unknown]);
}

function capacity(review: Review): Section | undefined {
  if (review.capacity.length === 0) return undefined;
  const cells = (row: CapacityRow) => [
    escapeMarkdown(row.environment),
    code(row.pool),
    escapeMarkdown(row.before),
    escapeMarkdown(row.after),
    `${row.gpusAtMaxBefore} → ${row.gpusAtMaxAfter}`,
    row.problem ? `**${escapeMarkdown(row.problem)}**` : '',
  ];
  const columns = ['environment', 'pool', 'before', 'after', 'GPUs at most', ''];
  return table('📦 Capacity after the change', columns, review.capacity, cells, 'pool');
}

function renames(review: Review): Section | undefined {
  if (review.renames.length === 0) return undefined;
  const head = [
    `### ✏️ Renamed, not replaced? (${review.renames.length})`,
    '',
    'Terraform will destroy and create these. To keep the objects, add:',
    '',
  ];
  const line = (one: Rename) => `- ${code(one.from)} is most likely ${code(one.to)} (${one.why}): ${code(one.code)}`;
  return listing(head, review.renames, line, 'rename');
}

function checks(review: Review): Section | undefined {
  if (review.checks.length === 0) return undefined;
  const line = (check: FailedCheck) =>
    `- ${code(`${check.stack} ${check.address}`)} ${check.status}: ${escapeMarkdown(shorten(check.messages.join('; '), 300))}`;
  return listing([`### Checks that do not hold (${review.checks.length})`, ''], review.checks, line, 'check');
}

export function policySection(review: Review): Section | undefined {
  const { counts } = review.policy;
  const fixed = review.policy.findings.filter((finding) => finding.status === 'fixed');
  if (counts.new + counts.fixed + counts.open + counts.acknowledged === 0) return undefined;
  const ruleOf = ruleFinder(review);
  const lines = fixed.length > 0 ? fixed : [undefined];
  const line = (one: PolicyFinding | undefined) =>
    one ? `- fixed ${code(one.id)} ${escapeMarkdown(ruleOf(one).title)}: ${code(one.constructPath)}` : '';
  const head = `Guardrails (${escapeMarkdown(review.policy.pack)}): ${counts.new} new, ${counts.fixed} fixed, ${counts.open} still there, ${counts.acknowledged} acknowledged.`;
  return listing([head, ''], lines, line, 'fixed finding');
}

/** The changes of one construct and class, which share a fold. */
export type DetailGroup = readonly [Change, ...Change[]];

/** A group for each construct and class, in the order of their first change. */
export function detailGroups(review: Review): DetailGroup[] {
  const classes = new Map<ChangeClass, Map<string, [Change, ...Change[]]>>();
  const groups: DetailGroup[] = [];
  for (const change of review.changes) {
    const constructs = classes.get(change.class) ?? new Map<string, [Change, ...Change[]]>();
    classes.set(change.class, constructs);
    const known = constructs.get(change.constructPath);
    if (known) known.push(change);
    else {
      const group: [Change, ...Change[]] = [change];
      constructs.set(change.constructPath, group);
      groups.push(group);
    }
  }
  return groups;
}

/** How a fold is called where it is counted only. */
export function detailUnit([first]: DetailGroup): string {
  return DETAIL_UNITS[first.action];
}

const DETAIL_UNITS: { readonly [action in ChangeAction]: string } = {
  destroy: 'detail of destroy',
  replace: 'detail of replace',
  forget: 'detail of forget',
  unknown: 'detail of unknown',
  disrupt: 'detail of disruptive update',
  update: 'detail of update',
  create: 'detail of create',
  import: 'detail of import',
  move: 'detail of move',
};

/** One fold: resources, then attributes. */
export function detailSection(group: DetailGroup): Section {
  const [first] = group;
  const actions = [...new Set(group.map((change) => change.action))].join(', ');
  return {
    head: [
      `<details><summary>${html(actions)} <code>${html(shorten(first.constructPath, 140))}</code>${first.class === 'noise' ? ' (noise)' : ''}</summary>`,
      '',
    ],
    count: 1,
    line: () => group.flatMap(detail).join('\n'),
    foot: ['', '</details>'],
    unit: detailUnit(group),
    divisible: false,
  };
}

function detail(change: Change): string[] {
  const why = whyText(change);
  const source = change.sourceLocation ? ` (${code(change.sourceLocation)})` : '';
  const lines = [`${code(change.address)} ${change.action}${source}${why ? `: ${escapeMarkdown(shorten(why, 600))}` : ''}`, ''];
  const shown = change.attributes.slice(0, MOST_ATTRIBUTES);
  if (shown.length > 0) {
    lines.push('| attribute | before | after |', '|-|-|-|', ...shown.map(attributeRow), '');
    const more = change.attributes.length - shown.length + change.omittedAttributes;
    if (more > 0) lines.push(`${more} more attribute${more === 1 ? '' : 's'} in the artifact.`, '');
  }
  return lines;
}

function attributeRow(attribute: AttributeChange): string {
  const forces = attribute.forcesReplacement ? ' **forces replacement**' : '';
  return `| ${code(shorten(attribute.path, 120))}${forces} | ${code(shorten(valueText(attribute.before), 120))} | ${code(shorten(afterText(attribute), 120))} |`;
}

export function driftSection(review: Review): Section | undefined {
  if (review.drift.length === 0) return undefined;
  const line = (change: Change) => {
    const told = change.attributes
      .slice(0, 4)
      .map(
        (one) =>
          `${code(shorten(one.path, 60))} ${code(shorten(valueText(one.before), 60))} → ${code(shorten(afterText(one), 60))}`,
      );
    const first = change.class === 'noise' ? '(noise) ' : change.class === 'change' ? '' : '**look first** ';
    const fed = change.feedsPlan ? '; this plan was made from it' : '';
    return `- ${first}${code(`${change.stack} ${change.address}`)} ${change.action === 'destroy' ? 'was deleted' : told.join(', ')}${fed}`;
  };
  return listing([`### 🌊 Changed outside Terraform (${review.drift.length})`, ''], review.drift, line, 'drifted resource');
}

function html(text: string): string {
  return text.replace(/[&<>"'`|@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
