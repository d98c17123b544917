import { MachineLearningWorkspaceNetworkOutboundRuleFqdn } from '@cdktf/provider-azurerm/lib/machine-learning-workspace-network-outbound-rule-fqdn';
import { MachineLearningWorkspaceNetworkOutboundRulePrivateEndpoint } from '@cdktf/provider-azurerm/lib/machine-learning-workspace-network-outbound-rule-private-endpoint';
import { MachineLearningWorkspaceNetworkOutboundRuleServiceTag } from '@cdktf/provider-azurerm/lib/machine-learning-workspace-network-outbound-rule-service-tag';
import type { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { type ManagedNetworkRule, ManagedNetworkRuleKind } from './managed-network-rule';

/** Sub-resources that azurerm 4.55.0 takes; others go through ARM. */
const AZURERM_SUBRESOURCES = ['vault', 'amlworkspace', 'blob', 'table', 'queue', 'file', 'web', 'dfs', 'redisCache'];

/** Makes one outbound rule of a workspace. */
export function makeOutboundRule(scope: Construct, name: string, workspaceId: string, rule: ManagedNetworkRule): void {
  const id = `OutboundRule-${name}`;
  switch (rule.kind) {
    case ManagedNetworkRuleKind.FQDN:
      new MachineLearningWorkspaceNetworkOutboundRuleFqdn(scope, id, { name, workspaceId, destinationFqdn: rule.destination });
      return;
    case ManagedNetworkRuleKind.SERVICE_TAG:
      new MachineLearningWorkspaceNetworkOutboundRuleServiceTag(scope, id, {
        name,
        workspaceId,
        serviceTag: rule.destination,
        protocol: rule.serviceTagOptions.protocol ?? 'TCP',
        portRanges: rule.serviceTagOptions.ports ?? '443',
      });
      return;
    default:
      makePrivateEndpointRule(scope, id, name, workspaceId, rule);
  }
}

function makePrivateEndpointRule(
  scope: Construct,
  id: string,
  name: string,
  workspaceId: string,
  rule: ManagedNetworkRule,
): void {
  const subresource = rule.service?.subresource ?? '';
  if (AZURERM_SUBRESOURCES.includes(subresource)) {
    new MachineLearningWorkspaceNetworkOutboundRulePrivateEndpoint(scope, id, {
      name,
      workspaceId,
      serviceResourceId: rule.destination,
      subResourceTarget: subresource,
      sparkEnabled: rule.spark,
    });
    return;
  }
  new AzapiResource(scope, id, {
    type: 'Microsoft.MachineLearningServices/workspaces/outboundRules@2025-06-01',
    name,
    parentId: workspaceId,
    body: {
      properties: {
        type: 'PrivateEndpoint',
        category: 'UserDefined',
        destination: { serviceResourceId: rule.destination, subresourceTarget: subresource, sparkEnabled: rule.spark },
      },
    },
  });
}
