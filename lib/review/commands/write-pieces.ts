import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Piece } from '../render/json';

const BUFFER_BYTES = 1024 * 1024;
/** Most bytes of UTF-8 that one unit of a text takes. */
const BYTES_A_UNIT = 3;

/**
 * Writes a text that comes in pieces, through one buffer: as one text, and once more as bytes, a large review would be in memory
 * twice. The file has its name once it is whole. No piece may end within a character.
 */
export function writePieces(file: string, pieces: Iterable<Piece>): void {
  const unfinished = `${file}.part`;
  try {
    const descriptor = openSync(unfinished, 'w');
    try {
      for (const bytes of filledBuffers(pieces)) writeWhole(descriptor, bytes);
    } finally {
      closeSync(descriptor);
    }
    // Over a file that is there, some file systems wait for the disk.
    rmSync(file, { force: true });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** The pieces as bytes; what is given holds until the next is asked for. */
function* filledBuffers(pieces: Iterable<Piece>): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let filled = 0;
  for (const piece of pieces) {
    const isShort = typeof piece === 'string' && piece.length * BYTES_A_UNIT <= BUFFER_BYTES;
    if (!isShort || filled + piece.length * BYTES_A_UNIT > BUFFER_BYTES) {
      yield buffer.subarray(0, filled);
      filled = 0;
    }
    if (isShort) filled += buffer.write(piece, filled);
    else yield typeof piece === 'string' ? Buffer.from(piece) : piece;
  }
  yield buffer.subarray(0, filled);
}

/** The system may take less than it is given. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}
