import { join } from 'node:path';
import { isExpression, isObject } from '../../guardrails/model/json';
import { readable } from '../plan/documents';
import { listStacks, readJson } from '../synth-output';
import { type ImageReference, parseImage } from './image-reference';

/**
 * Images that synthesized stacks name by a tag: in Kubernetes objects, in values of Helm charts, in definitions of Azure ML. Those
 * by digest alone have nothing to look up; those that charts name in their templates are not in the stacks.
 * @throws InputError when the folder is not what cdktf synth wrote
 */
export function namedImages(folder: string): ImageReference[] {
  return listStacks(folder)
    .flatMap(({ synthesizedStackPath }) => imagesOf(readJson(join(folder, synthesizedStackPath))))
    .flatMap((text) => parseImage(text) ?? [])
    .filter(({ tag }) => tag !== undefined);
}

function imagesOf(stack: unknown): string[] {
  const resources = isObject(stack) && isObject(stack.resource) ? Object.entries(stack.resource) : [];
  return resources.flatMap(([type, named]) =>
    isObject(named) ? Object.values(named).flatMap((attributes) => imagesIn(readable(type, attributes))) : [],
  );
}

/** Walks without recursion: hostile JSON may be nested deeper than the stack. */
function imagesIn(root: unknown): string[] {
  const found: string[] = [];
  const open = [root];
  while (open.length > 0) {
    const current = open.pop();
    if (typeof current !== 'object' || current === null) continue;
    if (isObject(current)) found.push(...imageOf(current));
    for (const [key, child] of Object.entries(current)) if (key !== '//') open.push(child);
  }
  return found.filter((image) => !isExpression(image));
}

/** One image, in the ways that charts and Kubernetes write it: whole, or as registry, repository or image, and tag or version. */
function imageOf(node: Record<string, unknown>): string[] {
  const text = (key: string) => (typeof node[key] === 'string' && node[key] !== '' ? (node[key] as string) : undefined);
  const [image, repository, registry] = [text('image'), text('repository'), text('registry')];
  const tag = text('tag') ?? (image !== undefined && repository !== undefined ? text('version') : undefined);
  const path = [registry, repository, image].filter((part) => part !== undefined).join('/');
  if (tag !== undefined && (image !== undefined || repository !== undefined)) return [`${path}:${tag}`];
  return image !== undefined && /[:@]/.test(image) ? [image] : [];
}
