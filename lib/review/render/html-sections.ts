import type { CapacityRow, ContractChange, CostItem, OutputChange, PolicyFinding, Review, SecurityChange } from '../model/review';
import { escapeHtml } from '../report/diagram';
import { holding, RowWriter } from './html-changes';
import { ruleFinder, usdText, valueText } from './words';

/** Tables beside the changes. */
export function sideSections(review: Review): string[] {
  return [
    security(review),
    policy(review),
    contracts(review),
    cost(review),
    capacity(review),
    renames(review),
    drift(review),
    outputs(review),
    checks(review),
  ];
}

function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}

/** Rows of one table: a page of many thousands is slow to open, and nobody reads them. The rest is in review.json. */
const MOST_ROWS = 1000;

function table<T>(label: string, head: string[], items: readonly T[], rowOf: (item: T) => string): string {
  const rows = items.slice(0, MOST_ROWS).map(rowOf);
  const rest = items.length - rows.length;
  const more = rest > 0 ? `<p class="soft">${rest} more in review.json.</p>` : '';
  return `<div ${holding('scroll', rows.length)} tabindex="0" role="group" aria-label="${escapeHtml(label)}"><table><thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${more}`;
}

/** A row that the environment and the search of the filter reach. */
function filtered(environment: string, cells: string[]): string {
  return `<tr data-row data-environment="${escapeHtml(environment)}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

const code = (text: string) => `<code>${escapeHtml(text)}</code>`;

function security(review: Review): string {
  if (review.security.length === 0) return '';
  const row = (one: SecurityChange) =>
    filtered(one.environment, [
      `<b class="${one.effect}">${one.effect}</b>`,
      one.kind,
      escapeHtml(one.environment),
      code(one.subject),
      code(one.before),
      code(one.after),
      code(one.scope),
    ]);
  return section(
    'security',
    'Who can do what, what became reachable',
    table(
      'Identity and network changes',
      ['effect', 'kind', 'environment', 'who or what', 'before', 'after', 'on'],
      review.security,
      row,
    ),
  );
}

function policy(review: Review): string {
  const { counts, findings, pack } = review.policy;
  if (findings.length === 0) return '';
  const ruleOf = ruleFinder(review);
  const row = (one: PolicyFinding) =>
    filtered(one.environment, [
      `<b class="${one.status}">${one.status}</b>`,
      escapeHtml(one.level),
      `${code(one.id)} ${escapeHtml(ruleOf(one).title)}`,
      `${code(one.constructPath)}${one.sourceLocation ? ` ${code(one.sourceLocation)}` : ''}`,
      `${code(one.attribute)} is ${code(one.seen)}`,
      escapeHtml(one.acknowledgement ?? [one.remark, one.fix ?? ruleOf(one).fix].filter(Boolean).join('. ')),
    ]);
  const sum = `<p>${counts.new} new, ${counts.fixed} fixed, ${counts.open} still there, ${counts.acknowledged} acknowledged by the ${escapeHtml(pack)} guardrails.</p>`;
  const fold = `<details${counts.new > 0 ? ' open' : ''}><summary>All ${findings.length} findings</summary>${table('Guardrail findings', ['status', 'level', 'rule', 'where', 'seen', 'fix or reason'], findings, row)}</details>`;
  return section('policy', 'Guardrails', sum + fold);
}

function contracts(review: Review): string {
  if (review.contracts.length === 0) return '';
  const row = (one: ContractChange) =>
    filtered(one.environment, [
      one.breaking ? '<b class="broadened">breaks</b>' : 'changes',
      escapeHtml(one.environment),
      code(one.path),
      `${code(one.before)} → ${code(one.after)}`,
      escapeHtml(one.what),
      escapeHtml(one.affects.join(', ')),
    ]);
  return section(
    'contract',
    'Platform contract',
    table('Contract changes', ['', 'environment', 'promise', 'change', 'means', 'for'], review.contracts, row),
  );
}

function cost(review: Review): string {
  const { cost: delta } = review;
  if (delta.items.length === 0 && delta.unknown.length === 0) return '';
  const row = (one: CostItem) =>
    filtered(one.environment, [
      escapeHtml(one.environment),
      code(one.address),
      `${escapeHtml(one.before)} → ${escapeHtml(one.after)}`,
      usdText(one.monthlyAtMin),
      usdText(one.monthlyAtMax),
      one.source,
    ]);
  const sum = `<p><b>${usdText(delta.monthlyAtMax)} a month</b> with all nodes there, ${usdText(delta.monthlyAtMin)} with the fewest: ${escapeHtml(delta.kind)}, of ${escapeHtml(delta.priceDate)}.</p>`;
  const unknown = delta.unknown.length > 0 ? `<p>No price known for ${delta.unknown.map(code).join(', ')}.</p>` : '';
  return section(
    'cost',
    'Cost',
    sum +
      (delta.items.length > 0
        ? table('Cost by resource', ['environment', 'resource', 'change', 'at fewest', 'at most', 'source'], delta.items, row)
        : '') +
      unknown,
  );
}

function capacity(review: Review): string {
  if (review.capacity.length === 0) return '';
  const row = (one: CapacityRow) =>
    filtered(one.environment, [
      escapeHtml(one.environment),
      code(one.pool),
      escapeHtml(one.before),
      escapeHtml(one.after),
      `${one.gpusAtMaxBefore} → ${one.gpusAtMaxAfter}`,
      one.problem ? `<b class="broadened">${escapeHtml(one.problem)}</b>` : '',
    ]);
  return section(
    'capacity',
    'Capacity after the change',
    table('Capacity by pool', ['environment', 'pool', 'before', 'after', 'GPUs at most', 'problem'], review.capacity, row),
  );
}

function renames(review: Review): string {
  if (review.renames.length === 0) return '';
  const items = review.renames.map(
    (one) =>
      `<li>${code(one.from)} is most likely ${code(one.to)} (${escapeHtml(one.why)})<pre><code>${escapeHtml(one.code)}</code></pre></li>`,
  );
  return section(
    'renames',
    'Renamed, not replaced?',
    `<p>Terraform will destroy and create these. To keep the objects, add:</p><ul>${items.join('')}</ul>`,
  );
}

function drift(review: Review): string {
  if (review.drift.length === 0) return '';
  const quiet = review.quietDrift > 0 ? `<p class="soft">${review.quietDrift} more differ in empty values only.</p>` : '';
  const rows = new RowWriter();
  return section('drift', 'Changed outside Terraform', review.drift.map((one) => rows.detailed(one)).join('') + quiet);
}

function outputs(review: Review): string {
  if (review.outputs.length === 0) return '';
  const row = (one: OutputChange) =>
    `<tr><td>${code(one.stack)}</td><td>${code(one.name)}</td><td>${escapeHtml(one.action)}</td><td>${code(valueText(one.before))}</td><td>${code(valueText(one.after))}</td></tr>`;
  return section('outputs', 'Outputs', table('Outputs', ['stack', 'output', 'action', 'before', 'after'], review.outputs, row));
}

function checks(review: Review): string {
  if (review.checks.length === 0) return '';
  const items = review.checks.map(
    (one) => `<li>${code(`${one.stack} ${one.address}`)} ${escapeHtml(one.status)}: ${escapeHtml(one.messages.join('; '))}</li>`,
  );
  return section('checks', 'Checks that do not hold', `<ul>${items.join('')}</ul>`);
}
