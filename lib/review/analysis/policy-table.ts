import type { PolicyFinding, PolicyResult } from '../model/review';

/**
 * What guardrails found, as it travels from thread to thread: each distinct text once, and a row of numbers for each finding.
 * Copying tens of thousands of objects with a dozen texts each takes longer than finding them again.
 */
export interface PolicyTable {
  readonly texts: string[];
  /** For each finding the places of its texts, in the order of the columns; -1 where it has none. */
  readonly rows: Int32Array;
  readonly rest: Omit<PolicyResult, 'findings'>;
}

const COLUMNS = [
  'status',
  'level',
  'stack',
  'environment',
  'id',
  'ruleId',
  'constructPath',
  'address',
  'sourceLocation',
  'attribute',
  'seen',
  'fix',
  'remark',
  'acknowledgement',
] as const satisfies readonly (keyof PolicyFinding)[];
/** The first ones hold fixed words, which are never masked. */
const FIXED_COLUMNS = 2;
const WIDTH = COLUMNS.length;

export function tableOf({ findings, ...rest }: PolicyResult): PolicyTable {
  const places = new Map<string, number>();
  const rows = new Int32Array(findings.length * WIDTH);
  for (const [column, name] of COLUMNS.entries()) fillColumn(rows, column, findings, name, places);
  return { texts: [...places.keys()], rows, rest };
}

function fillColumn(
  rows: Int32Array,
  column: number,
  findings: readonly PolicyFinding[],
  name: (typeof COLUMNS)[number],
  places: Map<string, number>,
): void {
  let before: string | undefined;
  let place = -1;
  for (let row = 0; row < findings.length; row += 1) {
    const text = findings[row]?.[name];
    // Most findings say in most columns what the one before says.
    if (text !== before) {
      place = placeOf(text, places);
      before = text;
    }
    rows[row * WIDTH + column] = place;
  }
}

function placeOf(text: string | undefined, places: Map<string, number>): number {
  if (text === undefined) return -1;
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, places.size);
  return places.size - 1;
}

export function resultOf({ texts, rows, rest }: PolicyTable): PolicyResult {
  const findings: PolicyFinding[] = [];
  const text = (cell: number) => texts[rows[cell] ?? -1];
  const stated = (cell: number) => text(cell) ?? '';
  for (let row = 0; row < rows.length; row += WIDTH) {
    findings.push({
      status: stated(row) as PolicyFinding['status'],
      stack: stated(row + 2),
      environment: stated(row + 3),
      id: stated(row + 4),
      ruleId: stated(row + 5),
      level: stated(row + 1),
      constructPath: stated(row + 6),
      address: stated(row + 7),
      sourceLocation: text(row + 8),
      attribute: stated(row + 9),
      seen: stated(row + 10),
      fix: text(row + 11),
      remark: text(row + 12),
      acknowledgement: text(row + 13),
    });
  }
  const { pack, rules, counts } = rest;
  return { pack, rules, findings, counts };
}

/**
 * The texts of a table that hold secrets, and what is shown in their place: each distinct text is looked through once, not once for
 * each finding.
 * @param mask gives the text without secrets
 */
export function maskedTexts({ texts }: PolicyTable, mask: (text: string) => string): ReadonlyMap<string, string> {
  const masked = new Map<string, string>();
  for (const text of texts) {
    const shown = mask(text);
    if (shown !== text) masked.set(text, shown);
  }
  return masked;
}

/** Masks findings in place, all but fixed words. */
export function maskFindings(findings: readonly PolicyFinding[], masked: ReadonlyMap<string, string>): void {
  if (masked.size === 0) return;
  for (const finding of findings) {
    const members = finding as { -readonly [column in keyof PolicyFinding]: unknown };
    for (let column = FIXED_COLUMNS; column < WIDTH; column += 1) {
      const name = COLUMNS[column];
      const text = name && finding[name];
      const shown = text === undefined ? undefined : masked.get(text);
      if (name !== undefined && shown !== undefined) members[name] = shown;
    }
  }
}
