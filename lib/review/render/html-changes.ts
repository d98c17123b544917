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

/** Changes by class, then construct, then resource, then attribute. */
export function changeGroups(review: Review): string {
  if (review.changes.length === 0) return '<p>No changes.</p>';
  return CLASSES.map((changeClass) => {
    const changes = review.changes.filter((change) => change.class === changeClass);
    if (changes.length === 0) return '';
    const groups = new Map<string, Change[]>();
    for (const change of changes) {
      const members = groups.get(change.constructPath);
      if (members) members.push(change);
      else groups.set(change.constructPath, [change]);
    }
    const body = [...groups].map(([path, members]) => construct(path, members)).join('\n');
    return `<div data-group class="${changeClass}"><h3>${CLASS_TITLES[changeClass]} <span class="count">${changes.length}</span></h3>${body}</div>`;
  }).join('\n');
}

function construct(path: string, members: readonly Change[]): string {
  return `<div data-construct><p class="path"><code>${escapeHtml(path)}</code></p>${members.map((change) => row(change)).join('')}</div>`;
}

export function row(change: Change): string {
  const why = whyText(change);
  const source = change.sourceLocation ? `<p class="soft">made at <code>${escapeHtml(change.sourceLocation)}</code></p>` : '';
  const more = change.omittedAttributes > 0 ? `<p class="soft">${change.omittedAttributes} attributes not listed.</p>` : '';
  const near =
    change.dependents.nearest.length > 0
      ? `<p class="soft">depends on it: ${change.dependents.nearest.map((one) => `<code>${escapeHtml(one)}</code>`).join(', ')}${change.dependents.total > change.dependents.nearest.length ? ', …' : ''}</p>`
      : '';
  return `<details data-row data-environment="${escapeHtml(change.environment)}" data-action="${change.action}" data-severity="${change.severity}"><summary><span class="action ${change.action}">${ACTION_WORDS[change.action]}</span> <span class="severity ${change.severity}">${change.severity}</span> <code>${escapeHtml(change.address)}</code> <span class="soft">${escapeHtml(change.stack)}</span>${why ? `<span class="why">${escapeHtml(why)}</span>` : ''}</summary>${source}${near}${attributes(change)}${more}</details>`;
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
