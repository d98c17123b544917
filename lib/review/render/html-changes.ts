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

const LENGTH_OF_A_PIECE = 50_000;

const ROWS_OF_A_PART = 50;

/** Changes by class, then construct, then resource, then attribute; gives those whose details it left out, in the order of the page. */
export function* changeGroups(review: Review): Generator<string, Change[]> {
  if (review.changes.length === 0) yield '<p>No changes.</p>';
  const late: Change[] = [];
  const rows = new RowWriter();
  let written = 0;
  const rowOf = (change: Change) => {
    written += 1;
    if (written <= MOST_DETAILED) return rows.detailed(change);
    late.push(change);
    return rows.late(change);
  };
  const byClass = groupBy(review.changes, (change) => change.class);
  for (const changeClass of CLASSES) {
    const changes = byClass.get(changeClass);
    if (!changes) continue;
    yield `<div data-group class="${changeClass}"><h3>${CLASS_TITLES[changeClass]} <span class="count">${changes.length}</span></h3>`;
    const parts = new Parts();
    let piece = '';
    for (const [path, members] of groupBy(changes, (change) => change.constructPath)) {
      const [first] = members;
      // Where nothing tells the construct, its path is what the row says anyway.
      if (members.length === 1 && first && isAddress(path, first)) piece += parts.add(`${rowOf(first)}\n`, 1);
      else if (members.length <= ROWS_OF_A_PART) {
        piece += parts.add(construct(path, members.map(rowOf).join('')), members.length);
      } else {
        const own = new Parts();
        const rows = members.map((change) => own.add(rowOf(change), 1)).join('');
        piece += parts.end() + construct(path, rows + own.end());
      }
      if (piece.length > LENGTH_OF_A_PIECE) {
        yield piece;
        piece = '';
      }
    }
    yield `${piece}${parts.end()}</div>\n`;
  }
  return late;
}

function construct(path: string, rows: string): string {
  return `<div data-construct><p class="path"><code>${escapeHtml(path)}</code></p>${rows}</div>\n`;
}

/** Attributes of what holds rows. Many of them the browser lays out once they are near the screen, and takes them to be as high as `--rows` says until then. */
export function holding(kind: 'part' | 'scroll', rows: number): string {
  return rows < ROWS_OF_A_PART ? `class="${kind}"` : `class="${kind} far" style="--rows:${rows}"`;
}

/** Puts rows into parts: of thousands, the browser lays out those it shows. */
class Parts {
  private rows = '';
  private count = 0;

  /** Gives the part that these rows fill. */
  public add(rows: string, count: number): string {
    this.rows += rows;
    this.count += count;
    return this.count < ROWS_OF_A_PART ? '' : this.end();
  }

  /** Gives what is left, which is no part of its own if it is short. */
  public end(): string {
    const { rows, count } = this;
    this.rows = '';
    this.count = 0;
    return count < ROWS_OF_A_PART ? rows : `<div data-group ${holding('part', count)}>${rows}</div>`;
  }
}

function isAddress(path: string, { stack, address }: Change): boolean {
  const { length } = stack;
  return path.length === length + 1 + address.length && path[length] === '/' && path.startsWith(stack) && path.endsWith(address);
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

/** Changes as folds. Of thousands of them, much is the same. */
export class RowWriter {
  private readonly heads = new Map<string, string>();

  /** One change with its details. */
  public detailed(change: Change): string {
    const source = change.sourceLocation ? `<p class="soft">made at <code>${escapeHtml(change.sourceLocation)}</code></p>` : '';
    const near = nearText(change);
    const more = change.omittedAttributes > 0 ? `<p class="soft">${change.omittedAttributes} attributes not listed.</p>` : '';
    const body = `${source}${near === '' ? '' : `<p class="soft">depends on it: ${escapeHtml(near)}</p>`}${attributes(change)}${more}`;
    return this.fold(change, '', body);
  }

  /** One change whose details the page's script adds. */
  public late(change: Change): string {
    return this.fold(change, ' data-late', '');
  }

  private fold(change: Change, late: string, body: string): string {
    const why = whyText(change);
    const told = why === '' ? '' : `<span class="why">${escapeHtml(why)}</span>`;
    return `<details data-row${late}${this.head(change)}${escapeHtml(change.address)}</code> <span class="soft">${escapeHtml(change.stack)}</span>${told}</summary>${body}</details>`;
  }

  private head({ environment, action, severity }: Change): string {
    const key = `${action} ${severity} ${environment}`;
    let head = this.heads.get(key);
    if (head === undefined) {
      head = ` data-environment="${escapeHtml(environment)}" data-action="${action}" data-severity="${severity}"><summary><span class="action ${action}">${ACTION_WORDS[action]}</span> <span class="severity ${severity}">${severity}</span> <code>`;
      this.heads.set(key, head);
    }
    return head;
  }
}

function nearText({ dependents }: Change): string {
  return dependents.nearest.join(', ') + (dependents.total > dependents.nearest.length ? ', …' : '');
}

/** Details as the page's script reads them: source, dependents, how many attributes are left out, then four values for each attribute. */
export function lateDetails({ sourceLocation = '', dependents, omittedAttributes, attributes: listed }: Change): unknown[] {
  const all: unknown[] = [sourceLocation, dependents.nearest, dependents.total, omittedAttributes];
  for (const one of listed) {
    const after = one.unknown ? afterText(one) : late(one.after);
    all.push(one.path, late(one.before), after, one.forcesReplacement ? 1 : 0);
  }
  return all;
}

/** A value that the script puts into words; JSON has none for what is not set. */
function late(value: unknown): unknown {
  return value === undefined ? valueText(value) : value;
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
  return `<section aria-labelledby="matrix-title"><h2 id="matrix-title">Environments side by side</h2><div ${holding('scroll', rows.length)} tabindex="0" role="group" aria-label="Changes by environment"><table><thead><tr><th scope="col">construct</th>${review.environments.map((environment) => `<th scope="col">${escapeHtml(environment)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${rest}</section>`;
}

/** "foundation/Platform/Cluster" of "prod-foundation/Platform/Cluster": what environments share. */
function sharedPath(change: Change): string {
  const prefix = `${change.environment}-`;
  return change.constructPath.startsWith(prefix) ? change.constructPath.slice(prefix.length) : change.constructPath;
}
