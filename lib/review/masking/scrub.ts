import type { Masker } from './masker';

/** Fields of fixed words: a secret that happens to be such a word must not tear them. */
const FIXED = new Set([
  'schemaVersion',
  'tool',
  'action',
  'class',
  'severity',
  'kind',
  'status',
  'level',
  'effect',
  'decision',
  'trigger',
  'digest',
  'terraformActions',
  'source',
  'currency',
  // masked one by one where they are compared
  'attributes',
  'exitCode',
]);

/** The last word on secrets: no text leaves without it. In place, as a review of many changes is large. */
export function scrub<T extends object>(value: T, masker: Masker): T {
  if (Array.isArray(value)) scrubItems(value, masker);
  else scrubMembers(value as Record<string, unknown>, masker);
  return value;
}

function scrubItems(items: unknown[], masker: Masker): void {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (typeof item === 'string') items[index] = masker.text(item);
    else if (typeof item === 'object' && item !== null) scrub(item, masker);
  }
}

function scrubMembers(members: Record<string, unknown>, masker: Masker): void {
  for (const key in members) {
    const child = members[key];
    if (typeof child === 'string') {
      if (FIXED.has(key)) continue;
      const text = masker.text(child);
      if (text !== child) members[key] = text;
    } else if (typeof child === 'object' && child !== null && !FIXED.has(key)) scrub(child, masker);
  }
}
