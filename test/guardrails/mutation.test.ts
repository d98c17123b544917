import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { mutate, negateBooleans } from './mutation';
import { ourStacks } from './our-app';

const RECORD = join(__dirname, 'measured/mutation.json');
const app = ourStacks();
const prod = Object.keys(app).filter((name) => name.startsWith('prod-'));

describe('the synthesized prod stacks, broken one attribute at a time', () => {
  const score = mutate(app, prod, GuardrailPack.BASELINE);

  test('every flip of an attribute that a rule names is told', () => {
    expect(score.missed).toEqual([]);
  });

  test('there are hundreds of them', () => {
    expect(score.flips).toBeGreaterThan(300);
  });

  test('docs tell the score: record it with RECORD=1', () => {
    const booleans = negateBooleans(app, prod, GuardrailPack.BASELINE);
    const measured = {
      flips: score.flips,
      told: score.flips - score.missed.length,
      booleans: booleans.booleans,
      booleansTold: booleans.told,
      unguarded: booleans.unguarded,
    };
    if (process.env.RECORD) writeFileSync(RECORD, `${JSON.stringify(measured, null, 2)}\n`);
    expect(existsSync(RECORD)).toBe(true);
    const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as typeof measured;
    expect(recorded.told).toBe(recorded.flips);
    // A boolean of a new construct that no rule minds is a decision: record it.
    expect(recorded.unguarded).toEqual(measured.unguarded);
  });
});
