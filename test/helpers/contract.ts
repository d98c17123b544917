import type { ContractNodePool, PlatformContractAttributes } from '../../lib/contract';
import { OWNER } from './synth';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-contoso-ml-prod-euw`;

function id(type: string, name: string): string {
  return `${GROUP}/providers/${type}/${name}`;
}

/** A pool as a contract lists it; a test overrides the field it is about. */
export function contractPool(overrides: Partial<ContractNodePool> = {}): ContractNodePool {
  return {
    name: 'cpu',
    mode: 'User',
    vmSize: 'Standard_D8ads_v5',
    vcpus: 8,
    memoryGib: 32,
    architecture: 'amd64',
    minCount: 1,
    maxCount: 5,
    spot: false,
    zones: [],
    labels: { 'ml-platform/pool': 'cpu' },
    taints: [],
    ...overrides,
  };
}

const GPU_TAINT = 'nvidia.com/gpu=present:NoSchedule';

/** A pool of A100 cut into MIG instances. */
export const A100_MIG_POOL: ContractNodePool = contractPool({
  name: 'a100',
  vmSize: 'Standard_NC24ads_A100_v4',
  vcpus: 24,
  memoryGib: 220,
  minCount: 0,
  maxCount: 2,
  labels: { 'ml-platform/pool': 'a100', 'ml-platform/gpu-access': 'mig' },
  taints: [GPU_TAINT],
  gpu: {
    model: 'NVIDIA A100 80GB PCIe',
    vendor: 'nvidia',
    count: 1,
    memoryGb: 80,
    driver: 'operator',
    sharing: 'mig',
    migLayout: { '3g.40gb': 2 },
    resources: { 'nvidia.com/mig-3g.40gb': 2 },
  },
});

/** A spot pool of time-sliced T4. */
export const T4_SLICED_POOL: ContractNodePool = contractPool({
  name: 't4',
  vmSize: 'Standard_NC16as_T4_v3',
  vcpus: 16,
  memoryGib: 110,
  minCount: 0,
  maxCount: 4,
  spot: true,
  labels: { 'ml-platform/pool': 't4', 'ml-platform/gpu-access': 'slice' },
  taints: [GPU_TAINT, 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
  gpu: {
    model: 'NVIDIA T4',
    vendor: 'nvidia',
    count: 1,
    memoryGb: 16,
    driver: 'aks',
    sharing: 'time-slicing',
    replicas: 4,
    resources: { 'nvidia.com/gpu': 4 },
  },
});

/** A complete contract; a test overrides the part it is about. */
export function contractAttributes(overrides: Partial<PlatformContractAttributes> = {}): PlatformContractAttributes {
  return {
    contractVersion: '1.0',
    environment: {
      project: 'contoso-ml',
      stage: 'prod',
      strictness: 'prod',
      location: 'westeurope',
      subscriptionId: SUBSCRIPTION,
      tenantId: '11111111-1111-1111-1111-111111111111',
      owner: OWNER,
    },
    resourceGroup: 'rg-contoso-ml-prod-euw',
    network: {
      virtualNetworkId: id('Microsoft.Network/virtualNetworks', 'vnet-contoso-ml-prod-euw'),
      subnetIds: { 'gpu-nodes': id('Microsoft.Network/virtualNetworks', 'vnet-contoso-ml-prod-euw/subnets/gpu') },
    },
    cluster: {
      name: 'aks-contoso-ml-prod-euw',
      id: id('Microsoft.ContainerService/managedClusters', 'aks-contoso-ml-prod-euw'),
      resourceGroup: 'rg-contoso-ml-prod-euw',
    },
    nodePools: [contractPool(), A100_MIG_POOL, T4_SLICED_POOL],
    registry: {
      name: 'crcontoso',
      id: id('Microsoft.ContainerRegistry/registries', 'crcontoso'),
      loginServer: 'crcontoso.azurecr.io',
    },
    workspace: { name: 'mlw-contoso', id: id('Microsoft.MachineLearningServices/workspaces', 'mlw-contoso') },
    storage: {
      name: 'stcontoso',
      id: id('Microsoft.Storage/storageAccounts', 'stcontoso'),
      blobEndpoint: 'https://stcontoso.blob.core.windows.net',
      containers: ['models', 'datasets', 'tenant-risk'],
    },
    keyVault: {
      name: 'kv-contoso',
      id: id('Microsoft.KeyVault/vaults', 'kv-contoso'),
      uri: 'https://kv-contoso.vault.azure.net/',
    },
    logAnalytics: { name: 'log-contoso', id: id('Microsoft.OperationalInsights/workspaces', 'log-contoso') },
    serving: { deploymentMode: 'Standard', namespace: 'kserve' },
    tenants: [
      {
        name: 'risk',
        namespace: 'risk',
        owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
        quota: { cpu: 32, memoryGib: 128, gpus: { 'nvidia.com/mig-3g.40gb': 2 } },
        serviceAccount: 'workload',
        container: 'tenant-risk',
        identity: {
          name: 'id-contoso-ml-prod-euw-risk',
          id: id('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-contoso-ml-prod-euw-risk'),
          resourceGroup: 'rg-contoso-ml-prod-euw',
        },
      },
    ],
    ...overrides,
  };
}

/** What a platform promises beside the least: a gateway, Prometheus, and a queue for the tenant. */
export function fullContract(overrides: Partial<PlatformContractAttributes> = {}): PlatformContractAttributes {
  const base = contractAttributes();
  return {
    ...base,
    serving: {
      ...base.serving,
      gateway: {
        namespace: 'kserve',
        name: 'kserve-ingress-gateway',
        domain: 'ml.contoso.example',
        proxyNamespace: 'envoy-gateway-system',
        audiences: ['api://contoso-ml-prod'],
      },
    },
    monitoring: {
      namespace: 'monitoring',
      prometheusUrl: 'http://prometheus-operated.monitoring.svc:9090',
      runbookUrl: 'https://runbooks.contoso.example/ml',
    },
    tenants: base.tenants.map((tenant) => ({ ...tenant, queue: 'jobs' })),
    ...overrides,
  };
}
