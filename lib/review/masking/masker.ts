import { createHmac } from 'node:crypto';
import { NAME_TRIGGERS, replaceShapes, SHAPE_TRIGGERS, secretsInside } from './secret-shapes';

const SHORTEST = 6;
const SHORT = 256;
/** Texts that are the same in JSON and in a URL. */
const PLAIN = /^[\w.~-]*$/;
const MARK = /^\(sensitive(?: #[0-9a-f]{8})?\)$/;

/**
 * Replaces secrets by a short keyed hash, so that "changed" and "the same" still show. First it is told all secrets there are;
 * then it takes them out of any text, whole or as a part, plain, in JSON, in base64 or in a URL.
 */
export class Masker {
  private readonly marks = new Map<string, string>();
  /** By first characters, the lengths that known secrets have, longest first: many secrets may begin alike. */
  private readonly lengths = new Map<string, number[]>();
  /** By hash of three characters, whether a known secret or a shape may begin with them: one look dismisses most places of a text. */
  private readonly heads = Uint8Array.from(SHAPE_HEADS);
  /** By hash of its last three characters and its length, whether a known secret may end so: most that begin alike end otherwise. */
  private readonly tails = new Uint8Array(1 << 16);
  private readonly all = new Set<string>();
  /** Texts that were looked through already: a plan repeats itself. */
  private readonly done = new Map<string, string>();
  private readonly original = new Map<string, string>();

  /** @param key not to be guessed from the output: short secrets could be tried out otherwise */
  constructor(private readonly key: Buffer) {}

  /** What is shown in place of a secret. */
  public mark(secret: unknown): string {
    const text = typeof secret === 'string' ? secret : (JSON.stringify(secret) ?? '');
    if (MARK.test(text)) return text;
    const secretText = this.original.get(text) ?? text;
    let mark = this.marks.get(secretText);
    if (!mark) {
      mark = `(sensitive #${createHmac('sha256', this.key).update(secretText).digest('hex').slice(0, 8)})`;
      this.marks.set(secretText, mark);
    }
    return mark;
  }

  /** Remembers a secret, and the secrets inside it, to find them elsewhere. */
  public learn(secret: unknown): void {
    const text = typeof secret === 'number' ? String(secret) : secret;
    if (typeof text !== 'string' || text.length < SHORTEST || this.all.has(text) || MARK.test(text)) return;
    const decoded = fromBase64(text);
    const inner = [...secretsInside(text), ...(decoded ? [decoded, ...secretsInside(decoded)] : [])];
    for (const one of [text, ...inner]) this.remember(one);
  }

  private remember(text: string): void {
    if (text.length < SHORTEST || this.all.has(text)) return;
    if (this.done.size > 0) this.done.clear();
    this.rememberAs(text, text);
    if (!PLAIN.test(text)) {
      this.rememberAs(text, text.trim());
      const inJson = JSON.stringify(text).slice(1, -1);
      this.rememberAs(text, inJson);
      this.rememberAs(text, JSON.stringify(inJson).slice(1, -1));
      this.rememberAs(text, encoded(text));
    }
    const base64 = Buffer.from(text).toString('base64');
    const unpadded = base64.endsWith('=') ? base64.replace(/=+$/, '') : base64;
    this.rememberAs(text, base64);
    this.rememberAs(text, unpadded);
    if (/[+/]/.test(unpadded)) this.rememberAs(text, unpadded.replaceAll('+', '-').replaceAll('/', '_'));
  }

  /** One way that a secret may be written. */
  private rememberAs(secret: string, variant: string): void {
    if (variant.length < SHORTEST || this.all.has(variant)) return;
    this.all.add(variant);
    if (variant !== secret) this.original.set(variant, secret);
    this.heads[hashAt(variant, 0)] |= KNOWN;
    this.tails[tailAt(variant, variant.length, variant.length)] = 1;
    const head = variant.slice(0, SHORTEST);
    const lengths = this.lengths.get(head);
    if (!lengths) this.lengths.set(head, [variant.length]);
    else if (!lengths.includes(variant.length)) {
      lengths.push(variant.length);
      lengths.sort((a, b) => b - a);
    }
  }

  /** The text without any known secret and without anything shaped like one. */
  public text(text: string): string {
    if (text.length < SHORTEST) return text;
    // Looking a short text through is as quick as looking it up.
    if (text.length <= SHORT) return this.masked(text);
    const known = this.done.get(text);
    if (known !== undefined) return known;
    const masked = this.masked(text);
    if (this.done.size < 100_000 && text.length < 1000) this.done.set(text, masked);
    return masked;
  }

  /** A JSON value without secrets, keys included. */
  public value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.all.has(String(value)) ? this.mark(String(value)) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [this.text(key), this.value(child)]));
  }

  /** The longest known secret that begins here. */
  private secretAt(text: string, at: number): string | undefined {
    const lengths = this.lengths.get(text.slice(at, at + SHORTEST)) ?? NO_LENGTHS;
    for (let index = 0; index < lengths.length; index += 1) {
      const length = lengths[index] ?? 0;
      const end = at + length;
      if (end > text.length || this.tails[tailAt(text, end, length)] === 0) continue;
      const secret = text.slice(at, end);
      if (this.all.has(secret) && standsAlone(text, at, secret)) return secret;
    }
    return undefined;
  }

  private masked(text: string): string {
    let result = '';
    let copied = 0;
    let hints = 0;
    for (let at = this.nextHead(text, 0); at < text.length; at = this.nextHead(text, at)) {
      const head = this.heads[hashAt(text, at)] ?? 0;
      hints |= head;
      const hit = (head & KNOWN) === 0 ? undefined : this.secretAt(text, at);
      if (hit === undefined) {
        at += 1;
        continue;
      }
      result += text.slice(copied, at) + this.mark(hit);
      copied = at + hit.length;
      at = copied;
    }
    const rest = copied === 0 ? text : result + text.slice(copied);
    // Storage keys end with it, and no three characters of theirs are known before
    const shaped = (hints & SHAPE) !== 0 || ((hints & NAME) !== 0 && rest.includes(':')) || rest.includes('=');
    return shaped ? replaceShapes(rest, (secret) => this.mark(secret)) : rest;
  }

  /** The next place at which a known secret or a shape may begin; the length of the text where there is none. */
  private nextHead(text: string, from: number): number {
    const { heads } = this;
    const end = text.length - 2;
    let [first, second] = [text.charCodeAt(from), text.charCodeAt(from + 1)];
    for (let at = from; at < end; at += 1) {
      const third = text.charCodeAt(at + 2);
      // As hashOf does, written out: this runs for each character of a review.
      if (heads[(first * 961 + second * 31 + third) & 0xffff] !== 0) return at;
      first = second;
      second = third;
    }
    return text.length;
  }
}

