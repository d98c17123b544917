/** Colors by role, so that dark, light and print need one table each; each pair keeps a contrast of 4.5 to 1. */
export const REVIEW_STYLE = `
:root{--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;--red:#a40e26;--orange:#953800;--yellow:#7d4e00;--green:#116329;--blue:#0550ae;--grey:#57606a}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9198a1;--line:#3d444d;--panel:#161b22;--red:#ff9492;--orange:#ffb77c;--yellow:#f0b72f;--green:#4ae168;--blue:#91cbff;--grey:#9198a1}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1280px;margin:0 auto;padding:0 20px}
header{margin-top:20px;border-left:8px solid var(--green)}header.block{border-color:var(--red)}header.approve{border-color:var(--orange)}
h1{margin:0;font-size:26px}.counters{margin:2px 0 8px;font-size:18px}h2{margin:32px 0 10px;padding-bottom:6px;border-bottom:1px solid var(--line);font-size:20px}h3{margin:20px 0 8px;font-size:16px}
.skip{position:absolute;left:-9999px}.skip:focus{left:8px;top:8px;padding:8px;background:var(--bg);color:var(--fg)}
.notice{padding:6px 12px;border:1px solid var(--orange);border-radius:6px}
.notice ul{margin:4px 0}
code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
.scroll{overflow-x:auto}:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
table{border-collapse:collapse;width:100%;margin:8px 0}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}thead th{color:var(--soft);font-weight:600}.num{text-align:right;font-variant-numeric:tabular-nums}
.count{padding:0 8px;border:1px solid var(--line);border-radius:10px;background:var(--panel);font-size:13px;font-weight:400}
.reasons,.titles{margin:6px 0;padding-left:20px}.reasons .block b{color:var(--red)}.reasons .approve b{color:var(--orange)}
.filters{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:end;margin:12px 0 0;padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--panel)}
.filters label{display:flex;flex-direction:column;color:var(--soft);font-size:13px}.filters select,.filters input,.filters button{min-height:32px;padding:4px 8px;border:1px solid var(--soft);border-radius:6px;background:var(--bg);color:var(--fg);font:inherit}.filters input{width:280px;max-width:100%}
.status{margin:0;color:var(--soft)}.glance{margin:12px 0}.glance th{width:170px;color:var(--soft)}.glance .told th{border-left:4px solid var(--orange);color:var(--fg);font-weight:600}.block+main .glance .told th{border-left-color:var(--red)}.soft,.status{color:var(--soft)}
.path{margin:12px 0 2px}.path code{font-weight:600}
details{margin:3px 0;padding:4px 10px;border:1px solid var(--line);border-radius:6px;background:var(--panel)}summary{cursor:pointer}.why{display:block;margin-left:18px;color:var(--soft)}
.action,.severity{padding:0 7px;border:1px solid currentColor;border-radius:10px;font-size:12px;font-weight:600;white-space:nowrap}
.destroy,.replace,.forget,.unknown,.critical,.broadened,.new,.forces{color:var(--red)}.disrupt,.high{color:var(--orange)}.update,.medium{color:var(--yellow)}.create,.import,.fixed,.narrowed{color:var(--green)}.move,.low{color:var(--blue)}.info,.open,.acknowledged,.changed{color:var(--grey)}
.forces{font-size:12px;font-weight:600}
[hidden]{display:none!important}
svg{max-width:none;height:auto}svg .node rect{fill:var(--panel);stroke:var(--line);stroke-width:1.5}svg .node.destroy rect,svg .node.replace rect,svg .node.forget rect,svg .node.unknown rect{stroke:var(--red);stroke-width:3}svg .node.disrupt rect{stroke:var(--orange);stroke-width:3}svg .node.update rect{stroke:var(--yellow);stroke-width:2}svg .node.create rect,svg .node.import rect{stroke:var(--green);stroke-width:2}svg .node.move rect{stroke:var(--blue)}
svg text{fill:var(--fg);font:13px system-ui,sans-serif}svg text.soft{fill:var(--soft);font-size:12px}svg .arrow{fill:none;stroke:var(--soft);stroke-width:1.2}svg .tip{fill:var(--soft)}
.part{display:flow-root;margin:-3px 0}.path+.part{margin-top:-2px}h3+.part>:first-child>.path{margin-top:7px}
@property --rows{syntax:'<integer>';inherits:false;initial-value:0}
@media screen{.far{content-visibility:auto;contain-intrinsic-height:auto calc(var(--rows)*48px)}}
@media print{:root{--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--panel:#fff;--red:#a40e26;--orange:#953800;--yellow:#7d4e00;--green:#116329;--blue:#0550ae;--grey:#444}.filters,.skip{display:none}.scroll{overflow:visible}svg{max-width:100%}tr,.path{break-inside:avoid}h2,h3{break-after:avoid}}
`;

