import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { Principal } from '../../lib/identity';
import { ContainerRegistry, type ContainerRegistryProps } from '../../lib/registry';
import { azureStack } from '../helpers/azure';
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
