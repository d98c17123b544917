import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const workspaceOutboundRestricted: IRule = {
  id: 'MLP-AML-002',
  title: 'what training code reaches is restricted',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: [
    'azurerm_machine_learning_workspace',
    'azurerm_ai_foundry',
    'azurerm_machine_learning_workspace_network_outbound_rule_fqdn',
    'azapi_resource',
  ],
  why: 'Training code runs packages from the internet; what it may call decides where the data can go.',
  fix: 'set managed_network { isolation_mode = "AllowOnlyApprovedOutbound" } in prod (approvedOutboundOnly of the EnvironmentProfile, isolation of MlWorkspace); name hosts, not "*"',
  mappings: { azurePolicy: ['Workspace_ManagedNetworkIsolationMode'] },
  check: (resource) => {
    if (resource.type.endsWith('_fqdn')) return [narrow(resource.value('destination_fqdn'))];
    if (isArmType(resource, ML.outboundRule)) {
      const isHost = resource.value('body.properties.type').literal === 'FQDN';
      return isHost ? [narrow(resource.value('body.properties.destination'))] : [];
    }
    if (resource.type === 'azapi_resource' && !isArmType(resource, ML.workspace)) return [];
    const mode = resource.value(
      resource.type === 'azapi_resource' ? 'body.properties.managedNetwork.isolationMode' : 'managed_network.isolation_mode',
    );
    const modes =
      resource.strictness === 'prod' ? ['AllowOnlyApprovedOutbound'] : ['AllowOnlyApprovedOutbound', 'AllowInternetOutbound'];
    const verdict = expectThat(mode, { finding: 'isolation' }).is(...modes);
    const off = mode.literal === 'Disabled' || mode.isMissing;
    return [off && runsInOwnSubnets(resource) ? Verdict.pass() : verdict];
  },
};

/** "*" lets everything out, and so does "*.com". */
function narrow(host: AttributeValue): Verdict {
  return expectThat(host, { finding: 'fqdn' }).holds(
    (name) => typeof name !== 'string' || !/^\*(\.[a-z]+)?$/i.test(name),
    'a host, or "*." and a domain of somebody',
    ['*'],
  );
}

function runsInOwnSubnets(workspace: ResourceModel): boolean {
  const computes = ['azurerm_machine_learning_compute_cluster', 'azurerm_machine_learning_compute_instance'].flatMap((type) =>
    workspace.stack.referrers(type, 'machine_learning_workspace_id', workspace),
  );
  return computes.length > 0 && computes.every((compute) => !compute.value('subnet_resource_id').isMissing);
}
