import { expectThat } from '../checks';
import { computeKind, managedNetworkOf } from '../facets/azapi';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const mlComputePrivate: IRule = {
  id: 'MLP-AML-006',
  title: 'ML compute runs inside a network, without public addresses',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_machine_learning_compute_cluster', 'azurerm_machine_learning_compute_instance', 'azapi_resource'],
  why: 'A node with a public address sends training data past every firewall.',
  fix: 'set node_public_ip_enabled = false, and subnet_resource_id or a managed network of the workspace, never both',
  mappings: { psRule: ['Azure.ML.ComputeVnet'], benchmark: ['NS-1'], azurePolicy: ['Compute_Vnet'] },
  check: (compute) => {
    if (compute.type !== 'azapi_resource') {
      return [
        expectThat(compute.value('node_public_ip_enabled'), { finding: 'public-ip' }).is(false),
        network(compute, compute.value('subnet_resource_id'), compute.value('machine_learning_workspace_id')),
      ];
    }
    if (!['AmlCompute', 'ComputeInstance'].includes(computeKind(compute) ?? '')) return [];
    const properties = (path: string) => compute.value(`body.properties.properties.${path}`);
    return [
      expectThat(properties('enableNodePublicIp'), { finding: 'public-ip' }).is(false),
      network(compute, properties('subnet.id'), compute.value('parent_id')),
    ];
  },
};

function network(compute: ResourceModel, subnet: AttributeValue, workspaceId: AttributeValue): Verdict {
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
