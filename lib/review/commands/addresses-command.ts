import { addressesOf, compareLock, readLock, writeLock } from '../addresses/address-lock';

const DIFFERENT = 3;

export interface AddressesOptions {
  readonly lock: string;
}

/** Holds the addresses of a synth against the lock. Gives 0, or 3 where they differ. */
export function addressesCheckCommand(folder: string, options: AddressesOptions, print: (text: string) => void): number {
  const differences = compareLock(readLock(options.lock), addressesOf(folder));
  if (differences.length === 0) {
    print('Addresses are as locked.\n');
    return 0;
  }
  const lines = differences.flatMap(({ stack, gone, moved, added }) => [
    stack,
    ...gone.map((address) => `  - ${address}`),
    ...moved.map(({ from, to }) => `  ${from} -> ${to}`),
    ...added.map((address) => `  + ${address}`),
  ]);
  const gone = differences.reduce((sum, difference) => sum + difference.gone.length, 0);
  const advice =
    gone > 0
      ? `${gone} locked address${gone === 1 ? ' is' : 'es are'} gone: the next apply destroys what stands there. Renamed? Keep it with resource.moveFromId('<old address>'). Meant? ml-platform addresses update.`
      : 'Only new or moved addresses: ml-platform addresses update.';
  print(`${[...lines, '', advice].join('\n')}\n`);
  return DIFFERENT;
}

/** Writes the lock anew. */
export function addressesUpdateCommand(folder: string, options: AddressesOptions, print: (text: string) => void): void {
  const { lock: found } = addressesOf(folder);
  writeLock(options.lock, found);
  const count = Object.values(found).reduce((sum, addresses) => sum + addresses.length, 0);
  print(`${options.lock}: ${count} addresses of ${Object.keys(found).length} stacks.\n`);
}
