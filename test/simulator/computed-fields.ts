import { armType, groupOf, guidOf, lastSegment, parentOf } from './arm-path';
import { IDENTITY } from './entra';

export type Json = { [key: string]: unknown };

/** What a function may look at and make besides the body. */
export interface Surroundings {
  readonly origin: string;
  /** Stores another resource that the service makes along with this one. */
  readonly put: (path: string, body: Json) => void;
}

type Fill = (
  context: Surroundings & { readonly path: string; readonly name: string; readonly body: Json; readonly properties: Json },
) => void;

/** Sets what is missing, empty or null; keeps what was sent. */
function defaults(target: Json, values: Json): void {
  for (const [key, value] of Object.entries(values)) {
    const present = target[key];
    if (present === undefined || present === null || present === '') target[key] = value;
  }
}

function section(target: Json, key: string): Json {
  if (typeof target[key] !== 'object' || target[key] === null) target[key] = {};
  return target[key] as Json;
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

const FILL: Record<string, Fill> = {
  'microsoft.managedidentity/userassignedidentities': ({ path, properties }) => {
    Object.assign(properties, {
      principalId: guidOf(path, 'principal'),
      clientId: guidOf(path, 'client'),
      tenantId: IDENTITY.tenantId,
    });
  },

  'microsoft.containerregistry/registries': ({ name, body, properties }) => {
    defaults(properties, {
      loginServer: `${name.toLowerCase()}.azurecr.io`,
      creationDate: '2026-01-01T00:00:00Z',
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: false,
      networkRuleBypassOptions: 'AzureServices',
      zoneRedundancy: 'Disabled',
      encryption: { status: 'disabled' },
    });
    defaults(section(properties, 'policies'), {
      quarantinePolicy: { status: 'disabled' },
      trustPolicy: { type: 'Notary', status: 'disabled' },
      retentionPolicy: { days: 7, status: 'disabled' },
      exportPolicy: { status: 'enabled' },
      azureADAuthenticationAsArmPolicy: { status: 'enabled' },
    });
    const sku = section(body, 'sku');
    defaults(sku, { tier: sku.name });
  },

  'microsoft.storage/storageaccounts': ({ name, body, properties, origin }) => {
    const services = ['blob', 'queue', 'table', 'file', 'dfs', 'web'];
    defaults(properties, {
      primaryEndpoints: Object.fromEntries(services.map((service) => [service, `https://${name}.${service}.core.localhost/`])),
      primaryLocation: body.location,
      statusOfPrimary: 'available',
      creationTime: '2026-01-01T00:00:00Z',
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
      publicNetworkAccess: 'Enabled',
      encryption: { services: {}, keySource: 'Microsoft.Storage' },
      minimumTlsVersion: 'TLS1_2',
      allowBlobPublicAccess: true,
      allowSharedKeyAccess: true,
      supportsHttpsTrafficOnly: true,
      isHnsEnabled: false,
      isLocalUserEnabled: true,
      accessTier: 'Hot',
      origin,
    });
    delete properties.origin;
    const sku = section(body, 'sku');
    defaults(sku, { name: 'Standard_LRS' });
    defaults(sku, { tier: String(sku.name).split('_')[0] });
  },

  'microsoft.keyvault/vaults': ({ name, properties }) => {
    defaults(properties, {
      vaultUri: `https://${name}.vault.localhost/`,
      enableSoftDelete: true,
      accessPolicies: [],
      softDeleteRetentionInDays: 90,
      tenantId: IDENTITY.tenantId,
      publicNetworkAccess: 'Enabled',
    });
  },

  'microsoft.operationalinsights/workspaces': ({ path, properties }) => {
    defaults(properties, {
      customerId: guidOf(path, 'customer'),
      retentionInDays: 30,
      sku: { name: 'PerGB2018' },
      publicNetworkAccessForIngestion: 'Enabled',
      publicNetworkAccessForQuery: 'Enabled',
      workspaceCapping: { dailyQuotaGb: -1 },
      features: { enableLogAccessUsingOnlyResourcePermissions: true },
    });
  },

  'microsoft.insights/components': ({ path, properties }) => {
    const key = guidOf(path, 'instrumentation');
    Object.assign(properties, {
      AppId: guidOf(path, 'app'),
      InstrumentationKey: key,
      ConnectionString: `InstrumentationKey=${key}`,
    });
    defaults(properties, { RetentionInDays: 90, SamplingPercentage: 100, Application_Type: 'web' });
  },

  'microsoft.machinelearningservices/workspaces': ({ path, body, properties, origin }) => {
    defaults(body, { kind: 'Default', sku: { name: 'Basic', tier: 'Basic' } });
    defaults(properties, {
      workspaceId: guidOf(path, 'workspace'),
      discoveryUrl: `${origin}/discovery`,
      mlFlowTrackingUri: `azureml://${guidOf(path)}`,
      publicNetworkAccess: 'Enabled',
      hbiWorkspace: false,
      v1LegacyMode: false,
      tenantId: IDENTITY.tenantId,
      managedNetwork: { isolationMode: 'Disabled' },
    });
  },

  'microsoft.machinelearningservices/registries': ({ path, name, properties, origin }) => {
    defaults(properties, { discoveryUrl: `${origin}/discovery` });
    const group = `${groupOf(path).split('/').slice(0, -1).join('/')}/azureml-rg-${name}`;
    for (const region of list(properties.regionDetails)) {
      for (const detail of list(region.acrDetails)) {
        const account = section(detail, 'systemCreatedAcrAccount');
        defaults(account, { acrAccountName: `cr${name.replace(/[^a-z0-9]/gi, '')}` });
        account.armResourceId = {
          resourceId: `${group}/providers/Microsoft.ContainerRegistry/registries/${String(account.acrAccountName)}`,
        };
      }
      for (const detail of list(region.storageAccountDetails)) {
        const account = section(detail, 'systemCreatedStorageAccount');
        defaults(account, { storageAccountName: `st${name.replace(/[^a-z0-9]/gi, '')}`.toLowerCase().slice(0, 24) });
        account.armResourceId = {
          resourceId: `${group}/providers/Microsoft.Storage/storageAccounts/${String(account.storageAccountName)}`,
        };
      }
    }
  },

  'microsoft.machinelearningservices/workspaces/datastores': ({ properties }) => defaults(properties, { isDefault: false }),

  'microsoft.keyvault/vaults/keys': ({ path, name, properties }) => {
    const uri = `https://${lastSegment(parentOf(path))}.vault.localhost/keys/${name}`;
    defaults(properties, {
      keyUri: uri,
      keyUriWithVersion: `${uri}/${guidOf(path).replaceAll('-', '')}`,
      kty: 'RSA',
      keySize: 2048,
    });
  },

  'microsoft.kubernetesconfiguration/extensions': ({ path, properties }) => {
    defaults(properties, {
      currentVersion: '1.0.0',
      provisioningState: 'Succeeded',
      aksAssignedIdentity: { principalId: guidOf(path, 'extension'), tenantId: IDENTITY.tenantId, type: 'UserAssigned' },
    });
  },

  'microsoft.dbforpostgresql/flexibleservers/administrators': ({ name, properties }) => {
    defaults(properties, { objectId: name });
  },

  'microsoft.dataprotection/backupvaults': ({ path, body }) => {
    const identity = section(body, 'identity');
    defaults(identity, { principalId: guidOf(path, 'vault'), tenantId: IDENTITY.tenantId });
  },

  'microsoft.containerservice/managedclusters': ({ path, name, body, properties, put, origin }) => {
    defaults(body, { sku: { name: 'Base', tier: 'Free' } });
    defaults(properties, {
      fqdn: `${String(properties.dnsPrefix ?? 'cluster')}.hcp.localhost`,
      powerState: { code: 'Running' },
      kubernetesVersion: '1.34',
      maxAgentPools: 100,
      nodeResourceGroup: `MC_${name}`,
      enableRBAC: true,
      supportPlan: 'KubernetesOfficial',
    });
    defaults(properties, { currentKubernetesVersion: `${String(properties.kubernetesVersion)}.1` });
    if (section(properties, 'apiServerAccessProfile').enablePrivateCluster)
      properties.privateFQDN = `${name}.privatelink.localhost`;
    const nodeGroup = `${groupOf(path).split('/').slice(0, -1).join('/')}/${String(properties.nodeResourceGroup)}`;
    const identity = `${nodeGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
    defaults(properties, {
      identityProfile: {
        kubeletidentity: {
          resourceId: `${identity}/${name}-agentpool`,
          clientId: guidOf(path, 'kubelet-client'),
          objectId: guidOf(path, 'kubelet'),
        },
      },
    });
    const oidc = section(properties, 'oidcIssuerProfile');
    if (oidc.enabled) oidc.issuerURL = `${origin}/oidc/${guidOf(path, 'oidc')}/`;
    defaults(section(properties, 'networkProfile'), {
      networkPlugin: 'azure',
      loadBalancerSku: 'standard',
      outboundType: 'loadBalancer',
      serviceCidr: '10.0.0.0/16',
      dnsServiceIP: '10.0.0.10',
      podCidr: '10.244.0.0/16',
    });
    for (const [addon, profile] of Object.entries(section(properties, 'addonProfiles') as Record<string, Json>)) {
      if (!profile?.enabled) continue;
      defaults(profile, {
        identity: {
          resourceId: `${identity}/${addon}-${name}`,
          clientId: guidOf(path, addon),
          objectId: guidOf(path, addon, 'object'),
        },
      });
    }
    for (const pool of list(properties.agentPoolProfiles)) {
      defaults(pool, { ...POOL_DEFAULTS, orchestratorVersion: properties.kubernetesVersion });
      const { name: poolName, ...rest } = pool;
      put(`${path}/agentPools/${String(poolName)}`, { properties: { ...rest } });
    }
  },

  'microsoft.containerservice/managedclusters/agentpools': ({ properties }) => defaults(properties, POOL_DEFAULTS),

  'microsoft.network/virtualnetworks': ({ properties }) => {
    defaults(properties, { subnets: [], dhcpOptions: { dnsServers: [] }, privateEndpointVNetPolicies: 'Disabled' });
  },

  'microsoft.network/virtualnetworks/subnets': ({ properties }) => {
    defaults(properties, {
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
      delegations: [],
      defaultOutboundAccess: true,
    });
  },

  'microsoft.network/privateendpoints': ({ path, body, properties, put }) => {
    for (const connection of [
      ...list(properties.privateLinkServiceConnections),
      ...list(properties.manualPrivateLinkServiceConnections),
    ]) {
      defaults(section(connection, 'properties'), { privateLinkServiceConnectionState: { status: 'Approved' } });
    }
    const nic = `${path.replace(/privateEndpoints/i, 'networkInterfaces')}.nic`;
    defaults(properties, { networkInterfaces: [{ id: nic }], customDnsConfigs: [] });
    const address = { privateIPAddress: '10.0.0.4', privateIPAllocationMethod: 'Dynamic' };
    put(nic, { location: body.location, properties: { ipConfigurations: [{ name: 'ip', properties: address }] } });
  },

  'microsoft.network/publicipaddresses': ({ properties }) => {
    defaults(properties, {
      ipAddress: '20.0.0.1',
      publicIPAllocationMethod: 'Static',
      publicIPAddressVersion: 'IPv4',
      idleTimeoutInMinutes: 4,
    });
  },

  'microsoft.network/privatednszones': ({ path, name, properties, put }) => {
    defaults(properties, {
      numberOfRecordSets: 1,
      maxNumberOfRecordSets: 25_000,
      maxNumberOfVirtualNetworkLinks: 1000,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
    });
    const soaRecord = {
      email: 'azureprivatedns-host.microsoft.com',
      host: 'azureprivatedns.net',
      expireTime: 2_419_200,
      minimumTtl: 10,
      refreshTime: 3600,
      retryTime: 300,
      serialNumber: 1,
    };
    put(`${path}/SOA/@`, { properties: { fqdn: `${name}.`, ttl: 3600, soaRecord } });
  },

  'microsoft.network/firewallpolicies': ({ properties }) => defaults(properties, { threatIntelMode: 'Alert' }),
  'microsoft.network/azurefirewalls': ({ properties }) => {
    defaults(properties, { threatIntelMode: 'Alert' });
    for (const configuration of list(properties.ipConfigurations)) {
      defaults(section(configuration, 'properties'), { privateIPAddress: '10.0.0.4' });
    }
  },

  'microsoft.authorization/roleassignments': ({ path, properties }) => {
    defaults(properties, {
      principalType: 'ServicePrincipal',
      scope: path.slice(0, path.search(/\/providers\/Microsoft\.Authorization\//i)),
    });
  },

  'microsoft.monitor/accounts': ({ path, name, properties, origin }) => {
    const insights = `${groupOf(path)}/providers/Microsoft.Insights`;
    defaults(properties, {
      accountId: guidOf(path),
      metrics: { prometheusQueryEndpoint: `${origin}/prometheus/${name}`, internalId: name },
      publicNetworkAccess: 'Enabled',
      defaultIngestionSettings: {
        dataCollectionEndpointResourceId: `${insights}/dataCollectionEndpoints/${name}`,
        dataCollectionRuleResourceId: `${insights}/dataCollectionRules/${name}`,
      },
    });
  },

  'microsoft.dashboard/grafana': ({ name, properties, origin }) => {
    defaults(properties, { endpoint: `${origin}/grafana/${name}`, grafanaVersion: '11.0', outboundIPs: [] });
  },

  'microsoft.insights/datacollectionendpoints': ({ path, properties, origin }) => {
    defaults(properties, {
      immutableId: `dce-${guidOf(path).slice(0, 8)}`,
      configurationAccess: { endpoint: `${origin}/handler` },
      logsIngestion: { endpoint: `${origin}/ingest` },
      metricsIngestion: { endpoint: `${origin}/metrics` },
    });
  },

  'microsoft.insights/datacollectionrules': ({ path, properties }) => {
    defaults(properties, { immutableId: `dcr-${guidOf(path).slice(0, 8)}` });
  },
};

const POOL_DEFAULTS: Json = {
  osType: 'Linux',
  osSKU: 'Ubuntu',
  mode: 'User',
  type: 'VirtualMachineScaleSets',
  powerState: { code: 'Running' },
  provisioningState: 'Succeeded',
  maxPods: 250,
  osDiskSizeGB: 128,
  osDiskType: 'Managed',
  kubeletDiskType: 'OS',
  scaleDownMode: 'Delete',
  nodeImageVersion: 'AKSUbuntu-2404',
};

/** Adds to a body what the service itself fills in. */
export function fillComputed(path: string, body: Json, surroundings: Surroundings): void {
  const properties = section(body, 'properties');
  properties.provisioningState = 'Succeeded';
  fillIdentity(path, body);
  FILL[armType(path)]?.({ ...surroundings, path, name: lastSegment(path), body, properties });
}

function fillIdentity(path: string, body: Json): void {
  const identity = body.identity as Json | undefined;
  const type = String(identity?.type ?? '');
  if (!identity || type === '' || type === 'None') return;
  if (type.includes('SystemAssigned'))
    Object.assign(identity, { principalId: guidOf(path, 'system'), tenantId: IDENTITY.tenantId });
  const assigned = identity.userAssignedIdentities;
  if (typeof assigned === 'object' && assigned !== null) {
    identity.userAssignedIdentities = Object.fromEntries(
      Object.keys(assigned).map((id) => [id, { principalId: guidOf(id, 'principal'), clientId: guidOf(id, 'client') }]),
    );
  }
}
