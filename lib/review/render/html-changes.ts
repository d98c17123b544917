import { CLASSES } from '../model/order';
import type { AttributeChange, Change, ChangeClass, Review } from '../model/review';
import { escapeHtml } from '../report/diagram';
import { ACTION_WORDS, afterText, valueText, whyText } from './words';

const CLASS_TITLES: { readonly [changeClass in ChangeClass]: string } = {
  'stateful-loss': 'Data is lost',
  loss: 'Destroyed, replaced or forgotten',
  disruption: 'Updates that users feel',
  security: 'Identity and network',
  change: 'Other changes',
  noise: 'Noise: tags and computed values',
};

/** Changes whose details stand in the page itself; those of the rest are data, which the page shows when one is opened. */
const MOST_DETAILED = 500;

/** Details of the changes beyond these, as the page's script reads them. */
export type LateDetails = [source: string, near: string, omitted: number, attributes: [string, string, string, 0 | 1][]][];

export interface ChangeList {
  readonly html: string;
  readonly late: LateDetails;
}

/** Changes by class, then construct, then resource, then attribute. */
export function changeGroups(review: Review): ChangeList {
  if (review.changes.length === 0) return { html: '<p>No changes.</p>', late: [] };
  const late: LateDetails = [];
  let written = 0;
  const rowOf = (change: Change) => {
    written += 1;
    if (written <= MOST_DETAILED) return row(change);
    late.push([change.sourceLocation ?? '', nearText(change), change.omittedAttributes, change.attributes.map(plain)]);
    return details(change, ` data-late="${late.length - 1}"`, '');
  };
  const byClass = groupBy(review.changes, (change) => change.class);
  const html = CLASSES.map((changeClass) => {
    const changes = byClass.get(changeClass);
    if (!changes) return '';
    const constructs = [...groupBy(changes, (change) => change.constructPath)].map(
      ([path, members]) =>
        `<div data-construct><p class="path"><code>${escapeHtml(path)}</code></p>${members.map(rowOf).join('')}</div>`,
    );
    return `<div data-group class="${changeClass}"><h3>${CLASS_TITLES[changeClass]} <span class="count">${changes.length}</span></h3>${constructs.join('\n')}</div>`;
  });
  return { html: html.join('\n'), late };
}

function groupBy<K>(changes: readonly Change[], keyOf: (change: Change) => K): Map<K, Change[]> {
  const groups = new Map<K, Change[]>();
  for (const change of changes) {
    const key = keyOf(change);
    const members = groups.get(key);
    if (members) members.push(change);
    else groups.set(key, [change]);
  }
  return groups;
}

/** One change with its details. */
export function row(change: Change): string {
  const source = change.sourceLocation ? `<p class="soft">made at <code>${escapeHtml(change.sourceLocation)}</code></p>` : '';
  const near = nearText(change);
  const more = change.omittedAttributes > 0 ? `<p class="soft">${change.omittedAttributes} attributes not listed.</p>` : '';
  const body = `${source}${near === '' ? '' : `<p class="soft">depends on it: ${escapeHtml(near)}</p>`}${attributes(change)}${more}`;
  return details(change, '', body);
}

function details(change: Change, late: string, body: string): string {
  const why = whyText(change);
  return `<details data-row${late} data-environment="${escapeHtml(change.environment)}" data-action="${change.action}" data-severity="${change.severity}"><summary><span class="action ${change.action}">${ACTION_WORDS[change.action]}</span> <span class="severity ${change.severity}">${change.severity}</span> <code>${escapeHtml(change.address)}</code> <span class="soft">${escapeHtml(change.stack)}</span>${why ? `<span class="why">${escapeHtml(why)}</span>` : ''}</summary>${body}</details>`;
}

function nearText({ dependents }: Change): string {
  return dependents.nearest.join(', ') + (dependents.total > dependents.nearest.length ? ', …' : '');
}

function plain(one: AttributeChange): LateDetails[number][3][number] {
  return [one.path, valueText(one.before), afterText(one), one.forcesReplacement ? 1 : 0];
}

function attributes(change: Change): string {
  if (change.attributes.length === 0) return '';
  const rows = change.attributes.map(attribute).join('');
  return `<table><thead><tr><th scope="col">attribute</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function attribute(one: AttributeChange): string {
  const forces = one.forcesReplacement ? ' <span class="forces">forces replacement</span>' : '';
  return `<tr><td><code>${escapeHtml(one.path)}</code>${forces}</td><td><code class="before">${escapeHtml(valueText(one.before))}</code></td><td><code class="after">${escapeHtml(afterText(one))}</code></td></tr>`;
}

const MOST_ROWS = 1000;

/** Environments side by side: the same construct, what happens to it where. */
export function changeMatrix(review: Review): string {
  if (review.environments.length < 2) return '';
  const cells = new Map<string, Map<string, Set<string>>>();
  for (const change of review.changes) {
    if (change.class === 'noise') continue;
    const own = sharedPath(change);
    const byEnvironment = cells.get(own) ?? new Map<string, Set<string>>();
    const actions = byEnvironment.get(change.environment) ?? new Set<string>();
    actions.add(change.action);
    byEnvironment.set(change.environment, actions);
    cells.set(own, byEnvironment);
  }
  if (cells.size === 0) return '';
  const sorted = [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = sorted.slice(0, MOST_ROWS).map(([path, byEnvironment]) => {
    const columns = review.environments.map((environment) => {
      const actions = [...(byEnvironment.get(environment) ?? [])].sort();
      return `<td>${actions.map((action) => `<span class="action ${action}">${action}</span>`).join(' ') || '<span class="soft">same</span>'}</td>`;
    });
    return `<tr><th scope="row"><code>${escapeHtml(path)}</code></th>${columns.join('')}</tr>`;
  });
  const rest = sorted.length > MOST_ROWS ? `<p class="soft">${sorted.length - MOST_ROWS} more constructs.</p>` : '';
  return `<section aria-labelledby="matrix-title"><h2 id="matrix-title">Environments side by side</h2><div class="scroll" tabindex="0" role="group" aria-label="Changes by environment"><table><thead><tr><th scope="col">construct</th>${review.environments.map((environment) => `<th scope="col">${escapeHtml(environment)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${rest}</section>`;
}

/** "foundation/Platform/Cluster" of "prod-foundation/Platform/Cluster": what environments share. */
function sharedPath(change: Change): string {
  const prefix = `${change.environment}-`;
  return change.constructPath.startsWith(prefix) ? change.constructPath.slice(prefix.length) : change.constructPath;
}
