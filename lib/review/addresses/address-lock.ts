import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';
import { managedResources } from '../plan/read-synth';
import { readSynthOutput } from '../synth-output';

/** Addresses of what each stack manages. */
export type AddressLock = { readonly [stack: string]: readonly string[] };

export interface AddressDifference {
  readonly stack: string;
  /** Locked and not there any more: destroyed by the next apply, unless a `moved` block keeps it. */
  readonly gone: string[];
  readonly added: string[];
}

/** Addresses that a synth wrote. */
export function addressesOf(folder: string): AddressLock {
  return Object.fromEntries(
    readSynthOutput(folder).stacks.map(({ model }) => [
      model.name,
      managedResources(model)
        .map((resource) => resource.address)
        .sort(),
    ]),
  );
}

/** @throws InputError when the lock is broken */
export function readLock(path: string): AddressLock {
  if (!existsSync(path)) {
    throw new InputError(path, { what: 'there is no address lock', fix: 'write the first one: ml-platform addresses update' });
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new InputError(path, { what: 'file is no JSON', fix: 'write it again: ml-platform addresses update' });
  }
  const isList = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (!isObject(json) || !Object.values(json).every(isList)) {
    throw new InputError(path, {
      what: 'not an address lock',
      allowed: 'stack names, each with a list of addresses',
      fix: 'ml-platform addresses update',
    });
  }
  return json as AddressLock;
}

export function writeLock(path: string, lock: AddressLock): void {
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** What differs, stack by stack; empty where nothing does. */
export function compareLock(locked: AddressLock, found: AddressLock): AddressDifference[] {
  return [...new Set([...Object.keys(locked), ...Object.keys(found)])].sort().flatMap((stack) => {
    const [before, after] = [new Set(locked[stack] ?? []), new Set(found[stack] ?? [])];
    const gone = [...before].filter((address) => !after.has(address));
    const added = [...after].filter((address) => !before.has(address));
    return gone.length + added.length === 0 ? [] : [{ stack, gone, added }];
  });
}
