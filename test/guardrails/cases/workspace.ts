import { ID, inStage, type Json, LATER, only, type RuleCases, resource, type Stack, stack } from './case';

const WORKSPACE = 'azurerm_machine_learning_workspace';
const COMPUTE = 'azurerm_machine_learning_compute_cluster';
const workspace = only(WORKSPACE);
const compute = only(COMPUTE);
const foundry = only('azurerm_ai_foundry');
const azapi = only('azapi_resource');
const ofType =
  (type: string, version = '2025-06-01') =>
  (body: Json, more: Json = {}) =>
    azapi({ type: `Microsoft.MachineLearningServices/${type}@${version}`, body, ...more });
const onlineEndpoint = ofType('workspaces/onlineEndpoints');
const deployment = ofType('workspaces/onlineEndpoints/deployments');
const registry = ofType('registries');
const connection = ofType('workspaces/connections');
const WORKSPACE_ID = '${azurerm_machine_learning_workspace.ws.id}';

const endpointFor = (zones: unknown, subresource = 'amlworkspace'): Json =>
  resource('azurerm_private_endpoint.pe', {
    private_dns_zone_group: { private_dns_zone_ids: zones },
    private_service_connection: { private_connection_resource_id: WORKSPACE_ID, subresource_names: [subresource] },
  });
const closedWorkspace = resource(`${WORKSPACE}.ws`, { public_network_access_enabled: false });
const ZONES = ['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net'];
const zoneIds = ZONES.map((zone) => `${ID}/Microsoft.Network/privateDnsZones/${zone}`);
const zoneResources = [
  resource('azurerm_private_dns_zone.api', { name: ZONES[0] }),
  resource('azurerm_private_dns_zone.notebooks', { name: ZONES[1] }),
];

const computeIn = (mode: string, attributes: Json): Stack =>
  stack(
    resource(`${WORKSPACE}.ws`, { managed_network: { isolation_mode: mode } }),
    resource(`${COMPUTE}.it`, { node_public_ip_enabled: false, machine_learning_workspace_id: WORKSPACE_ID, ...attributes }),
  );
const SUBNET = '${azurerm_subnet.training.id}';
const keyless = (...more: Json[]): Stack =>
  stack(
    resource('azurerm_storage_account.st', { shared_access_key_enabled: false }),
    resource(`${WORKSPACE}.ws`, { storage_account_id: '${azurerm_storage_account.st.id}' }),
    ...more,
  );
const instance = only('azurerm_machine_learning_compute_instance');
const update = (body: Json, target: string): Json =>
  resource('azapi_update_resource.update', { type: 'x@2026-05-01', resource_id: target, body });
const computeInstance = (properties: Json, version = '2026-05-01') =>
  ofType('workspaces/computes', version)({ properties: { computeType: 'ComputeInstance', properties } });
const privateInstance = { enableNodePublicIp: false };
const amlCompute = (properties: Json, more: Json = {}) =>
  ofType('workspaces/computes')({ properties: { computeType: 'AmlCompute', properties, ...more } });
const monitor = resource('azapi_resource.monitor', {
  type: 'Microsoft.MachineLearningServices/workspaces/schedules@2025-06-01',
  body: { properties: { action: { actionType: 'CreateMonitor' } } },
});
const serving = { sku: { capacity: 2 }, properties: { livenessProbe: { period: 'PT10S' }, readinessProbe: { period: 'PT10S' } } };
const split = (traffic: unknown, mirrorTraffic?: unknown) => onlineEndpoint({ properties: { traffic, mirrorTraffic } });
const splitOver = (traffic: Json, mirrorTraffic?: Json): Stack =>
  stack(
    resource('azapi_resource.endpoint', {
      type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2025-06-01',
      body: { properties: { traffic, mirrorTraffic } },
    }),
    ...['blue', 'green'].map((name) =>
      resource(`azapi_resource.${name}`, {
        type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2025-06-01',
        parent_id: '${azapi_resource.endpoint.id}',
        name,
        body: { properties: {} },
      }),
    ),
  );
const monitorOf = (deploymentId: string): Json =>
  resource('azapi_resource.monitor', {
    type: 'Microsoft.MachineLearningServices/workspaces/schedules@2025-06-01',
    body: { properties: { action: { actionType: 'CreateMonitor', monitorDefinition: { monitoringTarget: { deploymentId } } } } },
  });
