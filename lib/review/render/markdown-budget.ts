import { sizeOf } from './markdown-text';

/** Lines that may be shortened from the end; what is left out is counted. */
export interface Section {
  readonly head: string[];
  /** How many lines there are, and each of them: written only as far as there is room. */
  readonly count: number;
  readonly line: (index: number) => string;
  readonly foot: string[];
  /** What a line is, for the count of those left out: "update". */
  readonly unit: string;
  /** Whether each line is a whole of its own, or the section is all or nothing. */
  readonly divisible: boolean;
}

/** Room at the end for the note about what is not shown. */
const RESERVE = 1500;

/** Fills a comment up to its limit: what must stand first, then what fits, never half of a fence or a fold. */
export class Budget {
  private readonly parts: string[] = [];
  private used = 0;
  private readonly left = new Map<string, number>();

  constructor(private readonly limit: number) {}

  private get room(): number {
    return this.limit - RESERVE - this.used;
  }

  /** Whether no fold fits any more. */
  public get isFull(): boolean {
    return this.room < 200;
  }

  /** Lines that stand whatever happens. */
  public must(lines: string[]): void {
    this.push(lines.join('\n'));
  }

  /**
   * One line each; where they take more than their share of the whole, sums in their place, as all of them must be told.
   */
  public listed<T>(
    title: string,
    items: readonly T[],
    lineOf: (item: T) => string,
    sums: (items: readonly T[], room: number) => string[],
    share: number,
  ): void {
    if (items.length === 0) return;
    const most = Math.max(0, Math.min(this.limit * share, this.room * 0.8));
    const lines: string[] = [title, ''];
    let size = sizeOf(title) + 2;
    let count = 0;
    for (const item of items) {
      const line = lineOf(item);
      size += sizeOf(line) + 1;
      if (size > most) break;
      lines.push(line);
      count += 1;
    }
    const rest = items.slice(count);
    if (rest.length > 0) {
      const room = Math.max(600, Math.min(most, this.room - size));
      const counted = sums(rest, room);
      let taken = 0;
      const shown = counted.filter((line) => {
        taken += sizeOf(line) + 1;
        return taken <= room;
      });
      lines.push('', `And ${rest.length} more, by type:`, '', ...shown);
      if (shown.length < counted.length) lines.push(`- ${counted.length - shown.length} more types, all in the artifact`);
    }
    this.push([...lines, ''].join('\n'));
  }

  /** A block that stands whole or not at all. */
  public whole(lines: string[]): void {
    const text = [...lines, ''].join('\n');
    if (sizeOf(text) <= this.room) this.push(text);
    else this.count('diagram', 1);
  }

  public section(section: Section): void {
    let size = sizeOf([...section.head, ...section.foot].join('\n')) + 2;
    const lines: string[] = [];
    for (let index = 0; index < section.count; index += 1) {
      const line = section.line(index);
      size += sizeOf(line) + 1;
      if (size > this.room) break;
      lines.push(line);
    }
    const fits = section.divisible ? lines.length > 0 : lines.length === section.count;
    if (fits) this.push([...section.head, ...lines, ...section.foot, ''].join('\n'));
    const missing = section.count - (fits ? lines.length : 0);
    if (missing > 0) this.count(section.unit, missing);
  }

  public text(): string {
    const missing = [...this.left].map(([unit, count]) => `${count} ${count === 1 ? unit : plural(unit)}`);
    if (missing.length > 0) this.parts.push(`\n_Not shown here for its size, all in the artifact: ${missing.join(', ')}._\n`);
    return `${this.parts.join('\n').trimEnd()}\n`;
  }

  private push(text: string): void {
    this.parts.push(text);
    this.used += sizeOf(text) + 1;
  }

  /** Notes that something is not shown. */
  public count(unit: string, number: number): void {
    this.left.set(unit, (this.left.get(unit) ?? 0) + number);
  }
}

/** "details of create" of "detail of create". */
function plural(unit: string): string {
  return unit.replace(/^\w+$|^\w+(?= of )|(?<!of.*)\w+$/, (word) => `${word}s`);
}
