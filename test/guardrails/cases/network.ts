import { data, ID, inStage, type Json, LATER, only, type RuleCases, resource, type Stack, stack, synthOnly } from './case';

const rule = (attributes: Json): Json => ({
  name: 'r',
  priority: 100,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  source_address_prefix: 'VirtualNetwork',
  destination_port_range: '443',
  ...attributes,
});
const nsg = (attributes: Json) => only('azurerm_network_security_group')({ security_rule: [rule(attributes)] });
const own = (attributes: Json) => only('azurerm_network_security_rule')(rule(attributes));
const subnet = only('azurerm_subnet');
const associated = (id: string): Json => resource('azurerm_subnet_network_security_group_association.it', { subnet_id: id });
const endpoint = (subresource: string, zones: unknown, more: Json = {}): Json =>
  resource('azurerm_private_endpoint.it', {
    private_service_connection: { private_connection_resource_id: `${ID}/x/y/z`, subresource_names: [subresource] },
    ...(zones === undefined ? {} : { private_dns_zone_group: { private_dns_zone_ids: zones } }),
    ...more,
  });
const zone = (name: string): string => `${ID}/Microsoft.Network/privateDnsZones/${name}`;
const grant = only('azurerm_role_assignment');
const OWNER = '/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const STORAGE = '${azurerm_storage_account.st.id}';
const definition = (actions: unknown, scopes: unknown = ['/subscriptions/x']) =>
  only('azurerm_role_definition')({ permissions: [{ actions }], assignable_scopes: scopes });
const credential = (attributes: Json) =>
  only('azurerm_federated_identity_credential')({
    audience: ['api://AzureADTokenExchange'],
    issuer: '${azurerm_kubernetes_cluster.aks.oidc_issuer_url}',
    subject: 'system:serviceaccount:risk:fraud',
    ...attributes,
  });

const closedVault = resource('azurerm_key_vault.kv', { public_network_access_enabled: false });
const ofVault = (more: Json = {}): Json =>
  resource('azurerm_private_endpoint.it', {
    private_service_connection: {
      private_connection_resource_id: '${azurerm_key_vault.kv.id}',
      subresource_names: ['vault'],
    },
    private_dns_zone_group: { private_dns_zone_ids: ['${azurerm_private_dns_zone.vault.id}'] },
    subnet_id: '${azurerm_subnet.endpoints.id}',
    ...more,
  });
/** A vault behind an endpoint in one network, its zone linked to a network. */
const networkWith = (linkedTo: string, vnet: Json = {}): Stack =>
  stack(
    closedVault,
    ofVault(),
    resource('azurerm_private_dns_zone.vault', { name: 'privatelink.vaultcore.azure.net' }),
    resource('azurerm_virtual_network.spoke', { name: 'spoke', ...vnet }),
    resource('azurerm_virtual_network.hub', { name: 'hub' }),
    resource('azurerm_subnet.endpoints', { name: 'snet', virtual_network_name: '${azurerm_virtual_network.spoke.name}' }),
    resource('azurerm_private_dns_zone_virtual_network_link.it', {
      private_dns_zone_name: '${azurerm_private_dns_zone.vault.name}',
      virtual_network_id: `\${azurerm_virtual_network.${linkedTo}.id}`,
    }),
  );

