import { expectThat } from '../checks';
import { isArmType, ML, managedNetworkOf } from '../facets/azapi';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import type { Verdict } from '../verdict';

export const endpointNetworkClosed: IRule = {
  id: 'MLP-END-002',
  title: 'endpoints, deployments and registries of Azure ML are closed to the public network',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azapi_resource'],
  why: 'A scoring endpoint on the internet answers everyone who holds a token of the tenant.',
  fix: 'set publicNetworkAccess = "Disabled"; deployments egressPublicNetworkAccess = "Disabled"; registries acrAccountSku = "Premium"',
  check: (resource) => {
    if (isArmType(resource, ML.onlineEndpoint)) return [closed(resource)];
    if (isArmType(resource, ML.registry)) return [closed(resource), ...registryStores(resource)];
    if (!isArmType(resource, ML.onlineDeployment)) return [];
    const kind = resource.value('body.properties.endpointComputeType');
    if (kind.literal === 'Kubernetes') return [];
    const endpoint = resource.stack.targetsOf(resource.value('parent_id'))[0];
    const workspace = endpoint?.stack.targetsOf(endpoint.value('parent_id'))[0];
    const managed = managedNetworkOf(workspace);
    // A managed network of the workspace decides for its deployments.
    if (managed !== undefined && managed !== 'Disabled') return [];
    return [expectThat(resource.value('body.properties.egressPublicNetworkAccess'), { finding: 'egress' }).is('Disabled')];
  },
};

function closed(resource: ResourceModel): Verdict {
  return expectThat(resource.value('body.properties.publicNetworkAccess'), { finding: 'public' }).is('Disabled');
}

function registryStores(registry: ResourceModel): Verdict[] {
  return registry.blocks('body.properties.regionDetails').flatMap((region) => [
    ...region
      .value('acrDetails')
      .elements()
      .map((details) => expectThat(details.value('systemCreatedAcrAccount.acrAccountSku'), { finding: 'sku' }).is('Premium')),
    ...region
      .value('storageAccountDetails')
      .elements()
      .map((details) =>
        expectThat(details.value('systemCreatedStorageAccount.allowBlobPublicAccess'), { finding: 'blob' }).is(false),
      ),
  ]);
}
