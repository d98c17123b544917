import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { KeyVault, type KeyVaultProps } from '../../lib/data';
import { Principal } from '../../lib/identity';
import { azureStack } from '../helpers/azure';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const TEAM = Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222');

function testVault(overrides: Partial<KeyVaultProps> = {}, stage = Stage.PROD) {
  const azure = azureStack({ stage });
  const { resourceGroup, privateAccess } = azure;
  return { ...azure, vault: new KeyVault(azure.stack, 'Vault', { resourceGroup, privateAccess, ...overrides }) };
}

describe('KeyVault', () => {
  test('is opened by roles alone, from its private endpoint', () => {
    const { stack } = testVault();
    expect(synthesized(stack, 'azurerm_key_vault.Vault')).toMatchObject({
      rbac_authorization_enabled: true,
      public_network_access_enabled: false,
      network_acls: { default_action: 'Deny', bypass: 'AzureServices' },
      sku_name: 'standard',
    });
    expect(resourcesOf(stack, 'azurerm_private_endpoint')[0]?.private_service_connection).toMatchObject({
      subresource_names: ['vault'],
    });
  });

  test.each([
    ['prod', Stage.PROD, 90, { prevent_destroy: true }],
    ['dev', Stage.DEV, 7, undefined],
  ])('in %s, cannot be purged, and keeps what was deleted by profile', (_, stage, days, lifecycle) => {
    const { stack } = testVault({}, stage);
    const vault = synthesized(stack, 'azurerm_key_vault.Vault');
    expect(vault).toMatchObject({ purge_protection_enabled: true, soft_delete_retention_days: days });
    expect(vault.lifecycle).toEqual(lifecycle);
  });

  test('takes keys protected by hardware', () => {
    const { stack } = testVault({ hardwareProtected: true });
    expect(synthesized(stack, 'azurerm_key_vault.Vault').sku_name).toBe('premium');
  });

  test('knows its address and id at synth', () => {
    const { vault } = testVault({ keyVaultName: 'kv-contoso' });
    expect(vault.vaultUri).toBe('https://kv-contoso.vault.azure.net');
    expect(vault.armId).toMatch(/\/resourceGroups\/rg-contoso-ml-prod-euw\/providers\/Microsoft.KeyVault\/vaults\/kv-contoso$/);
  });

  test.each([
    ['grantSecretsRead', '4633458b-17de-408a-b874-0445c86b69e6'],
    ['grantAdministrator', '00482a5a-887f-4fb3-b363-3b7fe8e74483'],
  ] as const)('%s gives the role on this vault alone', (verb, role) => {
    const { stack, vault } = testVault();
    vault[verb](TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({ scope: '${azurerm_key_vault.Vault.id}', role_definition_id: expect.stringContaining(role) }),
    ]);
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-theirs';
    const vault = KeyVault.fromId(stack, 'Vault', id);
    expect([vault.keyVaultId, vault.armId, vault.keyVaultName]).toEqual([id, id, 'kv-theirs']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});

describe('limits of a vault', () => {
  test('refuses to keep what was deleted for longer or shorter than Azure does', () => {
    expect(() => testVault({ softDeleteRetentionDays: 91 })).toThrow(/softDeleteRetentionDays of the vault.*got 91.*7-90/s);
  });

  test('opens the public door to named ranges only', () => {
    const { stack } = testVault({ allowedIpRanges: ['203.0.113.0/24'] });
    expect(synthesized(stack, 'azurerm_key_vault.Vault')).toMatchObject({
      public_network_access_enabled: true,
      network_acls: { default_action: 'Deny', ip_rules: ['203.0.113.0/24'] },
    });
  });

  test('can do without purge protection where keys for encryption are not kept', () => {
    expect(testVault({ purgeProtection: false }).vault.purgeProtection).toBe(false);
  });

  test.each([
    ['grantSecretsWrite', 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'],
    ['grantEncryption', 'e147488a-f6f5-4113-8e2d-b22465e65bf6'],
  ] as const)('%s gives the role on this vault alone', (verb, role) => {
    const { stack, vault } = testVault();
    vault[verb](TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')[0]?.role_definition_id).toContain(role);
  });
});
