import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { MlStorage, type MlStorageProps } from '../../lib/data';
import { Principal } from '../../lib/identity';
import { PrivateService } from '../../lib/network';
import { azureStack } from '../helpers/azure';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const ACCOUNT = 'azurerm_storage_account.Storage';
const TEAM = Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222');

function testStorage(overrides: Partial<MlStorageProps> = {}, stage = Stage.PROD) {
  const azure = azureStack({ stage });
  const { resourceGroup, privateAccess } = azure;
  const storage = new MlStorage(azure.stack, 'Storage', { resourceGroup, privateAccess, ...overrides });
  return { ...azure, storage };
}

describe('MlStorage', () => {
  test('is opened by roles alone, over TLS, from private endpoints', () => {
    const { stack } = testStorage();
    expect(synthesized(stack, ACCOUNT)).toMatchObject({
      shared_access_key_enabled: false,
      local_user_enabled: false,
      default_to_oauth_authentication: true,
      public_network_access_enabled: false,
      allow_nested_items_to_be_public: false,
      min_tls_version: 'TLS1_2',
      infrastructure_encryption_enabled: true,
      cross_tenant_replication_enabled: false,
      allowed_copy_scope: 'AAD',
    });
  });

  test.each([
    ['prod', Stage.PROD, 'GZRS', 90],
    ['staging', Stage.STAGING, 'ZRS', 30],
    ['dev', Stage.DEV, 'LRS', 7],
  ])('in %s, is replicated and keeps what was deleted by profile', (_, stage, replication, days) => {
    const { stack } = testStorage({}, stage);
    expect(synthesized(stack, ACCOUNT)).toMatchObject({
      account_replication_type: replication,
      blob_properties: {
        versioning_enabled: true,
        delete_retention_policy: { days },
        container_delete_retention_policy: { days },
      },
    });
  });

  test('has a private endpoint for blobs and for files', () => {
    const { stack } = testStorage();
    const connections = resourcesOf(stack, 'azurerm_private_endpoint').map((endpoint) => endpoint.private_service_connection);
    expect(connections).toEqual([
      expect.objectContaining({ subresource_names: ['blob'] }),
      expect.objectContaining({ subresource_names: ['file'] }),
    ]);
  });

  test('as a data lake, has real folders, an endpoint for them and no versions, which Azure does not offer there', () => {
    const { stack } = testStorage({ hierarchicalNamespace: true });
    const account = synthesized(stack, ACCOUNT);
    expect(account.is_hns_enabled).toBe(true);
    expect(account.blob_properties).not.toHaveProperty('versioning_enabled');
    const connections = resourcesOf(stack, 'azurerm_private_endpoint').map((endpoint) => endpoint.private_service_connection);
    expect(connections).toContainEqual(expect.objectContaining({ subresource_names: ['dfs'] }));
  });

  test('takes the services that get an endpoint', () => {
    const { stack } = testStorage({ services: [PrivateService.STORAGE_BLOB, PrivateService.STORAGE_QUEUE] });
    expect(resourcesOf(stack, 'azurerm_private_endpoint')).toHaveLength(2);
  });

  test('makes private containers through ARM, which needs no way to the data endpoint', () => {
    const { stack, storage } = testStorage({ containers: ['datasets', 'models'] });
    expect(resourcesOf(stack, 'azurerm_storage_container')).toEqual([
      expect.objectContaining({ name: 'datasets', container_access_type: 'private' }),
      expect.objectContaining({ name: 'models', storage_account_id: '${azurerm_storage_account.Storage.id}' }),
    ]);
    expect(storage.containerNames).toEqual(['datasets', 'models']);
  });

  test.each(['Data', 'a', 'a--b', '-data', 'data_sets'])('refuses the container name %s', (name) => {
    expect(() => testStorage({ containers: [name] })).toThrow(/name of the container is not valid.*3-63 lower-case/s);
  });

  test('refuses two containers of one name', () => {
    expect(() => testStorage({ containers: ['models', 'models'] })).toThrow(/two containers have one name, got models/);
  });

  test('grants reading on the account', () => {
    const { stack, storage } = testStorage();
    storage.grantRead(TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({
        scope: '${azurerm_storage_account.Storage.id}',
        role_definition_id: expect.stringContaining('2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'),
      }),
    ]);
  });

  test('grants writing on one container, and waits for it', () => {
    const { stack, storage } = testStorage({ containers: ['models'] });
    storage.grantWrite(TEAM, 'models');
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({
        scope: expect.stringMatching(/^\$\{azurerm_storage_container\.Storage_Container-models_\w+\.id\}$/),
        role_definition_id: expect.stringContaining('ba92f5b4-2d11-453d-a403-e96b0029c9fe'),
      }),
    ]);
  });

  test('grants each thing once, however often it is asked', () => {
    const { stack, storage } = testStorage({ containers: ['models'] });
    for (const container of ['models', 'models', undefined, undefined]) storage.grantRead(TEAM, container);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toHaveLength(2);
  });

  test('grants file shares past their access lists', () => {
    const { stack, storage } = testStorage();
    storage.grantFileShares(TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')[0]?.role_definition_id).toMatch(/69566ab7-960f-475b-8e7c-b3118f30c6bd$/);
  });

  test.each([
    ['prod', Stage.PROD, { prevent_destroy: true }],
    ['dev', Stage.DEV, undefined],
  ])('in %s, is kept from being destroyed by profile, and so are its containers', (_, stage, lifecycle) => {
    const { stack } = testStorage({ containers: ['models'] }, stage);
    expect(synthesized(stack, ACCOUNT).lifecycle).toEqual(lifecycle);
    expect(resourcesOf(stack, 'azurerm_storage_container')[0]?.lifecycle).toEqual(lifecycle);
  });

  test('that exists is used by id, grants and all, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stdata';
    const storage = MlStorage.fromId(stack, 'Storage', id);
    storage.grantRead(TEAM, 'models');
    expect(storage.blobEndpoint).toBe('https://stdata.blob.core.windows.net');
    expect(storage.dfsEndpoint).toBe('https://stdata.dfs.core.windows.net');
    expect(Object.keys(synth(stack).resource ?? {}).sort()).toEqual(['azurerm_resource_group', 'azurerm_role_assignment']);
    expect(resourcesOf(stack, 'azurerm_role_assignment')[0]?.scope).toBe(`${id}/blobServices/default/containers/models`);
  });
});
