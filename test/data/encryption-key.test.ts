import { describe, expect, test } from 'vitest';
import { EncryptionKey, type EncryptionKeyProps, KeyVault, MlStorage } from '../../lib/data';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

function testKey(overrides: Partial<EncryptionKeyProps> = {}) {
  const azure = azureStack();
  const { stack, resourceGroup, privateAccess } = azure;
  const keyVault = new KeyVault(stack, 'Vault', { resourceGroup, privateAccess, keyVaultName: 'kv-contoso' });
  const key = new EncryptionKey(stack, 'Key', { resourceGroup, keyVault, purpose: 'storage', ...overrides });
  return { ...azure, keyVault, key };
}

describe('EncryptionKey', () => {
  test('is made through ARM, as the vault has no public door, and rotates each year', () => {
    const { stack } = testKey();
    expect(resourcesOf(stack, 'azapi_resource_action')).toEqual([
      expect.objectContaining({
        type: 'Microsoft.KeyVault/vaults/keys@2023-07-01',
        resource_id: '${azurerm_key_vault.Vault.id}/keys/cmk-storage',
        method: 'PUT',
        body: {
          properties: {
            kty: 'RSA',
            keySize: 3072,
            keyOps: ['wrapKey', 'unwrapKey'],
            rotationPolicy: {
              lifetimeActions: [{ trigger: { timeAfterCreate: 'P365D' }, action: { type: 'rotate' } }],
            },
          },
        },
      }),
    ]);
  });

  test('has an identity that may encrypt with it, and do nothing else in the vault', () => {
    const { stack, key } = testKey();
    expect(key.identity.identityName).toBe('id-contoso-ml-prod-euw-cmk-storage');
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({ role_definition_id: expect.stringContaining('e147488a-f6f5-4113-8e2d-b22465e65bf6') }),
    ]);
  });

  test('encrypts storage as one switch, once key and role are there', () => {
    const { stack, resourceGroup, privateAccess, key } = testKey();
    new MlStorage(stack, 'Storage', { resourceGroup, privateAccess, encryptionKey: key });
    const identity = expect.stringMatching(/azurerm_user_assigned_identity\.Key_Identity_\w+\.id/);
    expect(synthesized(stack, 'azurerm_storage_account.Storage')).toMatchObject({
      customer_managed_key: {
        key_vault_key_id: 'https://kv-contoso.vault.azure.net/keys/cmk-storage',
        user_assigned_identity_id: identity,
      },
      identity: { type: 'UserAssigned', identity_ids: [identity] },
      depends_on: [
        expect.stringMatching(/^azapi_resource_action\.Key$/),
        expect.stringMatching(/^azurerm_role_assignment\.Vault_/),
      ],
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('is protected by hardware where the vault is', () => {
    const { stack, resourceGroup } = testKey();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-hsm';
    const keyVault = KeyVault.fromAttributes(stack, 'Hardware', {
      keyVaultId: id,
      hardwareProtected: true,
      purgeProtection: true,
    });
    new EncryptionKey(stack, 'HardwareKey', { resourceGroup, keyVault, purpose: 'registry' });
    expect(resourcesOf(stack, 'azapi_resource_action')).toContainEqual(
      expect.objectContaining({
        resource_id: `${id}/keys/cmk-registry`,
        body: { properties: expect.objectContaining({ kty: 'RSA-HSM' }) },
      }),
    );
  });

  test('refuses a vault that could lose it', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-weak';
    const keyVault = KeyVault.fromAttributes(stack, 'Weak', { keyVaultId: id, purgeProtection: false });
    expect(() => testKey({ keyVault })).toThrow(/no purge protection, got kv-weak/);
  });

  test.each([
    [{ keySize: 1024 }, /keySize is not one of RSA, got 1024.*2048, 3072, 4096/s],
    [{ rotationDays: 7 }, /rotationDays is too short, got 7.*28 or more/s],
  ])('refuses %o', (props, message) => {
    expect(() => testKey(props)).toThrow(message);
  });
});
