import { gpusOf, leftOn, monthly, placedOn } from './capacity';
import { escapeHtml, renderDiagram } from './diagram';
import { poolTotals, usd } from './money';
import { SCRIPT, STYLE } from './page-assets';
import type { Report, ReportFinding } from './report';

/** The report as one page: no request leaves it, it reads without script, in dark and light, and prints. */
export function renderHtml(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Platform report</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Platform report</h1><p>${summary(report)}</p>
<nav><a href="#stacks">Stacks</a> <a href="#findings">Findings</a> <a href="#pools">Node pools</a> <a href="#capacity">Capacity</a> <a href="#addresses">Addresses</a> <a href="#inventory">Inventory</a></nav></header>
<main>
<section id="stacks"><h2>Stacks</h2>
<div class="scroll">${renderDiagram(report)}</div>
${table(
  ['stack', 'layer', 'strictness', 'resources', 'data', 'errors', 'warnings', 'notes', 'at apply only', 'acknowledged'],
  report.stacks.map((stack) => [
    code(stack.name),
    escapeHtml(stack.layer),
    escapeHtml(stack.strictness),
    number(stack.resources),
    number(stack.data),
    number(stack.findings.error),
    number(stack.findings.warning),
    number(stack.findings.note),
    number(stack.findings.unresolved),
    number(stack.findings.acknowledged),
  ]),
)}
</section>
<section id="findings"><h2>Guardrail findings</h2>
${findings(report)}
</section>
<section id="pools"><h2>Node pools and their list price</h2>
${pools(report)}
</section>
<section id="capacity"><h2>Capacity</h2>
${capacity(report)}
</section>
<section id="addresses"><h2>Address plan</h2>
${addressPlan(report)}
</section>
<section id="inventory"><h2>Inventory by construct</h2>
<label class="filter">Filter <input type="search" data-filters="inventory-list" placeholder="path, type or address"></label>
<div id="inventory-list">${inventory(report)}</div>
</section>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function summary(report: Report): string {
  const sum = (pick: (stack: Report['stacks'][number]) => number) =>
    report.stacks.reduce((total, stack) => total + pick(stack), 0);
  const errors = sum((stack) => stack.findings.error);
  const warnings = sum((stack) => stack.findings.warning);
  return `${report.stacks.length} stacks, ${sum((stack) => stack.resources)} resources, ${errors} errors and ${warnings} warnings by the ${escapeHtml(report.pack)} guardrails.`;
}

function findings(report: Report): string {
  if (report.findings.length === 0) return '<p>No findings.</p>';
  const groups: [string, ReportFinding[]][] = [
    ['Open', report.findings.filter((finding) => finding.status === 'open')],
    ['Known at apply only: judge these on the plan', report.findings.filter((finding) => finding.status === 'unresolved')],
    ['Acknowledged', report.findings.filter((finding) => finding.status === 'acknowledged')],
  ];
  const filter =
    '<label class="filter">Filter <input type="search" data-filters="finding-list" placeholder="rule, path or text"></label>';
  const lists = groups
    .filter(([, list]) => list.length > 0)
    .map(([title, list]) => `<h3>${title} (${list.length})</h3><ul class="findings">${list.map(finding).join('\n')}</ul>`);
  return `${filter}<div id="finding-list">${lists.join('\n')}</div>`;
}

function finding(one: ReportFinding): string {
  const told = [one.what, one.attribute].filter(Boolean).join(': ');
  const acknowledged = one.acknowledgement
    ? `<p class="ack">acknowledged by ${escapeHtml(one.acknowledgement.owner)} until ${escapeHtml(one.acknowledgement.expires)}: ${escapeHtml(one.acknowledgement.reason)}</p>`
    : '';
  return `<li class="${escapeHtml(one.level)}" data-row><p><span class="level">${escapeHtml(one.level)}</span> <b>${escapeHtml(one.id)}</b> ${escapeHtml(one.title)}${one.remark ? ` (${escapeHtml(one.remark)})` : ''}</p>
<p>${code(one.constructPath)} ${escapeHtml(told)}, got ${code(one.seen)}${one.allowed ? `, allowed ${code(one.allowed)}` : ''}</p>
<p class="fix">fix: ${escapeHtml(one.fix)}</p>${acknowledged}</li>`;
}

function pools(report: Report): string {
  if (report.pools.length === 0) return '<p>No node pools in these stacks.</p>';
  const rows = report.pools.map((pool) => [
    escapeHtml(pool.environment),
    `${code(pool.name)} ${pool.kind === 'node pool' ? '' : escapeHtml(pool.kind)}`,
    `${code(pool.vmSize)} ${pool.spot ? '<span class="tag">spot</span>' : ''}${pool.gpu ? '<span class="tag">GPU</span>' : ''} ${escapeHtml(pool.gpuModel)}`,
    escapeHtml(pool.location),
    number(pool.minCount),
    number(pool.maxCount),
    money(pool.hourlyUsd),
    money(pool.hourlyUsdAtMin),
    money(pool.hourlyUsdAtMax),
  ]);
  const totals = poolTotals(report.pools).map((total) => [
    `<b>${escapeHtml(total.environment)}</b>`,
    `<b>${total.gpuOnly ? 'GPU pools' : 'all pools'}</b>${total.unpriced > 0 ? ` (${total.unpriced} without price)` : ''}`,
    '',
    '',
    '',
    '',
    '',
    `<b>${money(total.atMin)}</b>`,
    `<b>${money(total.atMax)}</b>`,
  ]);
  const note = `<p>USD per hour, ${escapeHtml(report.price.kind)}, of ${escapeHtml(report.price.date)}. Spot nodes cost less than shown; disks, network and control plane are not in it.</p>`;
  return `${table(['environment', 'pool', 'size', 'location', 'min', 'max', 'node', 'at min', 'at max'], [...rows, ...totals])}${note}`;
}

function addressPlan(report: Report): string {
  if (report.subnets.length === 0) return '<p>No subnets in these stacks.</p>';
  const rows = report.subnets.map((subnet) => [
    escapeHtml(subnet.environment),
    escapeHtml(subnet.addressSpace),
    code(subnet.name),
    code(subnet.addressPrefix),
    number(subnet.usableAddresses),
  ]);
  return table(['environment', 'network', 'subnet', 'range', 'addresses'], rows);
}

function capacity(report: Report): string {
  if (report.capacity.length === 0) return '<p>No workloads are planned in these stacks.</p>';
  const tables = report.capacity.map(({ environment, pools: used, findings: told }) => {
    const rows = used.map((pool) => [
      code(pool.pool),
      code(pool.vmSize),
      escapeHtml(`${pool.minCount}-${pool.maxCount}`),
      escapeHtml(gpusOf(pool)),
      escapeHtml(placedOn(pool)),
      escapeHtml(leftOn(pool)),
      escapeHtml(monthly(pool)),
    ]);
    const notes = told.map(
      (one) => `<li>${escapeHtml(`${one.severity}: ${one.subject}: ${one.what}, got ${one.got}; ${one.fix}`)}</li>`,
    );
    const list = notes.length > 0 ? `<ul>${notes.join('')}</ul>` : '';
    return `<h3>${escapeHtml(environment)}</h3>${table(['pool', 'size', 'nodes', 'GPUs', 'placed', 'left', 'USD a month'], rows)}${list}`;
  });
  return `<p>What must run at once, on the pools at their largest; what is left with all nodes up. USD by list price.</p>${tables.join('\n')}`;
}

function inventory(report: Report): string {
  return report.constructs
    .map((construct) => {
      const members = construct.resources.map((resource) => `<li data-row>${code(resource.address)}</li>`).join('');
      return `<details data-group><summary>${code(construct.path)} <span class="count">${construct.resources.length}</span></summary><ul>${members}</ul></details>`;
    })
    .join('\n');
}

function table(head: string[], rows: string[][]): string {
  const cells = (row: string[], tag: string) =>
    row.map((cell) => `<${tag}${/^(<b>)?[$\d]/.test(cell) ? ' class="num"' : ''}>${cell}</${tag}>`).join('');
  return `<div class="scroll"><table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table></div>`;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function number(value: number): string {
  return String(value);
}

function money(value: number | null): string {
  return escapeHtml(usd(value));
}
