import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ADD_ONS } from '../../lib/addons/addon-catalogue';
import { edges, sequence } from './install-order';

const DOC = readFileSync('docs/install-order.md', 'utf8');

describe('the order of installation', () => {
  test('has no circle, and stands in the catalogue in an order that works', () => {
    expect(sequence()).toEqual(Object.keys(ADD_ONS));
  });

  test('names add-ons that exist, or parts of AKS', () => {
    for (const { requires, requiresOneOf = [], after, conflictsWith } of Object.values(ADD_ONS)) {
      for (const name of [...requires, ...requiresOneOf, ...after]) expect(ADD_ONS).toHaveProperty([name]);
      for (const name of Object.keys(conflictsWith)) expect(name).toMatch(/^aks-/);
    }
  });

  test('is drawn in docs/install-order.md as it is', () => {
    const drawn = DOC.split('\n').filter((line) => /^ {2}\S+ (-->|==>) \S+$/.test(line));
    expect(drawn.map((line) => line.trim()).sort()).toEqual(edges().sort());
  });

  test('is explained there for each add-on', () => {
    for (const name of Object.keys(ADD_ONS)) expect(DOC).toContain(`\`${name}\``);
  });
});
