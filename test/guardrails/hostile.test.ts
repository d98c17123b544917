import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { evaluate } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import { readPlan } from '../../lib/guardrails/model/plan-reader';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { ALL_RULES } from '../../lib/guardrails/rules';

const TYPES = [...new Set(ALL_RULES.flatMap((rule) => rule.resourceTypes))].filter((type) => type.includes('_'));
const WORDS = [
  'name',
  'tags',
  'type',
  'body',
  'properties',
  'spec',
  'template',
  'container',
  'default_node_pool',
  'node_taints',
  'values',
  'set',
  'manifest',
  'kind',
  'metadata',
  'labels',
  'security_rule',
  'scope',
  'dynamic',
  'network_rules',
  '//',
  'lifecycle',
  '__proto__',
  'constructor',
  'toString',
  'id',
];
const options = { today: '2026-11-21' };

/** Values as people and attackers write them. */
const hostile = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constantFrom(
      '${var.x}',
      '${azurerm_subnet.a.id}',
      '',
      '*',
      '0.0.0.0/0',
      '{"objects":[null,1,{"kind":3}]}',
      '/subscriptions/x/resourceGroups/y',
      'Deployment',
      true,
      false,
      null,
      -1,
      3,
      1e308,
    ),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...WORDS), fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value;
const resources = fc.dictionary(fc.constantFrom(...TYPES), fc.dictionary(fc.string(), hostile, { maxKeys: 2 }), { maxKeys: 4 });

test('no JSON makes a rule crash', () => {
  fc.assert(
    fc.property(
      fc.record({ resource: resources, data: hostile, provider: hostile, output: hostile, terraform: hostile, '//': hostile }),
      (json) => {
        const [stack] = asApp([readSynthesizedStack('prod-x', json)]);
        if (stack) evaluate(stack, GuardrailPack.REGULATED, options);
      },
    ),
    { numRuns: 400 },
  );
});

test('no JSON at all makes the reader crash', () => {
  fc.assert(
    fc.property(fc.anything(), (json) => {
      evaluate(readSynthesizedStack('prod-x', json), GuardrailPack.BASELINE, options);
    }),
    { numRuns: 300 },
  );
});

test('no plan makes a rule crash', () => {
  const change = fc.record({
    address: fc.string(),
    mode: fc.constantFrom('managed', 'data'),
    type: fc.constantFrom(...TYPES),
    name: fc.string(),
    change: fc.record({ after: hostile, after_unknown: hostile, after_sensitive: hostile }),
  });
  fc.assert(
    fc.property(fc.record({ resource_changes: fc.array(change, { maxLength: 4 }), configuration: hostile }), (plan) => {
      evaluate(readPlan('prod-x', { format_version: '1.2', ...plan }), GuardrailPack.REGULATED, options);
    }),
    { numRuns: 400 },
  );
});

test('values nested a hundred thousand deep do not overflow the stack', () => {
  let deep: unknown = '${var.x}';
  for (let level = 0; level < 100_000; level += 1) deep = { a: deep };
  const stack = readSynthesizedStack('prod-x', {
    resource: { azurerm_key_vault: { v: { tags: deep, network_acls: deep } }, azapi_resource: { r: { type: 'x', body: deep } } },
  });
  expect(() => evaluate(stack, GuardrailPack.REGULATED, options)).not.toThrow();
});

test('verdicts do not depend on the order of resources', () => {
  const one = {
    resource: { azurerm_key_vault: { a: {}, b: { purge_protection_enabled: true } }, azurerm_storage_account: { c: {} } },
  };
  const other = {
    resource: { azurerm_storage_account: { c: {} }, azurerm_key_vault: { b: { purge_protection_enabled: true }, a: {} } },
  };
  const ids = (json: unknown) =>
    evaluate(readSynthesizedStack('prod-x', json), GuardrailPack.BASELINE, options).findings.map(
      (finding) => `${finding.id} ${finding.address}`,
    );
  expect(ids(other)).toEqual(ids(one));
});
