import { expectThat } from '../checks';
import { managedNetworkOf } from '../facets/azapi';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const mlComputePrivate: IRule = {
  id: 'MLP-AML-006',
  title: 'ML compute runs inside a network, without public addresses',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_machine_learning_compute_cluster', 'azurerm_machine_learning_compute_instance'],
  why: 'A node with a public address sends training data past every firewall.',
  fix: 'set node_public_ip_enabled = false, and subnet_resource_id or a managed network of the workspace, never both',
  mappings: { psRule: ['Azure.ML.ComputeVnet'], benchmark: ['NS-1'], azurePolicy: ['Compute_Vnet'] },
  check: (compute) => [expectThat(compute.value('node_public_ip_enabled'), { finding: 'public-ip' }).is(false), network(compute)],
};

function network(compute: ResourceModel): Verdict {
  const subnet = compute.value('subnet_resource_id');
  const workspaceId = compute.value('machine_learning_workspace_id');
  const mode = managedNetworkOf(compute.stack.targetsOf(workspaceId)[0]);
  if (mode === undefined)
    return subnet.isReference || subnet.literal !== undefined ? Verdict.pass(subnet) : Verdict.unknown(workspaceId, 'network');
  const managed = mode !== 'Disabled';
  if (managed !== !subnet.isMissing) return Verdict.pass(subnet);
  return Verdict.fail({
    value: subnet,
    finding: 'network',
    what: managed ? 'the workspace has a managed network: Azure refuses a subnet besides' : 'neither subnet nor managed network',
    allowed: 'a subnet or a managed network',
  });
}
