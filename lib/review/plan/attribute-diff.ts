import { isObject } from '../../guardrails/model/json';
import { lastName, mayBeDocument, parsed } from '../masking/learn-secrets';
import type { Masker } from '../masking/masker';
import { isKubernetesSecret, isSecretName, secretAttributesOf } from '../masking/secret-names';
import { compare, inOrder } from '../model/order';
import type { AttributeChange } from '../model/review';
import { AttributePath } from './attribute-path';
import { readable } from './documents';
import { namedPairs } from './named-pairs';
import type { RawChange } from './stack-input';

const MOST_ATTRIBUTES = 200;
const LONGEST_VALUE = 400;
const DEEPEST = 60;

export interface AttributeDiff {
  readonly attributes: AttributeChange[];
  readonly omitted: number;
}

/** Flags that hold for a place and all below it. */
interface Marks {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly secret: boolean;
}

const NO_MARKS: Marks = { before: undefined, after: undefined, unknown: undefined, secret: false };

/** What the members of one object share. */
interface Members {
  readonly path: AttributePath;
  readonly marks: Marks;
  readonly unknown: Record<string, unknown>;
  readonly depth: number;
  /** Whether they stand in a Kubernetes Secret. */
  readonly ofSecret: boolean;
}

/** Compares the attributes of resources before and after a change, masked. Empty and missing are the same. */
export class AttributeDiffer {
  private readonly root: AttributePath;

  constructor(private readonly masker: Masker) {
    this.root = AttributePath.root(masker);
  }

  /** The attributes that a change changes, those that force a replacement first. */
  public diff(change: RawChange): AttributeDiff {
    const comparison = new Comparison(this.masker, change);
    comparison.visitAll(this.root);
    const found = inOrder(comparison.found, byPath);
    return found.length <= MOST_ATTRIBUTES
      ? { attributes: found, omitted: 0 }
      : { attributes: found.slice(0, MOST_ATTRIBUTES), omitted: found.length - MOST_ATTRIBUTES };
  }

  /** How many there are, none of them told: of what goes for good, nobody reads them one by one. */
  public count(change: RawChange): AttributeDiff {
    const { type, before, after, beforeSensitive, afterSensitive, afterUnknown } = change;
    if (isEmpty(after) && isBlank(afterSensitive) && isBlank(afterUnknown))
      return { attributes: [], omitted: countOf(readable(type, before), beforeSensitive, 0) };
    const { attributes, omitted } = this.diff(change);
    return { attributes: [], omitted: attributes.length + omitted };
  }
}

/** What a comparison with nothing would find, which is to add up what is there. */
function countOf(value: unknown, marks: unknown, depth: number): number {
  if (isEmpty(value)) return 0;
  if (isPlain(value) || marks === true || depth >= DEEPEST) return 1;
  let count = 0;
  if (Array.isArray(value)) {
    if (!holdsObjects(value)) return 1;
    for (let index = 0; index < value.length; index += 1) count += countOf(value[index], at(marks, index), depth + 1);
  } else {
    const members = value as Record<string, unknown>;
    for (const key in members) count += countOf(members[key], markAt(marks, key), depth + 1);
  }
  return count;
}

function byPath(a: AttributeChange, b: AttributeChange): number {
  return Number(b.forcesReplacement ?? false) - Number(a.forcesReplacement ?? false) || compare(a.path, b.path);
}

class Comparison {
  public readonly found: AttributeChange[] = [];
  private readonly forcing: string[];
  private readonly isReplacement: boolean;
  private readonly isUpdate: boolean;
  private readonly secretAttributes: readonly string[];

  constructor(
    private readonly masker: Masker,
    private readonly change: RawChange,
  ) {
    this.forcing = change.replacePaths.map(dotted);
    this.secretAttributes = secretAttributesOf(change.type);
    this.isReplacement = change.actions.includes('delete');
    this.isUpdate = change.before !== null && change.before !== undefined;
  }

  public visitAll(root: AttributePath): void {
    const { type, before, after, beforeSensitive, afterSensitive, afterUnknown } = this.change;
    const marks = marksOf(beforeSensitive, afterSensitive, afterUnknown, false);
    this.visit(root, readable(type, before), readable(type, after), marks, 0);
  }

  private visit(path: AttributePath, before: unknown, after: unknown, marks: Marks, depth: number): void {
    if (marks.unknown === true) {
      this.add(path, before, undefined, marks, true);
      return;
    }
    if (isPlain(before) && isPlain(after) && !holdsUnknown(marks.unknown)) this.visitPlain(path, before, after, marks, depth);
    else this.visitTrees(path, before, after, marks, depth);
  }

  /** Most of what is compared: texts, numbers and what is not set. */
  private visitPlain(path: AttributePath, before: unknown, after: unknown, marks: Marks, depth: number): void {
    if (before === after || (isEmpty(before) && isEmpty(after))) return;
    const isWhole = marks.before === true || marks.after === true || marks.secret || depth >= DEEPEST;
    const documents = isWhole ? undefined : bothDocuments(before, after);
    if (documents) this.visit(path, documents[0], documents[1], marks, depth + 1);
    else this.add(path, before, after, marks, false);
  }

