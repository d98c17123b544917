import { gpusOf, leftOn, monthly, placedOn } from './capacity';
import { poolTotals, usd } from './money';
import type { Report } from './report';

/** The report as GitHub-flavored markdown. */
export function renderMarkdown(report: Report): string {
  return [
    '# Platform report',
    '',
    '## Stacks',
    '',
    ...table(
      ['stack', 'layer', 'strictness', 'resources', 'errors', 'warnings', 'notes', 'at apply only', 'acknowledged'],
      report.stacks.map((stack) => [
        code(stack.name),
        stack.layer,
        stack.strictness,
        String(stack.resources),
        String(stack.findings.error),
        String(stack.findings.warning),
        String(stack.findings.note),
        String(stack.findings.unresolved),
        String(stack.findings.acknowledged),
      ]),
    ),
    '',
    '## Guardrail findings',
    '',
    ...findingTable(report),
    '',
    '## Node pools',
    '',
    ...poolTable(report),
    '',
    '## Capacity',
    '',
    ...capacityTables(report),
    '',
    '## Address plan',
    '',
    ...subnetTable(report),
    '',
    '## Inventory by construct',
    '',
    ...table(
      ['construct', 'resources'],
      report.constructs.map((construct) => [
        code(construct.path),
        construct.resources.map((resource) => code(resource.address)).join(' '),
      ]),
    ),
    '',
  ].join('\n');
}

function findingTable(report: Report): string[] {
  if (report.findings.length === 0) return ['No findings.'];
  return table(
    ['level', 'rule', 'construct', 'seen', 'status', 'fix'],
    report.findings.map((finding) => [
      finding.level,
      `${finding.id} ${finding.title}`,
      code(finding.constructPath),
      `${finding.attribute}: ${finding.seen}`,
      finding.acknowledgement
        ? `acknowledged by ${finding.acknowledgement.owner} until ${finding.acknowledgement.expires}: ${finding.acknowledgement.reason}`
        : [finding.status === 'unresolved' ? 'known at apply only' : finding.status, finding.remark].filter(Boolean).join(', '),
      finding.fix,
    ]),
  );
}

function subnetTable(report: Report): string[] {
  if (report.subnets.length === 0) return ['No subnets in these stacks.'];
  return table(
    ['environment', 'network', 'subnet', 'range', 'addresses'],
    report.subnets.map((subnet) => [
      subnet.environment,
      subnet.addressSpace,
      code(subnet.name),
      code(subnet.addressPrefix),
      String(subnet.usableAddresses),
    ]),
  );
}

function poolTable(report: Report): string[] {
  if (report.pools.length === 0) return ['No node pools in these stacks.'];
  const rows = report.pools.map((pool) => [
    pool.environment,
    code(pool.name),
    `${code(pool.vmSize)}${pool.spot ? ' spot' : ''}${pool.gpu ? ' GPU' : ''}`,
    pool.location,
    `${pool.minCount}-${pool.maxCount}`,
    usd(pool.hourlyUsd),
    usd(pool.hourlyUsdAtMin),
    usd(pool.hourlyUsdAtMax),
  ]);
  const totals = poolTotals(report.pools).map((total) => [
    total.environment,
    `${total.gpuOnly ? 'GPU pools' : 'all pools'}${total.unpriced > 0 ? `, ${total.unpriced} without price` : ''}`,
    '',
    '',
    '',
    '',
    usd(total.atMin),
    usd(total.atMax),
  ]);
  return [
    ...table(['environment', 'pool', 'size', 'location', 'nodes', 'node per hour', 'at min', 'at max'], [...rows, ...totals]),
    '',
    `USD per hour, ${report.price.kind}, of ${report.price.date}.`,
  ];
}

function capacityTables(report: Report): string[] {
  if (report.capacity.length === 0) return ['No workloads are planned in these stacks.'];
  return report.capacity.flatMap(({ environment, pools, findings }) => [
    `### ${environment}`,
    '',
    ...table(
      ['pool', 'size', 'nodes', 'GPUs', 'placed', 'left', 'USD a month'],
      pools.map((pool) => [
        code(pool.pool),
        code(pool.vmSize),
        `${pool.minCount}-${pool.maxCount}`,
        gpusOf(pool),
        placedOn(pool),
        leftOn(pool),
        monthly(pool),
      ]),
    ),
    '',
    ...findings.map((finding) => `- ${finding.severity}: ${cell(`${finding.subject}: ${finding.what}, got ${finding.got}`)}`),
    '',
  ]);
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '-|').join('')}`, ...rows.map(line)];
}

/** Pipes and line breaks would end the cell. */
function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\r?\n/g, ' ').replace(/</g, '&lt;');
}

function code(text: string): string {
  return `\`${text.replace(/`/g, "'")}\``;
}
