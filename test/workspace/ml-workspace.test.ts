import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { MlStorage } from '../../lib/data';
import { ManagedIdentity, Principal } from '../../lib/identity';
import { ComputeCluster, ComputeVmSize, ManagedNetworkIsolation, MlWorkspace } from '../../lib/workspace';
import { azureStack, testWorkspace, workspaceParts } from '../helpers/azure';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const WORKSPACE = 'azurerm_machine_learning_workspace.Workspace';

describe('MlWorkspace', () => {
  test('is closed to the public network and has a private endpoint', () => {
    const { stack } = testWorkspace();
    expect(synthesized(stack, WORKSPACE)).toMatchObject({ public_network_access_enabled: false, v1_legacy_mode_enabled: false });
    const endpoints = resourcesOf(stack, 'azurerm_private_endpoint').map((endpoint) => endpoint.private_service_connection);
    expect(endpoints).toContainEqual(expect.objectContaining({ subresource_names: ['amlworkspace'] }));
  });

  test('acts as an identity of its own', () => {
    const { stack } = testWorkspace();
    const id = expect.stringMatching(/azurerm_user_assigned_identity\.Workspace_Identity_\w+\.id/);
    expect(synthesized(stack, WORKSPACE)).toMatchObject({
      identity: { type: 'UserAssigned', identity_ids: [id] },
      primary_user_assigned_identity: id,
    });
  });

  test('acts as the identity given', () => {
    const azure = azureStack();
    const identity = new ManagedIdentity(azure.stack, 'Mine', { resourceGroup: azure.resourceGroup, purpose: 'mine' });
    new MlWorkspace(azure.stack, 'Workspace', { ...workspaceParts(azure), identity });
    expect(resourcesOf(azure.stack, 'azurerm_user_assigned_identity')).toHaveLength(1);
  });

  test('waits for every role of its identity', () => {
    const { stack } = testWorkspace();
    const grants = Object.keys(synth(stack).resource?.azurerm_role_assignment ?? {});
    expect(synthesized(stack, WORKSPACE).depends_on).toEqual(
      expect.arrayContaining(grants.map((grant) => `azurerm_role_assignment.${grant}`)),
    );
    expect(grants).toHaveLength(8);
  });

  test('needs neither Owner nor Contributor', () => {
    const { stack } = testWorkspace();
    const roles = resourcesOf(stack, 'azurerm_role_assignment').map((grant) => String(grant.role_definition_id));
    expect(
      roles.filter((role) => /8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c/.test(role)),
    ).toEqual([]);
  });

  test('grants management at the group only once the group is there', () => {
    const { stack } = testWorkspace();
    const scopes = resourcesOf(stack, 'azurerm_role_assignment').map((grant) => grant.scope);
    expect(scopes).toContain(
      '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/${azurerm_resource_group.Group.name}',
    );
  });

  test('grants management of parts that live in other groups on the parts themselves', () => {
    const azure = azureStack();
    const id = '/subscriptions/s/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/stother';
    const storage = MlStorage.fromId(azure.stack, 'Other', id);
    new MlWorkspace(azure.stack, 'Workspace', { ...workspaceParts(azure), storage });
    const roles = resourcesOf(azure.stack, 'azurerm_role_assignment').filter((grant) => grant.scope === id);
    expect(roles.map((grant) => String(grant.role_definition_id).split('/').at(-1))).toContain(
      'b78c5d69-af96-48a3-bf8d-a8b4d589de94',
    );
  });

  test.each([
    ['prod', Stage.PROD, 'AllowOnlyApprovedOutbound'],
    ['dev', Stage.DEV, 'AllowInternetOutbound'],
  ])('in %s, isolates its compute by profile', (_, stage, mode) => {
    const { stack } = testWorkspace({}, { stage });
    expect(synthesized(stack, WORKSPACE).managed_network).toEqual({ isolation_mode: mode });
  });

  test('takes another isolation', () => {
    const { stack, workspace } = testWorkspace({ isolation: ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND });
    expect(synthesized(stack, WORKSPACE).managed_network).toEqual({ isolation_mode: 'AllowInternetOutbound' });
    expect(workspace.isolation).toBe(ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND);
  });

  test('reaches its datastores by identity, as its storage has no keys', () => {
    const { stack } = testWorkspace();
    expect(resourcesOf(stack, 'azapi_update_resource')).toEqual([
      expect.objectContaining({
        type: 'Microsoft.MachineLearningServices/workspaces@2025-06-01',
        resource_id: '${azurerm_machine_learning_workspace.Workspace.id}',
        body: { properties: { systemDatastoresAuthMode: 'Identity' } },
      }),
    ]);
  });

  test('refuses storage with a hierarchical namespace as its own', () => {
    const azure = azureStack();
    const parts = workspaceParts(azure, { hierarchicalNamespace: true });
    expect(() => new MlWorkspace(azure.stack, 'Workspace', parts)).toThrow(/hierarchical namespace.*datastore/s);
  });

  test.each([
    ['grantDataScientist', 'f6c7c914-8db3-469d-8ca1-694a8f32e121'],
    ['grantComputeOperator', 'e503ece1-11d0-4e8e-8e2c-7a6c3bf38815'],
    ['grantRead', 'acdd72a7-3385-48ef-bd42-f606fba81ae7'],
  ] as const)('%s gives the role on this workspace alone', (verb, role) => {
    const { stack, workspace } = testWorkspace();
    workspace[verb](Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222'));
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toContainEqual(
      expect.objectContaining({
        scope: '${azurerm_machine_learning_workspace.Workspace.id}',
        role_definition_id: expect.stringContaining(role),
        principal_type: 'Group',
      }),
    );
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/mlw-1';
    const workspace = MlWorkspace.fromId(stack, 'Workspace', id);
    expect([workspace.workspaceId, workspace.armId, workspace.workspaceName]).toEqual([id, id, 'mlw-1']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });

  test('that exists keeps compute to the isolation that it is known to have', () => {
    const { stack } = azureStack();
    const workspaceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/mlw-1';
    const workspace = MlWorkspace.fromAttributes(stack, 'Workspace', {
      workspaceId,
      isolation: ManagedNetworkIsolation.DISABLED,
    });
    const vmSize = ComputeVmSize.of('Standard_D8ds_v5');
    expect(() => new ComputeCluster(stack, 'Train', { workspace, purpose: 'train', vmSize })).toThrow(/needs a subnet/);
  });

  test('refuses a data lake of somebody else as its own storage', () => {
    const azure = azureStack();
    const storageId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stlake';
    const storage = MlStorage.fromAttributes(azure.stack, 'Lake', { storageId, hierarchicalNamespace: true });
    expect(() => new MlWorkspace(azure.stack, 'Workspace', { ...workspaceParts(azure), storage })).toThrow(/got stlake/);
  });

  test('asks again when Azure is busy with the workspace', () => {
    const { stack } = testWorkspace();
    expect(resourcesOf(stack, 'azapi_update_resource')[0]?.retry).toMatchObject({
      error_message_regex: ['(?i)conflict', '(?i)another operation'],
    });
  });
});
