import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Masker } from '../../lib/review/masking/masker';
import { AttributeDiffer } from '../../lib/review/plan/attribute-diff';

const differ = new AttributeDiffer(new Masker(Buffer.from('key')));

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom(null, '', '{"a":1}', 'name', '[]'));
const key = fc.constantFrom('name', 'value', 'key', 'id', 'tags', 'password', 'constructor', 'data', 'kind');
const { tree: value } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  ),
}));
/** Terraform's marks: a tree in which `true` stands for all below. */
const { tree: marks } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(true, false),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
  ),
}));

test('of what goes, as many attributes are counted as a comparison with nothing would list', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 8 }), marks, (before, beforeSensitive) => {
      const change = {
        address: 'a_b.c',
        type: 'a_b',
        actions: ['delete'],
        before,
        after: null,
        beforeSensitive,
        replacePaths: [],
      };
      const listed = differ.diff(change);
      expect(differ.count(change)).toEqual({ attributes: [], omitted: listed.attributes.length + listed.omitted });
    }),
    { numRuns: 2000 },
  );
});

test('where something is left, attributes that stay are not counted', () => {
  const change = { address: 'a_b.c', type: 'a_b', actions: ['forget'], replacePaths: [] };
  expect(differ.count({ ...change, before: { a: 1, b: 2 }, after: { a: 1 } }).omitted).toBe(1);
  expect(differ.count({ ...change, before: { a: 1, b: 2 }, after: null }).omitted).toBe(2);
});