/** Hides what the filter does not match. "/" goes to the search, Escape clears it. */
export const REVIEW_SCRIPT = `
const form = document.getElementById('filters');
const changes = document.getElementById('changes');
/** What holds rows: a class of changes, a part of one, a construct, a table. Outer ones come first. */
const holders = new Map();
function holderOf(child) {
  const element = child.closest('[data-group],[data-construct],.scroll');
  if (element && !holders.has(element)) holders.set(element, { element, outer: holderOf(element.parentElement), shown: 0 });
  return holders.get(element);
}
let lateRows = 0;
const rows = [...document.querySelectorAll('[data-row]')].map((element) => ({
  element,
  environment: element.getAttribute('data-environment'),
  action: element.getAttribute('data-action'),
  severity: element.getAttribute('data-severity'),
  late: element.hasAttribute('data-late') ? lateRows++ : undefined,
  isChange: changes.contains(element),
  holder: holderOf(element),
  shown: true,
}));
const rowOf = new Map(rows.map((row) => [row.element, row]));
const total = rows.filter((row) => row.isChange).length;
/** Where attributes begin in the details of a change: after its source, the nearest dependents, how many there are, what is left out. */
const LISTED = 4;
const make = (parent, tag, text, name) => {
  const element = parent.appendChild(document.createElement(tag));
  if (text !== undefined) element.textContent = text;
  if (name) element.className = name;
  return element;
};
const valueText = (value) => typeof value !== 'string' ? JSON.stringify(value) : value === '' ? '""' : value;
let data;
/** Details that travel as data and do not stand in the page yet. */
function lateDetails(row) {
  if (row?.late === undefined) return undefined;
  data ??= JSON.parse(document.getElementById('late').textContent);
  return data[row.late];
}
/** A construct's path, or what stands for it. */
function heading(element) {
  const construct = element.closest('[data-construct]');
  if (construct) return construct.firstElementChild.textContent;
  if (element.localName !== 'details') return '';
  const address = element.firstElementChild.children[2];
  return address.nextElementSibling.textContent + '/' + address.textContent;
}
/** What the search looks through. */
function textOf(row) {
  if (row.text === undefined) {
    const details = lateDetails(row) ?? [];
    row.text = [heading(row.element), row.element.textContent].concat(...details.slice(0, 2), details.slice(LISTED).map(valueText)).join(' ').toLowerCase();
  }
  return row.text;
}
/** Writes the details of a change that travel as data. */
function fill(element) {
  const row = rowOf.get(element);
  const details = lateDetails(row);
  if (details === undefined) return;
  row.late = undefined;
  const [source, nearest, dependents, omitted] = details;
  const near = nearest.join(', ') + (dependents > nearest.length ? ', …' : '');
  if (source) make(element, 'p', 'made at ' + source, 'soft');
  if (near) make(element, 'p', 'depends on it: ' + near, 'soft');
  if (details.length > LISTED) {
    const table = make(element, 'table');
    const head = make(make(table, 'thead'), 'tr');
    for (const title of ['attribute', 'before', 'after']) make(head, 'th', title).scope = 'col';
    const body = make(table, 'tbody');
    for (let index = LISTED; index < details.length; index += 4) {
      const [path, before, after, forces] = details.slice(index, index + 4);
      const line = make(body, 'tr');
      const first = make(line, 'td');
      make(first, 'code', path);
      if (forces) make(first, 'span', ' forces replacement', 'forces');
      make(make(line, 'td'), 'code', valueText(before), 'before');
      make(make(line, 'td'), 'code', valueText(after), 'after');
    }
  }
  if (omitted > 0) make(element, 'p', omitted + ' attributes not listed.', 'soft');
}
document.addEventListener('toggle', (event) => { if (event.target.open) fill(event.target); }, true);
function apply() {
  const wanted = Object.fromEntries(new FormData(form));
  const words = wanted.text.trim().toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits = (!wanted.environment || row.environment === wanted.environment)
      && (!wanted.action || row.action === null || row.action === wanted.action)
      && (!wanted.severity || row.severity === null || row.severity === wanted.severity)
      && words.every((word) => textOf(row).includes(word));
    if (fits !== row.shown) row.element.hidden = !fits;
    row.shown = fits;
    if (fits && row.holder) row.holder.shown += 1;
    if (fits && row.isChange) shown += 1;
  }
  for (const holder of [...holders.values()].reverse()) {
    const { element, outer } = holder;
    if (outer) outer.shown += holder.shown;
    if (holder.shown !== holder.before) {
      if (element.matches('.far')) element.style.setProperty('--rows', holder.shown);
      element.hidden = holder.shown === 0;
    }
    holder.before = holder.shown;
    holder.shown = 0;
  }
  const filtered = wanted.environment || wanted.action || wanted.severity || words.length > 0;
  document.getElementById('shown').textContent = filtered ? shown + ' of ' + total : String(total);
  document.getElementById('status').textContent = filtered ? shown + ' of ' + total + ' changes shown' : '';
}
/** Prepares the search while nobody waits for anything. */
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
function readAhead(first) {
  const next = first + 1000;
  for (const row of rows.slice(first, next)) textOf(row);
  if (next < rows.length) whenIdle(() => readAhead(next));
}
whenIdle(() => readAhead(0));
let timer;
form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 60); });
form.addEventListener('reset', () => setTimeout(apply));
form.addEventListener('submit', (event) => event.preventDefault());
document.getElementById('open-all').addEventListener('click', () => {
  const shown = rows.filter((row) => row.isChange && row.shown).slice(0, 2000);
  const open = shown.some(({ element }) => !element.open);
  for (const { element } of shown) { fill(element); element.open = open; }
});
addEventListener('keydown', (event) => {
  const search = form.elements.text;
  if (event.key === '/' && !/^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); search.focus(); }
  if (event.key === 'Escape' && document.activeElement === search) { search.value = ''; apply(); }
});
addEventListener('beforeprint', () => { for (const element of [...document.querySelectorAll('details:not([hidden])')].slice(0, 2000)) { fill(element); element.open = true; } });
`;
