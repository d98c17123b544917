import { describe, expect, test } from 'vitest';
import { createOnlyPaths } from '../../lib/review/analysis/create-only';
import table from '../../lib/review/data/create-only.json';
import facts from '../fixtures/facts/azurerm-4.55.0.json';
import { azure, readJson } from './review-helpers';

const replaced = (type: string, before: object, after: object) =>
  createOnlyPaths(type, before, after).map((path) => path.join('.'));

describe('what a change would replace, without a plan', () => {
  test.each([
    ['azurerm_subnet', { name: 'a' }, { name: 'b' }, ['name']],
    ['azurerm_role_definition', { name: 'a' }, { name: 'b' }, []],
    [
      'azurerm_machine_learning_workspace',
      { high_business_impact: false },
      { high_business_impact: true },
      ['high_business_impact'],
    ],
    ['azurerm_kubernetes_cluster_node_pool', { gpu_instance: 'MIG1g' }, { gpu_instance: 'MIG3g' }, ['gpu_instance']],
    ['azurerm_kubernetes_cluster_node_pool', { vm_size: 'a' }, { vm_size: 'b' }, []],
    [
      'azurerm_storage_account',
      { account_replication_type: 'LRS' },
      { account_replication_type: 'ZRS' },
      ['account_replication_type'],
    ],
    ['azurerm_storage_account', { account_replication_type: 'LRS' }, { account_replication_type: 'GRS' }, []],
    ['azurerm_storage_account', { account_kind: 'Storage' }, { account_kind: 'StorageV2' }, []],
    ['azurerm_postgresql_flexible_server', { storage_mb: 65536 }, { storage_mb: 32768 }, ['storage_mb']],
    ['azurerm_postgresql_flexible_server', { storage_mb: 32768 }, { storage_mb: 65536 }, []],
    ['azurerm_search_service', { sku: 'standard' }, { sku: 'basic' }, ['sku']],
    ['azurerm_search_service', { sku: 'basic' }, { sku: 'standard' }, []],
    [
      'azurerm_cosmosdb_account',
      { analytical_storage_enabled: true },
      { analytical_storage_enabled: false },
      ['analytical_storage_enabled'],
    ],
    [
      'azurerm_kubernetes_cluster',
      { network_profile: [{ network_policy: 'azure' }] },
      { network_profile: [{ network_policy: 'cilium' }] },
      ['network_profile.network_policy'],
    ],
    [
      'azurerm_kubernetes_cluster',
      { network_profile: [{ network_plugin_mode: null }] },
      { network_profile: [{ network_plugin_mode: 'overlay' }] },
      [],
    ],
    ['azurerm_kubernetes_cluster', { network_profile: [{}] }, {}, ['network_profile']],
    ['azurerm_thing_of_a_later_version', { location: 'a' }, { location: 'b' }, ['location']],
    ['azapi_resource', { type: 'a@2024', name: 'x' }, { type: 'a@2025', name: 'x' }, []],
    ['azapi_resource', { parent_id: 'a' }, { parent_id: 'b' }, ['parent_id']],
    ['kubernetes_namespace_v1', { metadata: [{ name: 'a' }] }, { metadata: [{ name: 'b' }] }, ['metadata.name']],
    ['helm_release', { namespace: 'a' }, { namespace: 'b' }, ['namespace']],
  ])('%s: %j to %j', (type, before, after, expected) => {
    expect(replaced(type, before, after)).toEqual(expected);
  });

  test('the plans of the real provider replace nothing that the table does not have', () => {
    const plan = readJson(azure('update-and-replace')) as {
      resource_changes: { address: string; type: string; change: { actions: string[]; replace_paths?: (string | number)[][] } }[];
    };
    const types: { readonly [type: string]: readonly string[] } = table.types;
    const forced = plan.resource_changes.flatMap(({ type, change }) =>
      (change.replace_paths ?? []).map((path) => [type, path.filter((step) => typeof step === 'string').join('.')] as const),
    );
    expect(forced.length).toBeGreaterThan(3);
    for (const [type, path] of forced) expect(types[type]?.map((one) => one.replace('[]', ''))).toContain(path);
  });

  test('every argument of the table is one of the provider, as far as its schema is here', () => {
    const resources = facts.resources as { [type: string]: { attributes?: object; blocks?: object } };
    const listed = [
      ...Object.entries(table.types),
      ...Object.entries(table.conditions).map(([type, rows]) => [type, rows.map(({ path }) => path)] as const),
    ].filter(([type]) => type in resources);
    const strange = listed.flatMap(([type, paths]) =>
      paths.filter((path) => {
        const first = path.split(/[.[]/)[0] ?? path;
        // descriptions were taken out of the schema, and with them the arguments of that name
        return first !== 'description' && !(first in { ...resources[type]?.attributes, ...resources[type]?.blocks });
      }),
    );
    expect(strange).toEqual([]);
    expect(listed.length).toBeGreaterThan(50);
  });
});
