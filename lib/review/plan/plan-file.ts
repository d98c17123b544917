import { constants, isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';

const SHOW = 'terraform show -json tfplan > plan.json';
const MEGABYTE = 1024 * 1024;

/** What stands for the bytes of a file. */
interface Digests {
  /** Its SHA-256, which reviews show. */
  readonly digest: string;
  /** What no review shows, and nobody can make of what it shows: masks are made under it. */
  readonly keyMaterial: string;
}

export interface JsonFile extends Digests {
  readonly json: unknown;
}

/** A file that was read for several threads. */
export interface SharedFile extends Digests {
  readonly bytes: Uint8Array;
}

/**
 * Reads a JSON file of anyone's making: says what is wrong with it, without showing any of its text, which may hold secrets.
 * @param shared what it holds, where it was read before
 * @throws InputError
 */
export function readJsonFile(path: string, maxMegabytes: number, fix = `write it again: ${SHOW}`, shared?: SharedFile): JsonFile {
  const bytes = shared ? Buffer.from(shared.bytes.buffer, 0, shared.bytes.length) : readBytes(path, maxMegabytes);
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    throw new InputError(path, { what: 'this is a binary plan', fix: `give its JSON: ${SHOW}` });
  }
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new InputError(path, {
      what: 'file is larger than one text can be',
      got: `${Math.ceil(bytes.length / MEGABYTE)} MB`,
      allowed: `${Math.floor(constants.MAX_STRING_LENGTH / MEGABYTE)} MB`,
      fix: 'split the stack',
    });
  }
  const text = decode(bytes);
  if (text.trim() === '') throw new InputError(path, { what: 'file is empty', fix });
  try {
    const { digest, keyMaterial } = shared ?? digestsOf(bytes);
    return { json: JSON.parse(text) as unknown, digest, keyMaterial };
  } catch (error) {
    throw new InputError(path, { what: whatIsWrong(text, error), fix });
  }
}

function readBytes(path: string, maxMegabytes: number): Buffer {
  checkSize(path, maxMegabytes);
  try {
    return readFileSync(path);
  } catch {
    throw unreadable(path);
  }
}

function digestsOf(bytes: Uint8Array): Digests {
  const hash = createHash('sha256').update(bytes);
  return { digest: hash.copy().digest('hex'), keyMaterial: hash.update('mask').digest('hex') };
}

/**
 * Reads a file into memory that threads share.
 * @throws InputError
 */
export function readSharedFile(path: string, maxMegabytes: number): SharedFile {
  const bytes = readShared(path, maxMegabytes);
  return { bytes, ...digestsOf(bytes) };
}

function readShared(path: string, maxMegabytes: number): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(checkSize(path, maxMegabytes)));
  try {
    const descriptor = openSync(path, 'r');
    try {
      let [filled, got] = [0, 0];
      do {
        got = readSync(descriptor, bytes, filled, bytes.length - filled, null);
        filled += got;
      } while (got > 0 && filled < bytes.length);
      return bytes.subarray(0, filled);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    throw unreadable(path);
  }
}

/** Size in bytes. */
function checkSize(path: string, maxMegabytes: number): number {
  let size: number;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new InputError(path, { what: 'this is a folder', fix: `name the file: ${SHOW}` });
    size = stat.size;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreadable(path);
  }
  if (size > maxMegabytes * MEGABYTE) {
    throw new InputError(path, {
      what: 'file is larger than a review takes',
      got: `${Math.ceil(size / MEGABYTE)} MB`,
      allowed: `${maxMegabytes} MB`,
      fix: `split the stack, or allow it with --max-input ${Math.ceil(size / MEGABYTE)} with twelve times that memory free (NODE_OPTIONS=--max-old-space-size=${Math.ceil((size / MEGABYTE) * 12)})`,
    });
  }
  return size;
}

function unreadable(path: string): InputError {
  return new InputError(path, { what: 'file cannot be read', fix: 'check the path and its permissions' });
}

