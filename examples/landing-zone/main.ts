import { TerraformStack } from 'cdktf';
import { AzapiProvider } from 'cdktf-ml-platform/azapi';
import { AzureProvider, DataClassification, Environment, ResourceGroup, Stage } from 'cdktf-ml-platform/core';
import { GpuVmSize } from 'cdktf-ml-platform/gpu';
import { Guardrails } from 'cdktf-ml-platform/guardrails';
import { CustomRole, RoleGrant, WorkloadIdentity } from 'cdktf-ml-platform/identity';
import { MlNetwork, PrivateDns } from 'cdktf-ml-platform/network';
import { DiagnosticSettings, LogAnalytics } from 'cdktf-ml-platform/observability';
import { MlPlatform, PlatformApp, StateBackend } from 'cdktf-ml-platform/platform';
import { KubernetesCompute, MlWorkspace } from 'cdktf-ml-platform/workspace';

const SUBSCRIPTION = '30000000-0000-4000-8000-0000000000d0';
const TENANT = '1c0a7d5e-0000-4000-8000-000000000001';
const SPOKE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-contoso-ledger-network/providers`;
const NETWORK = `${SPOKE}/Microsoft.Network/virtualNetworks/vnet-contoso-ledger`;
const MANAGEMENT = '/subscriptions/10000000-0000-4000-8000-000000000000/resourceGroups/rg-contoso-management/providers';

const app = new PlatformApp();
const stack = new TerraformStack(app, 'ledger-prod');
new StateBackend({
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  resourceGroupName: 'rg-contoso-ledger-state',
  storageAccountName: 'stcontosoledgerstate',
  containerName: 'tfstate',
}).attach(stack);
const owner = {
  team: 'ledger-ml',
  contact: 'ledger-ml@contoso.example',
  costCenter: 'CC-0777',
  dataClassification: DataClassification.CONFIDENTIAL,
};
const environment = new Environment({
  project: 'contoso-ledger',
  stage: Stage.PROD,
  location: 'westeurope',
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  owner,
});
environment.attach(stack);
AzureProvider.attach(stack, environment);
new AzapiProvider(stack, 'azapi', { subscriptionId: SUBSCRIPTION, tenantId: TENANT });

// What the landing zone gives: subnets with a route to its firewall, a policy that keeps DNS, a place for logs.
const resourceGroup = new ResourceGroup(stack, 'ResourceGroup');
const network = MlNetwork.fromAttributes(stack, 'Network', {
  virtualNetworkId: NETWORK,
  subnetIds: {
    'system-nodes': `${NETWORK}/subnets/snet-system`,
    'user-nodes': `${NETWORK}/subnets/snet-nodes`,
    'gpu-nodes': `${NETWORK}/subnets/snet-nodes`, // one subnet for both
    'private-endpoints': `${NETWORK}/subnets/snet-endpoints`,
  },
  resourceGroup,
  dns: PrivateDns.policyManaged(),
});
const logAnalytics = LogAnalytics.fromId(
  stack,
  'Logs',
  `${MANAGEMENT}/Microsoft.OperationalInsights/workspaces/log-contoso-central`,
);

const platform = new MlPlatform(stack, 'Platform', {
  network,
  resourceGroup,
  logAnalytics,
  adminGroupObjectIds: ['3a6cb1d2-0000-4000-8000-0000000000d1'],
  cpuPools: { cpu: { minCount: 2, maxCount: 6 } },
  gpuPools: { t4: { vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'), zones: ['1'], maxCount: 2 } },
  tenants: [
    {
      name: 'ledger',
      owner: { team: owner.team, contact: owner.contact },
      quota: { cpu: 32, memoryGib: 128, gpus: { 'nvidia.com/gpu': 2 } },
    },
  ],
  managedMetrics: { grafanaViewers: { 'ledger-ml': '3a6cb1d2-0000-4000-8000-0000000000d2' } },
  budget: { monthlyAmount: 12_000, startMonth: '2026-12' },
});
platform.contract.publish();
Guardrails.of(platform.applicationInsights).acknowledge({
  rule: 'MLP-MON-002',
  finding: 'local-auth',
  reason: 'Azure ML sends telemetry with the connection string; without it jobs and endpoints fall silent.',
  owner: owner.team,
  expires: '2027-05-14',
});

// Features that training and serving share.
const features = new MlWorkspace(stack, 'Features', {
  resourceGroup,
  privateAccess: network.privateAccess,
  storage: platform.workspaceStorage,
  keyVault: platform.keyVault,
  registry: platform.registry,
  applicationInsights: platform.applicationInsights,
  purpose: 'features',
  featureStore: { sparkRuntimeVersion: '3.4' },
});

// Pipelines sign in as an identity, from one repository and environment or one service connection: they deploy models and start
// jobs, and read or change nothing else.
const pipelines = new WorkloadIdentity(stack, 'Pipelines', { resourceGroup, purpose: 'pipelines' });
pipelines.federateGitHub({ repository: 'contoso/ledger-models', environment: 'prod' });
pipelines.federateAzureDevOps({
  organizationId: '4e7f9d0a-0000-4000-8000-0000000000d3',
  organization: 'contoso',
  project: 'ledger',
  serviceConnection: 'ledger-prod',
});
platform.workspace.grantDeployment(pipelines);
const workspaces = 'Microsoft.MachineLearningServices/workspaces';
const jobRunner = new CustomRole(stack, 'JobRunner', {
  roleName: 'Azure ML job runner (contoso-ledger)',
  scopeId: environment.resourceGroupId(resourceGroup.resourceGroupName),
  scopeArmId: resourceGroup.armId,
  actions: [`${workspaces}/read`, `${workspaces}/computes/read`, `${workspaces}/jobs/*`, `${workspaces}/components/read`],
});
for (const workspace of [platform.workspace, features]) {
  RoleGrant.on(workspace, {
    principal: pipelines,
    role: jobRunner,
    resourceId: workspace.workspaceId,
    armId: workspace.armId,
  });
}

// Azure ML's extension signs in with a local account, which the platform's cluster has not: jobs get a cluster of their own.
new KubernetesCompute(stack, 'Jobs', {
  workspace: platform.workspace,
  cluster: {
    clusterId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-contoso-ledger-jobs/providers/Microsoft.ContainerService/managedClusters/aks-contoso-ledger-jobs`,
    localAccountsDisabled: false,
  },
  computeName: 'aks-jobs',
  inference: false,
  instanceTypes: {
    cpu: { cpu: '4', memory: '16Gi' },
    t4: { cpu: '8', memory: '56Gi', gpus: 1, nodeSelector: { 'kubernetes.azure.com/accelerator': 'nvidia' } },
  },
});
DiagnosticSettings.forAll(stack, logAnalytics); // of what stands beside the platform

app.synth();
