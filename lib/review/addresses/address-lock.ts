import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';
import { type Move, managedResources, movesOf } from '../plan/read-synth';
import { readSynthOutput } from '../synth-output';

/** Addresses of what each stack manages. */
export type AddressLock = { readonly [stack: string]: readonly string[] };

export interface AddressDifference {
  readonly stack: string;
  /** Locked and not there any more: destroyed by the next apply. */
  readonly gone: string[];
  /** Locked, and kept under another address by a `moved` block. */
  readonly moved: Move[];
  readonly added: string[];
}

/** What a synth wrote: addresses by stack, and what is moved. */
export interface FoundAddresses {
  readonly lock: AddressLock;
  readonly moves: { readonly [stack: string]: readonly Move[] };
}

/** Addresses that a synth wrote. */
export function addressesOf(folder: string): FoundAddresses {
  const { stacks } = readSynthOutput(folder);
  const addresses = stacks.map(({ model }) => [
    model.name,
    managedResources(model)
      .map((one) => one.address)
      .sort(),
  ]);
  const moves = stacks.map(({ model }) => {
    const { file } = model;
    return [model.name, file === undefined ? [] : movesOf(JSON.parse(readFileSync(file, 'utf8')))];
  });
  return { lock: Object.fromEntries(addresses), moves: Object.fromEntries(moves) };
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
export function compareLock(locked: AddressLock, found: FoundAddresses): AddressDifference[] {
  return [...new Set([...Object.keys(locked), ...Object.keys(found.lock)])].sort().flatMap((stack) => {
    const [before, after] = [new Set(locked[stack] ?? []), new Set(found.lock[stack] ?? [])];
    const moved = (found.moves[stack] ?? []).filter(
      ({ from, to }) => before.has(from) && !after.has(from) && after.has(to) && !before.has(to),
    );
    const kept = new Set(moved.flatMap(({ from, to }) => [from, to]));
    const gone = [...before].filter((address) => !after.has(address) && !kept.has(address));
    const added = [...after].filter((address) => !before.has(address) && !kept.has(address));
    return gone.length + added.length + moved.length === 0 ? [] : [{ stack, gone, moved, added }];
  });
}
