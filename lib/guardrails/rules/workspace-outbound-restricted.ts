import { expectThat } from '../checks';
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
  ],
  why: 'Training code runs packages from the internet; what it may call decides where the data can go.',
  fix: 'set managed_network { isolation_mode = "AllowOnlyApprovedOutbound" } in prod (approvedOutboundOnly of the EnvironmentProfile, isolation of MlWorkspace); name hosts, not "*"',
  mappings: { azurePolicy: ['Workspace_ManagedNetworkIsolationMode'] },
  check: (resource) => {
    if (resource.type.endsWith('_fqdn')) return [expectThat(resource.value('destination_fqdn'), { finding: 'fqdn' }).isNot('*')];
    const mode = resource.value('managed_network.isolation_mode');
    const modes =
      resource.strictness === 'prod' ? ['AllowOnlyApprovedOutbound'] : ['AllowOnlyApprovedOutbound', 'AllowInternetOutbound'];
    const verdict = expectThat(mode, { finding: 'isolation' }).is(...modes);
    return [mode.literal === 'Disabled' && runsInOwnSubnets(resource) ? Verdict.pass() : verdict];
  },
};

function runsInOwnSubnets(workspace: ResourceModel): boolean {
  const computes = ['azurerm_machine_learning_compute_cluster', 'azurerm_machine_learning_compute_instance'].flatMap((type) =>
    workspace.stack.referrers(type, 'machine_learning_workspace_id', workspace),
  );
  return computes.length > 0 && computes.every((compute) => !compute.value('subnet_resource_id').isMissing);
}
