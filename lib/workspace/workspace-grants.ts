import type { Construct } from 'constructs';
import { Environment } from '../core';
import { BuiltInRole, type IManagedIdentity, RoleGrant } from '../identity';
import type { WorkspaceDependencies } from './workspace-dependencies';

/**
 * The roles that the workspace's identity must hold before the workspace is made: it checks them at creation.
 *
 * Neither Owner nor Contributor: management of the resources that Azure ML uses, approval of its private endpoints, and the
 * data it keeps in them.
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
 */
export function grantWorkspaceIdentity(scope: Construct, identity: IManagedIdentity, on: WorkspaceDependencies): RoleGrant[] {
  const manage = [BuiltInRole.AZURE_AI_ADMINISTRATOR, BuiltInRole.AZURE_AI_ENTERPRISE_NETWORK_CONNECTION_APPROVER];
  const groupId = Environment.of(scope).resourceGroupId(on.resourceGroup.resourceGroupName);
  const grants = manage.map((role) =>
    RoleGrant.on(scope, { principal: identity, role, resourceId: groupId, armId: on.resourceGroup.armId }),
  );
  const elsewhere = [
    { resource: on.storage, resourceId: on.storage.storageId },
    { resource: on.keyVault, resourceId: on.keyVault.keyVaultId },
    { resource: on.registry, resourceId: on.registry.registryId },
    { resource: on.applicationInsights, resourceId: on.applicationInsights.applicationInsightsId },
  ].filter(({ resource }) => !resource.armId.toLowerCase().startsWith(`${on.resourceGroup.armId.toLowerCase()}/`));
  for (const { resource, resourceId } of elsewhere) {
    for (const role of manage) {
      grants.push(
        RoleGrant.on(resource as unknown as Construct, { principal: identity, role, resourceId, armId: resource.armId }),
      );
    }
  }
  grants.push(
    ...on.storage.grantEndpointsRead(identity), // or the studio shows no data of private storage
    on.storage.grantWrite(identity),
    on.storage.grantFileShares(identity),
    on.keyVault.grantAdministrator(identity), // the workspace keeps the secrets of its connections there
    on.registry.grantPush(identity), // it builds the images of its environments
  );
  return grants;
}
