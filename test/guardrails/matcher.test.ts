import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { type GuardrailMatchers, guardrailMatchers } from '../../lib/guardrails/testing';

declare module 'vitest' {
  interface Matchers<T> extends GuardrailMatchers<T> {}
}
expect.extend(guardrailMatchers);

const pack = GuardrailPack.BASELINE.only('MLP-KVT-001');

function stackWithVault(purgeProtectionEnabled: boolean): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'risk-prod');
  new AzurermProvider(stack, 'Azurerm', { features: [{}] });
  new KeyVault(stack, 'Vault', {
    name: 'kv',
    location: 'westeurope',
    resourceGroupName: 'rg',
    skuName: 'standard',
    tenantId: 'x',
    purgeProtectionEnabled,
  });
  return stack;
}

describe('expect(stack).toPassGuardrails()', () => {
  test('passes for a stack that keeps the rules', () => {
    expect(stackWithVault(true)).toPassGuardrails({ pack });
  });

  test('fails with path, rule, value and fix', () => {
    expect(() => expect(stackWithVault(false)).toPassGuardrails({ pack })).toThrow(
      /risk-prod\/Vault: MLP-KVT-001\[purge\][\s\S]*got false[\s\S]*fix: set purge_protection_enabled = true/,
    );
  });

  test('takes Terraform JSON as text', () => {
    expect(Testing.synth(stackWithVault(true))).toPassGuardrails({ pack });
    expect(Testing.synth(stackWithVault(false))).not.toPassGuardrails({ pack });
  });

  test('takes the baseline where no pack is given', () => {
    expect(() => expect(stackWithVault(true)).toPassGuardrails()).toThrow(/MLP-TAG-001\[owner\]/);
  });

  test('says what .not expected', () => {
    expect(() => expect(stackWithVault(true)).not.toPassGuardrails({ pack })).toThrow(/to break a guardrail, it breaks none/);
  });

  test('refuses what is no stack', () => {
    expect(() => expect(7).toPassGuardrails({ pack })).toThrow(/takes a TerraformStack/);
  });
});