const NO_LENGTHS: readonly number[] = [];
const KNOWN = 1;
const SHAPE = 2;
const NAME = 4;

/** Hash of three characters. */
function hashAt(text: string, at: number): number {
  return hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));
}

function hashOf(first: number, second: number, third: number): number {
  return (first * 961 + second * 31 + third) & 0xffff;
}

/** Hash of the last three characters before a place, and of the length of what ends there. */
function tailAt(text: string, end: number, length: number): number {
  return hashAt(text, end - 3) ^ ((length * 0x9e37) & 0xffff);
}

/** The heads of all shapes, in upper and lower case. */
const SHAPE_HEADS = shapeHeads();

function shapeHeads(): Uint8Array {
  const heads = new Uint8Array(1 << 16);
  for (const trigger of SHAPE_TRIGGERS) addHeads(heads, trigger, SHAPE);
  for (const trigger of NAME_TRIGGERS) addHeads(heads, trigger, NAME);
  return heads;
}

function addHeads(heads: Uint8Array, trigger: string, hint: number): void {
  const upper = trigger.toUpperCase();
  for (let cases = 0; cases < 8; cases += 1) {
    const unit = (index: number) => (((cases >> index) & 1) === 1 ? upper : trigger).charCodeAt(index);
    heads[hashOf(unit(0), unit(1), unit(2))] |= hint;
  }
}

/** A short plain word, such as "default", is masked as a word only: as a part of others it would tear harmless text apart. */
function standsAlone(text: string, at: number, secret: string): boolean {
  if (secret.length >= 12 || !/^[A-Za-z]+$/.test(secret)) return true;
  return !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + secret.length));
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // a lone surrogate
  }
}

/** The text behind base64, where it is printable. */
function fromBase64(text: string): string | undefined {
  if (text.length < 8 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return /^[\t\n\r -~]{6,}$/.test(decoded) ? decoded : undefined;
}
