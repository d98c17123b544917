import { isObject } from '../../guardrails/model/json';
import type { Masker } from './masker';
import { isKubernetesSecret, isSecretName, secretAttributesOf } from './secret-names';

/** Deeper than any configuration goes; a guard against hostile input, as what follows is recursive. */
export const DEEPEST = 200;

/** Thrown where JSON is nested deeper than any plan is. */
export class TooDeepError extends Error {}

/**
 * Tells the masker all secrets of a value: by Terraform's marks (a tree; `true` stands for all below), by the names of
 * attributes at any depth, and by shape.
 */
export function learnSecrets(masker: Masker, value: unknown, marks?: unknown, type = ''): void {
  visit(masker, value, marks, false, secretAttributesOf(type), 0);
}

/** The same of a value that stands under a name. */
export function learnMember(masker: Masker, name: string, value: unknown): void {
  visit(masker, value, undefined, isSecretName(name), NONE, 1);
}

const NONE: readonly string[] = [];

function visit(
  masker: Masker,
  value: unknown,
  marks: unknown,
  secret: boolean,
  secretNames: readonly string[],
  depth: number,
): void {
  if (depth > DEEPEST) throw new TooDeepError();
  const isSecret = secret || marks === true;
  if (Array.isArray(value)) {
    const named = value.length > 0 && isObject(value[0]) && 'name' in value[0] && 'value' in value[0];
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      const entry = named && isObject(item) && typeof item.name === 'string' && isSecretName(lastName(item.name));
      visit(masker, entry ? item.value : item, at(marks, index), isSecret || entry, NONE, depth + 1);
    }
  } else if (typeof value === 'object' && value !== null) {
    visitMembers(masker, value as Record<string, unknown>, isObject(marks) ? marks : undefined, isSecret, secretNames, depth);
  } else if (isSecret) masker.learn(value);
  else if (typeof value === 'string') learnFromText(masker, value, depth);
}

function visitMembers(
  masker: Masker,
  members: Record<string, unknown>,
  marks: Record<string, unknown> | undefined,
  secret: boolean,
  secretNames: readonly string[],
  depth: number,
): void {
  const ofSecret = isKubernetesSecret(members);
  for (const key in members) {
    const child = members[key];
    if (child === null || child === undefined || typeof child === 'boolean') continue;
    const isSecret =
      secret || isSecretName(key) || secretNames.includes(key) || (ofSecret && (key === 'data' || key === 'stringData'));
    const below = marks?.[key];
    // Most of a plan are texts that end here.
    if (typeof child !== 'string') visit(masker, child, below, isSecret, NONE, depth + 1);
    else if (isSecret || below === true) masker.learn(child);
    else learnFromText(masker, child, depth + 1);
  }
}

/** Whether a text may be a JSON object or list: most are told apart by their first character. */
export function mayBeDocument(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first <= SPACE || first === BRACKET || first === BRACE) && /^\s*[[{]/.test(text);
}

const [SPACE, BRACKET, BRACE] = [0x20, 0x5b, 0x7b];

/** Text may be a document: values of a chart, a policy. */
function learnFromText(masker: Masker, text: string, depth: number): void {
  if (text.length > 20 && mayBeDocument(text)) {
    const document = parsed(text);
    if (document !== undefined) {
      visit(masker, document, undefined, false, NONE, depth + 1);
      return;
    }
  }
  if (text.includes('\n') && /passw|secret|token|key/i.test(text)) learnFromLines(masker, text);
}

/** "password: x" in YAML and the like. */
function learnFromLines(masker: Masker, text: string): void {
  for (const match of text.matchAll(/^[ \t-]*["']?([\w.-]+)["']?[ \t]*[:=][ \t]*(["']?)([^\n]*?)\2[ \t]*,?[ \t]*$/gm)) {
    const [, name = '', , value = ''] = match;
    if (isSecretName(name) && value !== '' && !value.startsWith('${')) masker.learn(value);
  }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** "auth.password" of a chart value's path is a password. */
export function lastName(path: string): string {
  return path.split('.').at(-1) ?? path;
}

function at(marks: unknown, index: number): unknown {
  return Array.isArray(marks) ? marks[index] : isObject(marks) ? marks[String(index)] : undefined;
}
