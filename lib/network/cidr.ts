/** A range of IPv4 addresses: the number of its first address and how many leading bits are fixed. */
export interface Cidr {
  readonly base: number;
  readonly prefixLength: number;
}

/** How many addresses the range has. */
export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefixLength);
}

/**
 * A range from text such as "10.40.0.0/16"; undefined when it is none, or when the address is not the first of its range, which
 * Azure refuses too.
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefixLength = 0] = match.slice(1).map(Number);
  if (prefixLength > 32 || [a, b, c, d].some((octet) => octet > 255)) return undefined;
  const cidr = { base: ((a * 256 + b) * 256 + c) * 256 + d, prefixLength };
  return cidr.base % sizeOf(cidr) === 0 ? cidr : undefined;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.base)}/${cidr.prefixLength}`;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.base <= inner.base && inner.base + sizeOf(inner) <= outer.base + sizeOf(outer);
}

/** The first free range of a size inside `space`; undefined when there is none. */
export function firstFree(space: Cidr, prefixLength: number, taken: Cidr[]): Cidr | undefined {
  const size = 2 ** (32 - prefixLength);
  const end = space.base + sizeOf(space);
  let base = space.base;
  while (base + size <= end) {
    const candidate = { base, prefixLength };
    const obstacle = taken.find((range) => overlaps(range, candidate));
    if (!obstacle) return candidate;
    base = Math.ceil((obstacle.base + sizeOf(obstacle)) / size) * size;
  }
  return undefined;
}