  private visitTrees(path: AttributePath, before: unknown, after: unknown, marks: Marks, depth: number): void {
    if ((before === after || (isEmpty(before) && isEmpty(after))) && !holdsUnknown(marks.unknown)) return;
    const isWhole = marks.before === true || marks.after === true || depth >= DEEPEST;
    if (!isWhole && isTree(before, after)) this.visitMembers(path, before, after, marks, depth);
    else if (!isWhole && isListing(before, after)) this.visitItems(path, before, after, marks, depth);
    else if (!sameJson(before, after)) this.add(path, before, after, marks, false);
  }

  private visitMembers(path: AttributePath, before: unknown, after: unknown, marks: Marks, depth: number): void {
    const left = isObject(before) ? before : NOTHING;
    const right = isObject(after) ? after : NOTHING;
    const unknown = isObject(marks.unknown) ? marks.unknown : NOTHING;
    const at: Members = { path, marks, unknown, depth, ofSecret: isKubernetesSecret(left) || isKubernetesSecret(right) };
    for (const key in left) {
      const one = left[key];
      // Most attributes of an update are the same text or number on both sides.
      if (unknown === NOTHING && one === right[key] && typeof one !== 'object') continue;
      this.visitMember(at, key, one, own(right, key));
    }
    if (right !== left) {
      for (const key in right) if (left[key] === undefined) this.visitMember(at, key, undefined, right[key]);
    }
    for (const key in unknown)
      if (!Object.hasOwn(left, key) && !Object.hasOwn(right, key)) this.visitMember(at, key, undefined, undefined);
  }

  private visitMember({ path, marks, unknown, depth, ofSecret }: Members, key: string, one: unknown, other: unknown): void {
    const later = unknown === NOTHING ? undefined : own(unknown, key);
    if (one === other && (later === undefined || later === false) && typeof one !== 'object') return;
    const member = path.member(key);
    const secret =
      marks.secret ||
      member.isSecret ||
      (depth === 0 && this.secretAttributes.includes(key)) ||
      (ofSecret && (key === 'data' || key === 'stringData'));
    const below =
      marks === NO_MARKS && !secret ? NO_MARKS : marksOf(markAt(marks.before, key), markAt(marks.after, key), later, secret);
    this.visit(member, one, other, below, depth + 1);
  }

  private visitItems(path: AttributePath, before: unknown, after: unknown, marks: Marks, depth: number): void {
    const left = Array.isArray(before) ? (before as unknown[]) : [];
    const right = Array.isArray(after) ? (after as unknown[]) : [];
    const pairs = namedPairs(left, right);
    if (pairs) {
      for (const [i, j, name] of pairs) this.visitItem(path.item(name), left[i], right[j], marks, i, j, depth);
      return;
    }
    // Blocks that may stand once read better without their index.
    const single = left.length <= 1 && right.length <= 1;
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      this.visitItem(single ? path : path.item(index), left[index], right[index], marks, index, index, depth);
    }
  }

  private visitItem(
    path: AttributePath,
    before: unknown,
    after: unknown,
    marks: Marks,
    i: number,
    j: number,
    depth: number,
  ): void {
    const item = after ?? before;
    const named = isObject(item) && typeof item.name === 'string' && 'value' in item && isSecretName(lastName(item.name));
    const below =
      marks === NO_MARKS && !named
        ? NO_MARKS
        : marksOf(at(marks.before, i), at(marks.after, j), at(marks.unknown, j), marks.secret || named);
    this.visit(path, before, after, below, depth + 1);
  }

  private add(path: AttributePath, before: unknown, after: unknown, marks: Marks, unknown: boolean): void {
    const hasBefore = !isEmpty(before);
    const hasAfter = unknown || !isEmpty(after);
    const forces = this.forcing.length > 0 && this.forces(path.text);
    // What the provider computes anew is no news, unless it is the cause.
    if (unknown && !forces && (this.isReplacement || (this.isUpdate && !hasBefore))) return;
    const secretBefore = marks.before === true || marks.secret;
    const secretAfter = marks.after === true || marks.secret;
    this.found.push({
      path: path.shown,
      kind: hasBefore ? (hasAfter ? 'changed' : 'removed') : 'added',
      before: hasBefore ? this.shown(before, secretBefore) : undefined,
      after: hasAfter && !unknown ? this.shown(after, secretAfter) : undefined,
      sensitive: (secretBefore && hasBefore) || (secretAfter && hasAfter) || undefined,
      unknown: unknown || undefined,
      forcesReplacement: forces || undefined,
    });
  }

  private forces(path: string): boolean {
    return this.forcing.some((cause) => isAtOrBelow(path, cause) || (cause[path.length] === '.' && cause.startsWith(path)));
  }

  private shown(value: unknown, secret: boolean): unknown {
    if (typeof value === 'boolean') return value;
    if (secret) return this.masker.mark(value);
    if (typeof value === 'string') return shorten(this.masker.text(value));
    if (typeof value === 'number') return this.masker.value(value);
    if (isPlainList(value)) return this.shownList(value);
    return shorten(this.masker.value(maskNames(value, this.masker, 0)));
  }

  private shownList(items: (string | number)[]): unknown {
    let units = 0;
    const shown: unknown[] = [];
    for (let index = 0; index < items.length; index += 1) {
      const item = this.masker.value(items[index]);
      units += typeof item === 'string' ? item.length + 1 : SHORT_LIST_UNIT;
      shown.push(item);
    }
    // However it is escaped, a character takes at most six: what is short for sure need not be written out to be measured.
    return units * 6 <= LONGEST_VALUE ? shown : shorten(shown);
  }
}