/** UTF-8, or UTF-16 as PowerShell writes on redirect. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  // Most plans are: a text of single bytes is not checked sign by sign, and large ones stay out of the heap that is collected.
  if (isAscii(bytes)) return bytes.toString('latin1');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function whatIsWrong(text: string, error: unknown): string {
  const start = text.trimStart();
  if (start.startsWith('{"@level"')) return 'this is the log of terraform plan -json, not a plan';
  if (/^(?:Terraform|OpenTofu|Refreshing|data\.|module\.|\w+\.\w+: |\p{Cc})/u.test(start))
    return 'this is the text that a plan prints, not its JSON';
  // The parser's own message quotes the text around, which may be a secret.
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const whole = /[}\]]\s*$/.test(text);
  if (!whole || position === undefined || Number(position) >= text.length) {
    return `file is cut off after ${text.length.toLocaleString('en-US')} characters`;
  }
  return `file is no JSON: unexpected text at character ${position}`;
}

/**
 * Checks that this is a plan that we can read, and whole in its shape.
 * @throws InputError naming the entry that is broken
 */
export function checkPlan(path: string, json: unknown): Record<string, unknown> {
  if (!isObject(json)) throw notAPlan(path, 'its top is no object');
  const version = json.format_version;
  if (typeof version !== 'string') throw notAPlan(path, 'it has no format_version');
  if ('values' in json && !('planned_values' in json)) {
    throw new InputError(path, {
      what: 'this is a state, not a plan',
      fix: `plan first: terraform plan -out=tfplan, then ${SHOW}`,
    });
  }
  if ('provider_schemas' in json) throw notAPlan(path, 'it holds provider schemas');
  if (!/^1\.\d+$/.test(version)) {
    throw new InputError(path, {
      what: 'format of the plan is not known',
      got: printable(version),
      allowed: '1.x, which Terraform writes since 1.1 and OpenTofu since 1.6',
      fix: 'use a newer ml-platform, or a Terraform that writes 1.x',
    });
  }
  const sections = ['resource_changes', 'output_changes', 'planned_values', 'configuration'];
  if (!sections.some((section) => section in json)) throw notAPlan(path, `it has none of ${sections.join(', ')}`);
  for (const section of ['resource_changes', 'resource_drift', 'checks', 'relevant_attributes']) {
    if (json[section] !== undefined && json[section] !== null && !Array.isArray(json[section])) {
      throw broken(path, `${section} is no list`);
    }
  }
  for (const section of ['output_changes', 'configuration', 'planned_values', 'prior_state', 'variables']) {
    if (json[section] !== undefined && json[section] !== null && !isObject(json[section]))
      throw broken(path, `${section} is no object`);
  }
  checkEntries(path, 'resource_changes', json.resource_changes);
  checkEntries(path, 'resource_drift', json.resource_drift);
  return json;
}

function checkEntries(path: string, section: string, entries: unknown): void {
  if (!Array.isArray(entries)) return;
  for (let index = 0; index < entries.length; index += 1) {
    const wrong = whatIsWrongWith(entries[index]);
    if (wrong !== undefined) throw broken(path, `${section}[${index}]${wrong}`);
  }
}

function whatIsWrongWith(entry: unknown): string | undefined {
  if (!isObject(entry)) return ' is no object';
  if (typeof entry.address !== 'string') return '.address is no text';
  if (typeof entry.type !== 'string') return '.type is no text';
  if (typeof entry.name !== 'string') return '.name is no text';
  if (!isObject(entry.change)) return '.change is no object';
  const { actions } = entry.change;
  return Array.isArray(actions) && actions.length > 0 && actions.every((action) => typeof action === 'string')
    ? undefined
    : '.change.actions is no list of texts';
}

function notAPlan(path: string, why: string): InputError {
  return new InputError(path, {
    what: `this is no plan: ${why}`,
    allowed: 'the output of terraform show -json, or of tofu show -json',
    fix: SHOW,
  });
}

function broken(path: string, what: string): InputError {
  return new InputError(path, { what: `the plan is broken: ${what}`, fix: `write it again: ${SHOW}` });
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
