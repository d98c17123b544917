/** Text of a plan is anybody's: it must not become markup, a mention or the end of a table cell. */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/[@#](?=\w)/g, (sign) => `${sign}\u200b`);
}

/** Inline code that holds for any text, in a table too. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((ticks) => ticks[0].length));
  const fence = '`'.repeat(longest + 1);
  const padded = longest > 0 || line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line;
  // A pipe ends a table cell even inside code.
  return `${fence}${padded.replaceAll('|', '\\|')}${fence}`;
}

export function shorten(text: string, most: number): string {
  const characters = oneLine(text);
  if (characters.length <= most) return characters;
  const cut = characters.slice(0, most - 1);
  // Half of a surrogate pair is no text.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ⏎ ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
}

/** What limits count: UTF-16 units or UTF-8 bytes, whichever are more. */
export function sizeOf(text: string): number {
  return Math.max(text.length, Buffer.byteLength(text));
}
