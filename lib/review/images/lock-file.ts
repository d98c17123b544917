import { existsSync, writeFileSync } from 'node:fs';
import { DIGEST, isImage } from '../../core/image-name';
import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';
import { readJson } from '../synth-output';

/** Digests by image, as `ImageLock.fromFile` reads them. */
export type LockedImages = ReadonlyMap<string, string>;

/** Reads a lock; one that is not there is empty. @throws InputError when it is none */
export function readImageLock(path: string): LockedImages {
  if (!existsSync(path)) return new Map();
  const content = readJson(path);
  const images = isObject(content) && isObject(content.images) ? Object.entries(content.images) : undefined;
  const wrong = images?.find(([image, digest]) => !isImage(image) || !DIGEST.test(String(digest)));
  if (images && !wrong) return new Map(images.map(([image, digest]) => [image, String(digest)]));
  throw new InputError(path, {
    what: 'no lock of images',
    got: wrong ? JSON.stringify(wrong[0]) : 'no map "images"',
    allowed: '{ "images": { "<registry>/<repository>:<tag>": "sha256:<64 hexadecimal digits>" } }',
    fix: 'correct the entry, or write the lock to another file with --out',
  });
}

/** Writes a lock, sorted: the same images give the same bytes. */
export function writeImageLock(path: string, locked: LockedImages): void {
  const images = Object.fromEntries([...locked].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify({ images }, null, 2)}\n`);
}