export const NETWORK_CASES: Record<string, RuleCases> = {
  'MLP-NET-001': {
    pass: [
      nsg({ destination_port_range: '22' }),
      own({ source_address_prefix: '*', destination_port_range: '443' }),
      own({ access: 'Deny', source_address_prefix: '*', destination_port_range: '22' }),
    ],
    fail: [
      nsg({ source_address_prefix: '*', destination_port_range: '22' }),
      own({ source_address_prefix: 'Internet', destination_port_range: '3000-4000' }),
      own({
        source_address_prefix: undefined,
        source_address_prefixes: ['0.0.0.0/0'],
        destination_port_ranges: ['80', '3389'],
        destination_port_range: undefined,
      }),
      own({ source_address_prefix: '*', destination_port_range: '*' }),
    ],
    unknown: [own({ source_address_prefix: LATER, destination_port_range: '22' })],
  },
  'MLP-NET-002': {
    pass: [
      nsg({}),
      own({ source_address_prefix: 'AzureMachineLearning', destination_port_range: '44224' }),
      own({ direction: 'Outbound', source_address_prefix: '*' }),
    ],
    fail: [
      nsg({ source_address_prefix: 'Internet' }),
      own({ source_address_prefix: '0.0.0.0/0', destination_port_range: '8080' }),
    ],
    unknown: [own({ source_address_prefix: LATER })],
  },
  'MLP-NET-003': {
    pass: [
      subnet({ name: 'snet' }, associated('${azurerm_subnet.it.id}')),
      subnet({ name: 'AzureFirewallSubnet' }),
      subnet({ name: 'db', delegation: { name: 'postgres' } }),
      subnet(
        { name: 'snet', virtual_network_name: 'vnet' },
        associated(`${ID}/Microsoft.Network/virtualNetworks/vnet/subnets/snet`),
      ),
    ],
    fail: [subnet({ name: 'snet' }), only('azurerm_virtual_network')({ subnet: [{ name: 'snet' }] })],
    unknown: [subnet({ name: LATER })],
  },
  'MLP-NET-004': {
    pass: [
      stack(endpoint('vault', [zone('privatelink.vaultcore.azure.net')])),
      stack(
        endpoint('blob', ['${data.azurerm_private_dns_zone.blob.id}']),
        data('azurerm_private_dns_zone.blob', { name: 'privatelink.blob.core.windows.net' }),
      ),
      synthOnly(
        'a plan does not hold lifecycle',
        stack(endpoint('blob', undefined, { lifecycle: { ignore_changes: ['private_dns_zone_group'] } })),
      ),
      stack(
        resource('azurerm_private_dns_zone.it', { name: 'privatelink.azurecr.io' }),
        resource('azurerm_private_dns_zone_virtual_network_link.it', {
          private_dns_zone_name: '${azurerm_private_dns_zone.it.name}',
        }),
      ),
      networkWith('spoke'),
      networkWith('hub', { dns_servers: ['10.0.0.4'] }),
      only('azurerm_key_vault')({ public_network_access_enabled: true }),
      only('azurerm_postgresql_flexible_server')({ public_network_access_enabled: false, delegated_subnet_id: `${ID}/x/y/z` }),
    ],
    fail: [
      stack(endpoint('vault', [zone('privatelink.blob.core.windows.net')])),
      synthOnly('a plan does not hold lifecycle', stack(endpoint('vault', undefined))),
      only('azurerm_private_dns_zone')({ name: 'privatelink.azurecr.io' }),
      networkWith('hub'),
      stack(closedVault),
      only('azurerm_ai_services')({ public_network_access: 'Disabled' }),
    ],
    unknown: [stack(endpoint('vault', LATER))],
  },
  'MLP-NET-005': {
    pass: [
      subnet({ default_outbound_access_enabled: false }),
      only('azurerm_kubernetes_cluster')({ network_profile: { outbound_type: 'userAssignedNATGateway' } }),
    ],
    fail: [subnet({}), only('azurerm_kubernetes_cluster')({})],
    unknown: [subnet({ default_outbound_access_enabled: LATER })],
  },
  'MLP-IAM-001': {
    pass: [
      grant({ role_definition_name: 'AcrPull' }),
      grant({ role_definition_id: OWNER, condition: '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ...' }),
    ],
    fail: [
      grant({ role_definition_name: 'Owner' }),
      grant({ role_definition_id: OWNER }),
      grant({ role_definition_name: 'User Access Administrator' }),
    ],
    unknown: [grant({ role_definition_id: LATER })],
  },
  'MLP-IAM-002': {
    pass: [
      grant({ role_definition_name: 'AcrPull', scope: '${azurerm_container_registry.cr.id}' }),
      grant({ role_definition_name: 'Reader', scope: '${azurerm_resource_group.rg.id}' }),
      grant({ role_definition_name: 'Contributor', scope: STORAGE }),
      grant({ role_definition_name: 'Reader', scope: '/subscriptions/x/resourceGroups/${azurerm_resource_group.rg.name}' }),
    ],
    fail: [
      grant({ role_definition_name: 'Reader', scope: '/subscriptions/00000000-0000-0000-0000-000000000001' }),
      grant({ role_definition_name: 'Reader', scope: '${data.azurerm_subscription.current.id}' }),
      grant({ role_definition_name: 'Reader', scope: '/providers/Microsoft.Management/managementGroups/root' }),
      grant({ role_definition_name: 'Contributor', scope: '${azurerm_resource_group.rg.id}' }),
    ],
    unknown: [grant({ role_definition_name: 'Reader', scope: LATER })],
  },
  'MLP-IAM-003': {
    pass: [
      grant({ role_definition_name: 'Storage Blob Data Reader', scope: STORAGE }),
      grant({ role_definition_name: 'Contributor', scope: '${azurerm_kubernetes_cluster.aks.id}' }),
    ],
    fail: [
      grant({ role_definition_name: 'Contributor', scope: STORAGE }),
      grant({ role_definition_name: 'Storage Account Contributor', scope: `${ID}/Microsoft.Storage/storageAccounts/st` }),
    ],
    unknown: [grant({ role_definition_id: LATER, scope: STORAGE })],
  },
  'MLP-IAM-004': {
    pass: [
      definition(['Microsoft.ContainerService/managedClusters/read']),
      definition(['*/read']),
      definition(['*/read'], ['${data.azurerm_subscription.current.id}']),
    ],
    fail: [
      definition(['*']),
      definition(['*/read'], ['/providers/Microsoft.Management/managementGroups/root']),
      definition(['*/read'], ['${azurerm_management_group.root.id}']),
    ],
    unknown: [definition(LATER), definition(['*/read'], [LATER]), definition(['*/read', LATER])],
  },
  'MLP-IAM-005': {
    pass: [
      credential({}),
      credential({ issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:contoso/ml:environment:prod' }),
      credential({
        issuer: 'https://vstoken.dev.azure.com/00000000-0000-0000-0000-000000000001',
        subject: 'sc://contoso/ml/prod',
      }),
    ],
    fail: [
      credential({ audience: ['api://other'] }),
      credential({ subject: 'system:serviceaccount:risk:*' }),
      credential({ issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:contoso/ml:pull_request' }),
      credential({ issuer: 'https://issuer.example/' }),
    ],
    unknown: [credential({ subject: LATER }), credential({ issuer: LATER })],
  },
  'MLP-IAM-006': {
    pass: [
      grant({ principal_type: 'Group', role_definition_name: 'Reader' }),
      grant({ principal_type: 'ServicePrincipal', role_definition_name: 'Azure Kubernetes Service RBAC Cluster Admin' }),
      inStage('staging', grant({ principal_type: 'Group', role_definition_name: 'Reader' })),
      grant({ principal_id: '${azurerm_user_assigned_identity.id.principal_id}', role_definition_name: 'Reader' }),
      grant({ principal_id: '${data.azuread_group.ml.object_id}', role_definition_name: 'Reader' }),
    ],
    fail: [
      grant({ principal_type: 'User', role_definition_name: 'Reader' }),
      grant({ principal_type: 'Group', role_definition_name: 'Azure Kubernetes Service RBAC Cluster Admin' }),
      grant({ principal_id: '${data.azuread_user.someone.object_id}', role_definition_name: 'Reader' }),
    ],
    unknown: [
      grant({ principal_type: LATER, role_definition_name: 'Reader' }),
      grant({ principal_id: '11111111-1111-1111-1111-111111111111', role_definition_name: 'Reader' }),
      grant({ principal_id: '${data.azurerm_client_config.me.object_id}', role_definition_name: 'Reader' }),
    ],
  },
};
