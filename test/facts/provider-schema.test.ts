import { describe, expect, test } from 'vitest';
import { MlNetwork } from '../../lib/network';
import { testWorkspace } from '../helpers/azure';
import { providerSchema, schemaProblems } from '../helpers/provider-schema';
import { synth } from '../helpers/synth';

const vault = {
  name: 'kv',
  resource_group_name: 'rg',
  location: 'westeurope',
  tenant_id: '${data.azurerm_client_config.me.tenant_id}',
  sku_name: 'standard',
};

function problemsOf(
  change: Record<string, unknown>,
  type = 'azurerm_key_vault',
  base: Record<string, unknown> = vault,
): string[] {
  return schemaProblems({ resource: { [type]: { X: { ...base, ...change } } } });
}

describe('the check against provider schemas', () => {
  test('passes what the provider takes', () => {
    expect(
      problemsOf({ tags: { a: 'b' }, network_acls: [{ bypass: 'None', default_action: 'Deny' }], depends_on: ['x'] }),
    ).toEqual([]);
  });

  test.each([
    ['an unknown attribute', { purge_protection: true }, 'azurerm_key_vault.X: purge_protection is not known'],
    ['a value that only the provider sets', { vault_uri: 'x' }, 'azurerm_key_vault.X.vault_uri: only the provider sets it'],
    ['a missing attribute', { name: undefined }, 'azurerm_key_vault.X: name is missing'],
    [
      'a wrong scalar',
      { soft_delete_retention_days: 'a week' },
      'azurerm_key_vault.X.soft_delete_retention_days: a number is wanted, got "a week"',
    ],
    ['a list where a scalar is wanted', { name: ['kv'] }, 'azurerm_key_vault.X.name: a string is wanted, got ["kv"]'],
    ['a scalar where a map is wanted', { tags: 'a' }, 'azurerm_key_vault.X.tags: a map is wanted'],
    [
      'a missing attribute of a block',
      { network_acls: { bypass: 'None' } },
      'azurerm_key_vault.X.network_acls: default_action is missing',
    ],
    [
      'too many blocks',
      {
        network_acls: [
          { bypass: 'None', default_action: 'Deny' },
          { bypass: 'None', default_action: 'Deny' },
        ],
      },
      'azurerm_key_vault.X.network_acls: 2 blocks, at most 1',
    ],
    [
      'an object in an attribute that does not name all its fields',
      { access_policy: [{ object_id: 'x' }] },
      'azurerm_key_vault.X.access_policy[0]: tenant_id is missing',
    ],
  ])('finds %s', (_, change, problem) => {
    expect(problemsOf(change)).toContain(problem);
  });

  test('finds a missing block', () => {
    expect(schemaProblems({ resource: { azurerm_private_endpoint: { X: { name: 'pep' } } } })).toContain(
      'azurerm_private_endpoint.X.private_service_connection: 0 blocks, at least 1',
    );
  });

  test('finds camelCase, which a list of objects behind Lazy slips through', () => {
    const georeplications = [{ location: 'northeurope', zoneRedundancyEnabled: true }];
    expect(problemsOf({ sku: 'Premium', georeplications }, 'azurerm_container_registry')).toContain(
      'azurerm_container_registry.X.georeplications: zoneRedundancyEnabled is not known',
    );
  });

  test('looks at data sources and providers too', () => {
    expect(schemaProblems({ data: { azurerm_kubernetes_cluster: { X: { name: 'aks' } } } })).toEqual([
      'data.azurerm_kubernetes_cluster.X: resource_group_name is missing',
    ]);
    expect(schemaProblems({ provider: { azurerm: [{ features: {}, alias: 'hub', subscripton_id: 'x' }] } })).toEqual([
      'provider azurerm: subscripton_id is not known',
    ]);
  });

  test('says so when it does not know a type', () => {
    expect(schemaProblems({ resource: { azurerm_unheard_of: { X: {} } } })).toEqual([
      'azurerm_unheard_of: not in test/fixtures/facts; add it with scripts/distil-provider-schemas.mjs',
    ]);
  });

  test.each(['azurerm', 'azapi', 'helm', 'kubernetes'])('knows where its facts on %s are from', (provider) => {
    expect(providerSchema(provider)?.source).toMatch(/^terraform providers schema -json/);
    expect(providerSchema(provider)?.version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('what our constructs synthesize', () => {
  test('fits the provider schemas', () => {
    const { stack, resourceGroup } = testWorkspace();
    new MlNetwork(stack, 'Network', { resourceGroup, addressSpace: '10.40.0.0/16' });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });
});
