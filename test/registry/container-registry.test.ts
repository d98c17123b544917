import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { EncryptionKey, KeyVault } from '../../lib/data';
import { Principal } from '../../lib/identity';
import { ContainerRegistry, type ContainerRegistryProps } from '../../lib/registry';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const REGISTRY = 'azurerm_container_registry.Registry';
const TEAM = Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222');

function testRegistry(overrides: Partial<ContainerRegistryProps> = {}, stage = Stage.PROD) {
  const azure = azureStack({ stage });
  const { resourceGroup, privateAccess } = azure;
  return { ...azure, registry: new ContainerRegistry(azure.stack, 'Registry', { resourceGroup, privateAccess, ...overrides }) };
}

describe('ContainerRegistry', () => {
  test('has no admin user, nothing to pull for strangers and no public door', () => {
    const { stack } = testRegistry();
    expect(synthesized(stack, REGISTRY)).toMatchObject({
      sku: 'Premium',
      admin_enabled: false,
      anonymous_pull_enabled: false,
      public_network_access_enabled: false,
      retention_policy_in_days: 30,
    });
    expect(resourcesOf(stack, 'azurerm_private_endpoint')[0]?.private_service_connection).toMatchObject({
      subresource_names: ['registry'],
    });
  });

  test.each([
    ['prod', Stage.PROD, true],
    ['dev', Stage.DEV, false],
  ])('in %s, spreads over zones by profile', (_, stage, zones) => {
    const { stack } = testRegistry({}, stage);
    expect(synthesized(stack, REGISTRY).zone_redundancy_enabled).toBe(zones);
  });

  test('rejects a hyphen in the name and says what fits', () => {
    expect(() => testRegistry({ registryName: 'acme-ml' })).toThrow(/got "acme-ml".*5-50/s);
  });

  test('knows its login server at synth, which is lower case whatever the name', () => {
    expect(testRegistry({ registryName: 'CrContoso' }).registry.loginServer).toBe('crcontoso.azurecr.io');
  });

  test.each([
    ['grantPull', '7f951dda-4ed3-4680-a7ca-43fe172d538d'],
    ['grantPush', '8311e382-0749-4cb8-b61a-304f252e45ec'],
  ] as const)('%s gives the role on this registry alone', (verb, role) => {
    const { stack, registry } = testRegistry();
    registry[verb](TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({
        scope: '${azurerm_container_registry.Registry.id}',
        role_definition_id: expect.stringContaining(role),
      }),
    ]);
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/crtheirs';
    const registry = ContainerRegistry.fromId(stack, 'Registry', id);
    expect([registry.registryId, registry.armId, registry.loginServer]).toEqual([id, id, 'crtheirs.azurecr.io']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});

describe('a registry with more to do', () => {
  test('keeps copies in other regions, in the order that azurerm expects', () => {
    const { stack } = testRegistry({
      replicas: [{ location: 'swedencentral' }, { location: 'northeurope', zoneRedundant: false }],
    });
    expect(synthesized(stack, REGISTRY).georeplications).toEqual([
      expect.objectContaining({ location: 'northeurope', zone_redundancy_enabled: false }),
      expect.objectContaining({ location: 'swedencentral', zone_redundancy_enabled: true }),
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('refuses a copy where the registry is already', () => {
    expect(() => testRegistry({ replicas: [{ location: 'westeurope' }] })).toThrow(/in this region already, got westeurope/);
  });

  test('fetches from upstreams, signed in with secrets that it may read', () => {
    const azure = azureStack();
    const { stack, resourceGroup, privateAccess } = azure;
    const keyVault = new KeyVault(stack, 'Vault', { resourceGroup, privateAccess, keyVaultName: 'kv-contoso' });
    const credentials = { keyVault, usernameSecret: 'ngc-user', passwordSecret: 'ngc-key' };
    const cacheRules = [{ name: 'triton', source: 'nvcr.io/nvidia/tritonserver', credentials }];
    new ContainerRegistry(stack, 'Registry', { resourceGroup, privateAccess, cacheRules });
    expect(resourcesOf(stack, 'azurerm_container_registry_cache_rule')).toEqual([
      expect.objectContaining({ source_repo: 'nvcr.io/nvidia/tritonserver', target_repo: 'nvidia/tritonserver' }),
    ]);
    expect(resourcesOf(stack, 'azurerm_container_registry_credential_set')).toEqual([
      expect.objectContaining({
        login_server: 'nvcr.io',
        authentication_credentials: {
          username_secret_id: 'https://kv-contoso.vault.azure.net/secrets/ngc-user',
          password_secret_id: 'https://kv-contoso.vault.azure.net/secrets/ngc-key',
        },
      }),
    ]);
    expect(resourcesOf(stack, 'azurerm_role_assignment')[0]?.role_definition_id).toMatch(/4633458b/);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([
    [{ name: 'abc', source: 'ghcr.io/x' }, /name of the cache rule is not valid, got "abc".*5-50/s],
    [{ name: 'gitlab', source: 'registry.gitlab.com/x' }, /upstream that Azure does not fetch from.*ghcr\.io.*importImage/s],
    [{ name: 'kserve', source: 'ghcr.io/kserve/*', target: 'kserve' }, /wildcard on one side only/],
  ])('refuses the cache rule %o', (rule, message) => {
    expect(() => testRegistry({ cacheRules: [rule] })).toThrow(message);
  });

  test('copies images in through ARM, each once', () => {
    const { stack } = testRegistry({ images: ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'] });
    expect(resourcesOf(stack, 'azapi_resource_action')).toEqual([
      expect.objectContaining({
        action: 'importImage',
        resource_id: '${azurerm_container_registry.Registry.id}',
        body: {
          source: { registryUri: 'registry.k8s.io', sourceImage: 'pause:3.10' },
          mode: 'Force',
          targetTags: ['pause:3.10'],
        },
      }),
    ]);
  });

  test('copies an image by its digest', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    const { stack } = testRegistry({ images: [`ghcr.io/kserve/agent${digest}`] });
    expect(resourcesOf(stack, 'azapi_resource_action')[0]?.body).toMatchObject({ untaggedTargetRepositories: ['kserve/agent'] });
  });

  test.each(['nginx', 'docker.io/nginx', 'nginx:1'])('refuses the image %s, as its name is not complete', (image) => {
    expect(() => testRegistry({ images: [image] })).toThrow(/not the full name of an image/);
  });

  test('encrypts with a key of the customer, once key and role are there', () => {
    const azure = azureStack();
    const { stack, resourceGroup, privateAccess } = azure;
    const keyVault = new KeyVault(stack, 'Vault', { resourceGroup, privateAccess, keyVaultName: 'kv-contoso' });
    const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup, keyVault, purpose: 'registry' });
    new ContainerRegistry(stack, 'Registry', { resourceGroup, privateAccess, encryptionKey });
    expect(synthesized(stack, REGISTRY)).toMatchObject({
      encryption: [{ key_vault_key_id: 'https://kv-contoso.vault.azure.net/keys/cmk-registry' }],
      depends_on: expect.arrayContaining(['azapi_resource_action.Key']),
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('lets no image be copied out and holds none back, unless asked to', () => {
    expect(synthesized(testRegistry().stack, REGISTRY)).toMatchObject({
      export_policy_enabled: false,
      quarantine_policy_enabled: false,
    });
    expect(synthesized(testRegistry({ exportAllowed: true, quarantine: true }).stack, REGISTRY)).toMatchObject({
      export_policy_enabled: true,
      quarantine_policy_enabled: true,
    });
  });

  test('refuses a retention that Azure does not offer', () => {
    expect(() => testRegistry({ retentionDays: 366 })).toThrow(/retentionDays is out of range, got 366.*0-365/s);
  });
});
