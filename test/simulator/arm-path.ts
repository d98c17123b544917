import { createHash } from 'node:crypto';

/** Type of what a path names, e.g. "microsoft.network/virtualnetworks/subnets". Lower case: ARM does not care. */
export function armType(path: string): string {
  const lower = path.toLowerCase().replace(/\/+$/, '');
  if (!lower.includes('/providers/'))
    return /\/resourcegroups\/[^/]+$/.test(lower) ? 'microsoft.resources/resourcegroups' : 'subscription';
  const [namespace = '', ...rest] = lower.slice(lower.lastIndexOf('/providers/') + '/providers/'.length).split('/');
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

export function lastSegment(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

export function parentOf(path: string): string {
  return path.split('/').slice(0, -2).join('/');
}

/** The resource group that a path lies in. */
export function groupOf(path: string): string {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(path)?.[0] ?? '';
}

/** A GUID that is always the same for the same words. */
export function guidOf(...words: string[]): string {
  const hex = createHash('sha256').update(words.join('/').toLowerCase()).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