/** What a number takes at most, in characters that are escaped. */
const SHORT_LIST_UNIT = 5;

/** One object stands for all that marks nothing. */
function marksOf(before: unknown, after: unknown, unknown: unknown, secret: boolean): Marks {
  const marksNothing = !secret && isBlank(before) && isBlank(after) && isBlank(unknown);
  return marksNothing ? NO_MARKS : { before, after, unknown, secret };
}

/** Terraform writes `{}` and `[]` where a resource has nothing to mark. */
function isBlank(marks: unknown): boolean {
  return marks === undefined || marks === false || (typeof marks === 'object' && isEmpty(marks));
}

function markAt(marks: unknown, key: string): unknown {
  return isObject(marks) ? own(marks, key) : undefined;
}

/** Masks what stands under the names of secrets inside a value that is shown whole. */
function maskNames(value: unknown, masker: Masker, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => maskNames(item, masker, depth + 1));
  if (!isObject(value)) return value;
  const secret = isKubernetesSecret(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      (isSecretName(key) && typeof child !== 'boolean' && child !== null) || (secret && /^(?:data|stringData)$/.test(key))
        ? masker.mark(child)
        : maskNames(child, masker, depth + 1),
    ]),
  );
}

function shorten(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : undefined;
  if (text === undefined || text.length <= LONGEST_VALUE) return value;
  return `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}

const NOTHING: Record<string, unknown> = {};

/** Not what every object inherits, all of it functions: an attribute may be called "constructor". */
function own(object: Record<string, unknown>, key: string): unknown {
  const value = object[key];
  return typeof value === 'function' || key === '__proto__' ? undefined : value;
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** What has no members: a text, a number, or nothing. */
function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/** Whether an attribute path is another one, or a member or item of it. */
export function isAtOrBelow(path: string, top: string): boolean {
  if (!path.startsWith(top)) return false;
  const next = path[top.length];
  return next === undefined || next === '.' || next === '[';
}

function isTree(before: unknown, after: unknown): boolean {
  return (isObject(before) && (isObject(after) || isEmpty(after))) || (isObject(after) && isEmpty(before));
}

/** Lists of blocks or objects; a list of plain values reads better as a whole. */
function isListing(before: unknown, after: unknown): boolean {
  if (Array.isArray(before)) return (Array.isArray(after) || isEmpty(after)) && (holdsObjects(before) || holdsObjects(after));
  return Array.isArray(after) && isEmpty(before) && holdsObjects(after);
}

function holdsObjects(list: unknown): boolean {
  if (!Array.isArray(list)) return false;
  for (let index = 0; index < list.length; index += 1) if (!isPlain(list[index])) return true;
  return false;
}

function bothDocuments(before: unknown, after: unknown): [unknown, unknown] | undefined {
  if (typeof before !== 'string' || typeof after !== 'string' || !mayBeDocument(before) || !mayBeDocument(after))
    return undefined;
  const [left, right] = [parsed(before), parsed(after)];
  return typeof left === 'object' && left !== null && typeof right === 'object' && right !== null ? [left, right] : undefined;
}

function sameJson(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (typeof before !== 'object' || typeof after !== 'object') return false;
  if (isPlainList(before) && isPlainList(after)) {
    return before.length === after.length && before.every((item, index) => item === after[index]);
  }
  return JSON.stringify(before) === JSON.stringify(after);
}

function isPlainList(value: unknown): value is (string | number)[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number');
}

function holdsUnknown(unknown: unknown): boolean {
  if (unknown === true) return true;
  return typeof unknown === 'object' && unknown !== null && Object.values(unknown).some(holdsUnknown);
}

function at(marks: unknown, index: number): unknown {
  if (marks === true) return true;
  return Array.isArray(marks) ? marks[index] : undefined;
}

/** As attribute paths are written here: a single block has no index. */
function dotted(path: (string | number)[]): string {
  return path.reduce<string>((text, step, index) => {
    if (typeof step === 'number') return step === 0 ? text : `${text}[${step}]`;
    return index === 0 ? step : `${text}.${step}`;
  }, '');
}
