import { existsSync } from 'node:fs';
import table from '../../core/data/image-digests.json';
import { isImage } from '../../core/image-name';
import { LLM_SERVER_IMAGE, MODEL_SERVERS } from '../../core/model-servers';
import { dockerCredentials } from '../images/docker-credentials';
import { RegistryError } from '../images/http';
import { lockName, parseImage } from '../images/image-reference';
import { type LockedImages, readImageLock, writeImageLock } from '../images/lock-file';
import { namedImages } from '../images/named-images';
import { RegistryClient } from '../images/registry-client';
import { InputError } from '../input-error';
import { DEFAULT_FOLDER, type ImagesCheckOptions, type ImagesLockOptions } from './images-options';

const NOT_ASKED = 2;
const MOVED = 3;
const TABLE: LockedImages = new Map(Object.entries(table.images).map(([image, { digest }]) => [image, digest]));
/** Registries asked at a time; Docker Hub counts requests. */
const AT_ONCE = 4;

/** Digest of each image now, or why there is none. */
type Answers = ReadonlyMap<string, { readonly digest?: string; readonly problem?: string }>;
type Print = (text: string) => void;

/** Writes the lock anew. An image that cannot be asked for keeps the digest that it had. */
export async function imagesLockCommand(folder: string | undefined, options: ImagesLockOptions, print: Print): Promise<number> {
  const before = readImageLock(options.out);
  const given = folder ?? (existsSync(DEFAULT_FOLDER) ? DEFAULT_FOLDER : undefined);
  const named = given === undefined ? [] : namedImages(given).map(lockName);
  const own = [...Object.values(MODEL_SERVERS).map(({ image }) => image), LLM_SERVER_IMAGE, ...TABLE.keys()];
  const added = (options.add ?? []).map(checked);
  const names = [...new Set([...named, ...own, ...added, ...before.keys()])].filter(isImage);
  const answers = await ask(names, options.timeout);
  const after = new Map(before);
  for (const [image, { digest }] of answers) if (digest !== undefined) after.set(image, digest);
  // An empty lock would be a lock: in prod it asks for every image.
  if (after.size > 0) writeImageLock(options.out, after);
  const fresh = [...after.keys()].filter((image) => !before.has(image));
  const unasked = unaskedLines(answers, (image) => before.get(image) ?? TABLE.get(image));
  const moved = movedLines(before, answers);
  const notes = [`${fresh.length} new`, `${moved.length} moved`, `${unasked.length} not asked`];
  const from = given === undefined ? [`no ${DEFAULT_FOLDER}: images of the library and of the lock only`] : [];
  print(
    lines([
      ...from,
      ...moved,
      ...unasked,
      `${options.out}${after.size > 0 ? '' : ' is not written'}: ${after.size} images: ${notes.join(', ')}.`,
    ]),
  );
  return unasked.length > 0 ? NOT_ASKED : 0;
}

/** Compares what is locked, and the library's own table, with what the tags mean now. */
export async function imagesCheckCommand(options: ImagesCheckOptions, print: Print): Promise<number> {
  const locked = new Map([...TABLE, ...readImageLock(options.lock)]);
  const answers = await ask([...locked.keys()], options.timeout);
  const moved = movedLines(locked, answers);
  const unasked = unaskedLines(answers, (image) => locked.get(image));
  const stand = answers.size - moved.length - unasked.length;
  const advice = moved.length > 0 ? [`Meant? Look at what changed, then ml-platform images lock.`] : [];
  print(lines([...moved, ...unasked, `${stand} of ${answers.size} tags mean what is locked.`, ...advice]));
  if (moved.length > 0) return MOVED;
  return unasked.length > 0 ? NOT_ASKED : 0;
}

async function ask(names: readonly string[], timeout: number): Promise<Answers> {
  const client = new RegistryClient(dockerCredentials(process.env), { timeout, patience: 500 });
  const answers = new Map<string, { digest?: string; problem?: string }>();
  const open = [...names].sort();
  const worker = async () => {
    for (let name = open.shift(); name !== undefined; name = open.shift()) {
      const reference = parseImage(name);
      answers.set(name, reference ? await answer(() => client.digestOf(reference)) : { problem: 'is no name of an image' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return new Map([...answers].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function answer(digestOf: () => Promise<string>): Promise<{ digest?: string; problem?: string }> {
  try {
    return { digest: await digestOf() };
  } catch (error) {
    if (error instanceof RegistryError) return { problem: error.message };
    throw error;
  }
}

function movedLines(locked: LockedImages, answers: Answers): string[] {
  return [...answers].flatMap(([image, { digest }]) => {
    const old = locked.get(image);
    return digest === undefined || old === undefined || old === digest
      ? []
      : [`moved      ${image}\n             ${old}\n          -> ${digest}`];
  });
}

function unaskedLines(answers: Answers, known: (image: string) => string | undefined): string[] {
  return [...answers].flatMap(([image, { problem }]) =>
    problem === undefined
      ? []
      : [`not asked  ${image}: ${problem}; ${known(image) === undefined ? 'has no digest' : 'stays as it was'}`],
  );
}

function checked(image: string): string {
  const reference = parseImage(image);
  if (reference?.tag !== undefined) return lockName(reference);
  throw new InputError('--add', {
    what: 'not an image with a tag',
    got: JSON.stringify(image),
    allowed: '<registry>/<repository>:<tag>',
    fix: 'e.g. docker.io/evidently/evidently-service:0.7.21',
  });
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
