import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cidr, contains, firstFree, formatCidr, overlaps, parseCidr, sizeOf } from '../../lib/network/cidr';

const cidr = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefixLength]): Cidr => {
    const size = 2 ** (32 - prefixLength);
    return { base: Math.floor(address / size) * size, prefixLength };
  });

describe('CIDR ranges', () => {
  test('survive being written and read', () => {
    fc.assert(
      fc.property(cidr, (range) => {
        expect(parseCidr(formatCidr(range))).toEqual(range);
      }),
    );
  });

  test('overlap exactly when one contains the other', () => {
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      }),
    );
  });

  test.each(['', '10.0.0.0', '10.0.0.0/33', '10.0.0.256/24', '10.0.0.1/24', 'a.b.c.d/8', ' 10.0.0.0/8', '10.0.0.0/8 '])(
    'are not read from "%s"',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  test('are found free inside a space, clear of what is taken, or not at all when the space is full', () => {
    const space: Cidr = { base: 10 * 2 ** 24, prefixLength: 20 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 21, max: 30 }), { maxLength: 40 }), (sizes) => {
        const taken: Cidr[] = [];
        for (const prefixLength of sizes) {
          const free = firstFree(space, prefixLength, taken);
          if (free === undefined) {
            const used = taken.reduce((sum, range) => sum + sizeOf(range), 0);
            expect(used + 2 ** (32 - prefixLength)).toBeGreaterThan(0);
            const everyPlace = Array.from({ length: sizeOf(space) / 2 ** (32 - prefixLength) }, (_, index) => ({
              base: space.base + index * 2 ** (32 - prefixLength),
              prefixLength,
            }));
            expect(everyPlace.every((place) => taken.some((range) => overlaps(range, place)))).toBe(true);
            continue;
          }
          expect(contains(space, free)).toBe(true);
          expect(taken.some((range) => overlaps(range, free))).toBe(false);
          taken.push(free);
        }
      }),
    );
  });
});
