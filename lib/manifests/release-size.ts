import { gzipSync } from 'node:zlib';

/** A Secret holds no more, and Helm keeps a release in one. */
export const MOST_RELEASE_BYTES = 1024 * 1024;

/**
 * Bytes that Helm stores of these parts of a release: it keeps values and rendered objects, both as text, compressed and in base64.
 * Tokens count as they stand: what Terraform puts in their place is of about their length.
 */
export function storedBytes(...parts: string[]): number {
  return Math.ceil(gzipSync(JSON.stringify(parts)).length / 3) * 4;
}
