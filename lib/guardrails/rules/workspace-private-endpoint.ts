import { exists } from '../checks';
import { leavesZonesToPolicy, missingZones, zoneNamesOf, zonesFor } from '../facets/private-dns';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const ENDPOINT_TARGET = 'private_service_connection.private_connection_resource_id';

export const workspacePrivateEndpoint: IRule = {
  id: 'MLP-AML-003',
  title: 'a private workspace has an endpoint with both zones',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_machine_learning_workspace', 'azurerm_ai_foundry'],
  why: 'A closed workspace without an endpoint, or without the notebooks zone, can be reached by nobody.',
  fix: 'give an endpoint for amlworkspace with zones privatelink.api.azureml.ms and privatelink.notebooks.azure.net (privateAccess of MlWorkspace)',
  mappings: { azurePolicy: ['Workspace_PrivateEndpoint'] },
  check: (workspace) => {
    const hub = workspace.type === 'azurerm_ai_foundry';
    const access = workspace.value(hub ? 'public_network_access' : 'public_network_access_enabled');
    if (access.isUnresolved) return [Verdict.unknown(access)];
    if (access.literal !== (hub ? 'Disabled' : false)) return [];
    const endpoints = workspace.stack.referrers('azurerm_private_endpoint', ENDPOINT_TARGET, workspace);
    const present = exists(
      endpoints.map((endpoint) => endpoint.address),
      'azurerm_private_endpoint',
      { finding: 'endpoint', what: 'no private endpoint points to this workspace' },
    );
    return [present, ...endpoints.map(zones)];
  },
};

function zones(endpoint: ResourceModel): Verdict {
  const value = endpoint.value('private_dns_zone_group.private_dns_zone_ids');
  const policy = leavesZonesToPolicy(endpoint);
  if (value.isMissing && policy) return Verdict.pass();
  if (value.isMissing && policy === undefined) return Verdict.unknown(value, 'zones');
  const present = zoneNamesOf(endpoint);
  const missing = missingZones(zonesFor('amlworkspace'), present);
  if (missing.length === 0) return Verdict.pass(value)._refusing([]);
  return present.includes(undefined)
    ? Verdict.unknown(value, 'zones')
    : Verdict.fail({
        value,
        finding: 'zones',
        what: `zones missing: ${missing.join(', ')}`,
        allowed: zonesFor('amlworkspace').join(' and '),
      });
}