const otherDeployment = resource('azapi_resource.other', {
  type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments@2025-06-01',
  body: { properties: { dataCollector: { collections: {} } } },
});

export const WORKSPACE_CASES: Record<string, RuleCases> = {
  'MLP-AML-001': {
    pass: [workspace({ public_network_access_enabled: false }), foundry({ public_network_access: 'Disabled' })],
    fail: [workspace({}), foundry({}), ofType('workspaces')({ properties: {} })],
    unknown: [workspace({ public_network_access_enabled: LATER })],
  },
  'MLP-AML-002': {
    pass: [
      workspace({ managed_network: { isolation_mode: 'AllowOnlyApprovedOutbound' } }),
      inStage('dev', workspace({ managed_network: { isolation_mode: 'AllowInternetOutbound' } })),
      computeIn('Disabled', { subnet_resource_id: SUBNET }),
      ofType('workspaces')({ properties: { managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' } } }),
      ofType('workspaces/outboundRules')({ properties: { type: 'FQDN', destination: '*.contoso.example' } }),
    ],
    fail: [
      workspace({}),
      workspace({ managed_network: { isolation_mode: 'AllowInternetOutbound' } }),
      computeIn('Disabled', {}),
      only('azurerm_machine_learning_workspace_network_outbound_rule_fqdn')({ destination_fqdn: '*' }),
      ofType('workspaces')({ properties: {} }),
      only('azurerm_machine_learning_workspace_network_outbound_rule_fqdn')({ destination_fqdn: '*.com' }),
      ofType('workspaces/outboundRules')({ properties: { type: 'FQDN', destination: '*' } }),
    ],
    unknown: [workspace({ managed_network: { isolation_mode: LATER } })],
  },
  'MLP-AML-003': {
    pass: [
      stack(closedWorkspace, endpointFor(zoneIds)),
      stack(
        closedWorkspace,
        endpointFor(['${azurerm_private_dns_zone.api.id}', '${azurerm_private_dns_zone.notebooks.id}']),
        ...zoneResources,
      ),
      workspace({ public_network_access_enabled: true }),
    ],
    fail: [
      stack(closedWorkspace),
      stack(closedWorkspace, endpointFor(zoneIds.slice(0, 1))),
      foundry({ public_network_access: 'Disabled' }),
    ],
    unknown: [stack(closedWorkspace, endpointFor(LATER)), workspace({ public_network_access_enabled: LATER })],
  },
  'MLP-AML-004': {
    pass: [
      workspace({
        identity: { type: 'UserAssigned' },
        primary_user_assigned_identity: '${azurerm_user_assigned_identity.id.id}',
      }),
      workspace({ identity: { type: 'SystemAssigned, UserAssigned' }, primary_user_assigned_identity: `${ID}/x/y/z` }),
    ],
    fail: [
      workspace({}),
      workspace({ identity: { type: 'UserAssigned' } }),
      workspace({ identity: { type: 'SystemAssigned' }, primary_user_assigned_identity: 'x' }),
      foundry({ identity: { type: 'SystemAssigned' } }),
    ],
    unknown: [workspace({ identity: { type: 'UserAssigned' }, primary_user_assigned_identity: LATER })],
  },
  'MLP-AML-005': {
    pass: [
      compute({ local_auth_enabled: false }),
      compute({ local_auth_enabled: false, ssh: { admin_username: 'ml', key_value: 'ssh-rsa' } }),
      amlCompute({ remoteLoginPortPublicAccess: 'Disabled' }, { disableLocalAuth: true }),
    ],
    fail: [
      compute({}),
      instance({}),
      compute({ local_auth_enabled: false, ssh: { admin_password: 'planted' } }),
      compute({ local_auth_enabled: false, ssh_public_access_enabled: true }),
      only('azurerm_machine_learning_synapse_spark')({}),
      amlCompute({}),
      amlCompute({ sshSettings: { sshPublicAccess: 'Enabled' } }, { disableLocalAuth: true }),
      amlCompute({ userAccountCredentials: { adminUserPassword: 'planted' } }, { disableLocalAuth: true }),
    ],
    unknown: [compute({ local_auth_enabled: LATER })],
  },
  'MLP-AML-006': {
    pass: [
      computeIn('AllowOnlyApprovedOutbound', {}),
      computeIn('Disabled', { subnet_resource_id: SUBNET }),
      computeInstance({ ...privateInstance, subnet: { id: `${ID}/Microsoft.Network/virtualNetworks/v/subnets/s` } }),
      ofType('workspaces/computes')({ properties: { computeType: 'Kubernetes' } }),
    ],
    fail: [
      computeIn('AllowOnlyApprovedOutbound', { subnet_resource_id: SUBNET }),
      computeIn('Disabled', {}),
      computeIn('AllowOnlyApprovedOutbound', { node_public_ip_enabled: true }),
      computeInstance({ subnet: { id: `${ID}/Microsoft.Network/virtualNetworks/v/subnets/s` } }),
    ],
    unknown: [
      compute({ node_public_ip_enabled: false, machine_learning_workspace_id: LATER }),
      computeIn(LATER, {}),
      computeInstance(privateInstance),
    ],
  },
  'MLP-AML-007': {
    pass: [
      compute({ scale_settings: { min_node_count: 0, scale_down_nodes_after_idle_duration: 'PT10M' } }),
      compute({ scale_settings: { min_node_count: 0, scale_down_nodes_after_idle_duration: 'PT30M' } }),
      amlCompute({ scaleSettings: { maxNodeCount: 4, nodeIdleTimeBeforeScaleDown: 'PT10M' } }),
    ],
    fail: [
      compute({ scale_settings: { min_node_count: 1, scale_down_nodes_after_idle_duration: 'PT10M' } }),
      compute({ scale_settings: { min_node_count: 0, scale_down_nodes_after_idle_duration: 'PT2H' } }),
      amlCompute({ scaleSettings: { maxNodeCount: 4, minNodeCount: 1, nodeIdleTimeBeforeScaleDown: 'PT10M' } }),
    ],
    unknown: [compute({ scale_settings: { min_node_count: LATER, scale_down_nodes_after_idle_duration: 'PT10M' } })],
  },
  'MLP-AML-008': {
    pass: [
      computeInstance({ schedules: { computeStartStop: [{ action: 'Stop' }] } }),
      computeInstance({ idleTimeBeforeShutdown: 'PT30M' }),
      instance(
        {},
        update(
          { properties: { properties: { idleTimeBeforeShutdown: 'PT30M' } } },
          '${azurerm_machine_learning_compute_instance.it.id}',
        ),
      ),
      ofType('workspaces/computes')({ properties: { computeType: 'AmlCompute' } }),
    ],
    fail: [
      instance({}),
      computeInstance({}),
      computeInstance({ idleTimeBeforeShutdown: 'PT30M' }, '2025-06-01'),
      computeInstance({ schedules: { computeStartStop: [{ action: 'Start' }] } }),
    ],
    unknown: [computeInstance({ idleTimeBeforeShutdown: LATER })],
  },
  'MLP-AML-009': {
    pass: [
      only('azurerm_machine_learning_datastore_blobstorage')({ service_data_auth_identity: 'WorkspaceUserAssignedIdentity' }),
      keyless(update({ properties: { systemDatastoresAuthMode: 'Identity' } }, WORKSPACE_ID)),
      ofType('workspaces/datastores')({ properties: { credentials: { credentialsType: 'None' } } }),
    ],
    fail: [
      only('azurerm_machine_learning_datastore_blobstorage')({ account_key: '${azurerm_storage_account.st.primary_access_key}' }),
      only('azurerm_machine_learning_datastore_fileshare')({ shared_access_signature: 'planted' }),
      only('azurerm_machine_learning_datastore_datalake_gen2')({ client_secret: 'planted' }),
      keyless(),
      keyless(update({ properties: { systemDatastoresAuthMode: 'AccessKey' } }, WORKSPACE_ID)),
      ofType('workspaces/datastores')({ properties: { credentials: { credentialsType: 'AccountKey' } } }),
    ],
    unknown: [workspace({ storage_account_id: LATER })],
  },
  'MLP-END-001': {
    pass: [
      onlineEndpoint({ properties: { authMode: 'AADToken' } }),
      ofType('workspaces/batchEndpoints')({ properties: { authMode: 'AADToken' } }),
    ],
    fail: [onlineEndpoint({ properties: { authMode: 'Key' } }), onlineEndpoint({ properties: {} })],
    unknown: [onlineEndpoint({ properties: { authMode: LATER } })],
  },
  'MLP-END-002': {
    pass: [
      onlineEndpoint({ properties: { publicNetworkAccess: 'Disabled' } }),
      deployment({ properties: { egressPublicNetworkAccess: 'Disabled' } }),
      deployment({ properties: { endpointComputeType: 'Kubernetes' } }),
      registry({
        properties: {
          publicNetworkAccess: 'Disabled',
          regionDetails: [{ acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: 'Premium' } }] }],
        },
      }),
    ],
    fail: [
      onlineEndpoint({ properties: {} }),
      deployment({ properties: {} }),
      registry({
        properties: {
          publicNetworkAccess: 'Disabled',
          regionDetails: [{ acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: 'Standard' } }] }],
        },
      }),
      registry({
        properties: {
          publicNetworkAccess: 'Disabled',
          regionDetails: [{ storageAccountDetails: [{ systemCreatedStorageAccount: { allowBlobPublicAccess: true } }] }],
        },
      }),
      registry({
        properties: {
          publicNetworkAccess: 'Disabled',
          regionDetails: [{ storageAccountDetails: [{ systemCreatedStorageAccount: { storageAccountType: 'Standard_ZRS' } }] }],
        },
      }),
    ],
    unknown: [onlineEndpoint({ properties: { publicNetworkAccess: LATER } })],
  },
  'MLP-END-003': {
    pass: [deployment(serving), deployment({ properties: { ...serving.properties, scaleSettings: { minInstances: 2 } } })],
    fail: [deployment({ ...serving, sku: { capacity: 1 } }), deployment({ sku: { capacity: 2 }, properties: {} })],
    unknown: [deployment({ ...serving, sku: { capacity: LATER } })],
  },
  'MLP-END-004': {
    pass: [
      deployment({ properties: { model: { assetId: 'azureml://registries/acme/models/fraud/versions/7' } } }),
      deployment({
        properties: { model: '${azapi_resource.model.id}', environmentId: `${ID}/ml/environments/sklearn/versions/3` },
      }),
      ofType('workspaces/environments/versions')({ properties: { image: 'acme.azurecr.io/base:1.2' } }),
    ],
    fail: [
      deployment({ properties: { model: 'azureml://registries/acme/models/fraud@latest' } }),
      deployment({ properties: { environmentId: 'azureml://registries/azureml/environments/sklearn/labels/latest' } }),
      ofType('workspaces/environments/versions')({ properties: { image: 'acme.azurecr.io/base:latest' } }),
    ],
    unknown: [deployment({ properties: { model: LATER } })],
  },
  'MLP-END-005': {
    pass: [splitOver({ blue: 90, green: 10 }), splitOver({ blue: 100 }, { green: 50 }), split(undefined), splitOver({ blue: 0 })],
    fail: [
      split({ blue: 90, green: 20 }),
      split({ blue: 100 }, { green: 60 }),
      splitOver({ grean: 100 }),
      splitOver({ blue: 100 }, { grean: 10 }),
    ],
    unknown: [split({ blue: LATER, green: 10 }), split({ blue: 90, green: 10 })],
  },
  'MLP-END-006': {
    pass: [
      stack(deployment({ properties: { dataCollector: { collections: {} } } }).json, monitor),
      onlineEndpoint({ properties: {} }),
      stack(deployment({ properties: { dataCollector: { collections: {} } } }).json, monitorOf('${azapi_resource.it.id}')),
    ],
    fail: [
      deployment({ properties: { dataCollector: { collections: {} } } }),
      stack(deployment({ properties: {} }).json, monitor),
      stack(
        deployment({ properties: { dataCollector: { collections: {} } } }).json,
        otherDeployment,
        monitorOf('${azapi_resource.other.id}'),
      ),
    ],
    unknown: [stack(deployment({ properties: { dataCollector: LATER } }).json, monitor)],
  },
  'MLP-END-007': {
    pass: [
      connection({ properties: { authType: 'ManagedIdentity' } }),
      connection(
        { properties: { authType: 'ApiKey' } },
        { sensitive_body: { properties: { credentials: { key: '${var.key}' } } } },
      ),
    ],
    fail: [
      connection({ properties: { authType: 'ApiKey', credentials: { key: 'planted' } } }),
      azapi({ type: 'Microsoft.MachineLearningServices/workspaces/schedules@2026-05-15-preview' }),
    ],
    unknown: [connection({ properties: { authType: LATER } })],
  },
};
