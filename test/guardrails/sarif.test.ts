import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { asApp } from '../../lib/guardrails/model/app';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { check } from '../../lib/review/check-result';
import { renderSarif } from '../../lib/review/formats/sarif';
import { sarifProblems } from '../helpers/sarif';

const FOLDER = join(__dirname, 'corpus');
const corpus = () =>
  asApp(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.tf.json'))
      .map((file) => readSynthesizedStack(file.replace('.tf.json', ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')))),
  );
const acknowledged = (reason: string) =>
  readSynthesizedStack(
    'prod-data',
    {
      '//': {
        guardrails: {
          acknowledgements: [{ path: 'prod-data/Vault', rule: 'MLP-KVT-001', reason, owner: 'risk-ml', expires: '2027-01-31' }],
        },
      },
      resource: {
        azurerm_key_vault: {
          Vault: { '//': { metadata: { path: 'prod-data/Vault' } } },
        },
      },
    },
    'cdktf.out/stacks/prod data/cdk.tf.json',
  );
const sarif = (stacks: Parameters<typeof check>[0]) =>
  renderSarif(check(asApp(stacks), GuardrailPack.BASELINE, { today: '2026-11-21', strict: false }));

describe('SARIF of guardrails is valid by the schema of SARIF 2.1.0', () => {
  test('with hundreds of findings', () => {
    const text = sarif(corpus());
    expect(JSON.parse(text).runs[0].results.length).toBeGreaterThan(200);
    expect(sarifProblems(text)).toEqual([]);
  });

  test('with none', () => {
    expect(sarifProblems(sarif([]))).toEqual([]);
  });

  test('with acknowledged findings and a folder whose name a URI must escape', () => {
    expect(sarifProblems(sarif([acknowledged('a vault of a test, purged every night')]))).toEqual([]);
  });
});

describe('the check against the schema can fail', () => {
  const log = (result: object) =>
    JSON.stringify({
      version: '2.1.0',
      runs: [
        { tool: { driver: { name: 'x', rules: [{ id: 'A' }, { id: 'B' }] } }, results: [{ message: { text: 'm' }, ...result }] },
      ],
    });

  test.each([
    ['a level that SARIF does not know', { level: 'fatal' }, /\/level must be equal to one of/],
    ['a field that SARIF does not know', { severity: 'high' }, /additional properties.*severity/],
    ['a message without text', { message: {} }, /\/message must/],
    ['a line before the first', { locations: [{ physicalLocation: { region: { startLine: 0 } } }] }, /startLine must be >= 1/],
    [
      'a place that is no URI',
      { locations: [{ physicalLocation: { artifactLocation: { uri: 'a b.ts' } } }] },
      /must match format/,
    ],
    ['the index of another rule', { ruleId: 'A', ruleIndex: 1 }, /ruleIndex 1 is B, not A/],
  ])('%s', (_, result, problem) => {
    expect(sarifProblems(log(result)).join('\n')).toMatch(problem);
  });

  test('a sound one passes', () => {
    expect(sarifProblems(log({ ruleId: 'B', ruleIndex: 1, level: 'error' }))).toEqual([]);
  });
});
