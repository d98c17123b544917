import { TerraformStack } from 'cdktf';
import { AzapiProvider } from 'cdktf-ml-platform/azapi';
import { AzureProvider, DataClassification, Environment, ResourceGroup, Stage } from 'cdktf-ml-platform/core';
import { KeyVault, MlStorage } from 'cdktf-ml-platform/data';
import { GpuVmSize } from 'cdktf-ml-platform/gpu';
import { Guardrails } from 'cdktf-ml-platform/guardrails';
import { CustomRole, Principal, RoleGrant, WorkloadIdentity } from 'cdktf-ml-platform/identity';
import { Egress, MlNetwork, PrivateDns } from 'cdktf-ml-platform/network';
import { ApplicationInsights, Budget, DiagnosticSettings, LogAnalytics } from 'cdktf-ml-platform/observability';
import { MlPlatform, PlatformApp, StateBackend } from 'cdktf-ml-platform/platform';
import { ContainerRegistry } from 'cdktf-ml-platform/registry';
import {
  KubernetesCompute,
  ManagedNetworkIsolation,
  ManagedNetworkRule,
  MlWorkspace,
  OnlineEndpoint,
} from 'cdktf-ml-platform/workspace';

const SUBSCRIPTION = '30000000-0000-4000-8000-0000000000d0';
const TENANT = '1c0a7d5e-0000-4000-8000-000000000001';
const SPOKE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-contoso-ledger-network/providers`;
const NETWORK = `${SPOKE}/Microsoft.Network/virtualNetworks/vnet-contoso-ledger`;
const JOBS_CLUSTER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-contoso-ledger-jobs/providers/Microsoft.ContainerService/managedClusters/aks-contoso-ledger-jobs`;
const MANAGEMENT = '/subscriptions/10000000-0000-4000-8000-000000000000/resourceGroups/rg-contoso-management/providers';

const app = new PlatformApp();
const state = new StateBackend({
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  resourceGroupName: 'rg-contoso-ledger-state',
  storageAccountName: 'stcontosoledgerstate',
  containerName: 'tfstate',
});
const owner = {
  team: 'ledger-ml',
  contact: 'ledger-ml@contoso.example',
  costCenter: 'CC-0777',
  dataClassification: DataClassification.CONFIDENTIAL,
};

function stackOf(name: string, stage: Stage): TerraformStack {
  const stack = new TerraformStack(app, name);
  state.attach(stack);
  const environment = new Environment({
    project: 'contoso-ledger',
    stage,
    location: 'westeurope',
    subscriptionId: SUBSCRIPTION,
    tenantId: TENANT,
    owner,
  });
  environment.attach(stack);
  AzureProvider.attach(stack, environment);
  new AzapiProvider(stack, 'azapi', { subscriptionId: SUBSCRIPTION, tenantId: TENANT });
  return stack;
}

const stack = stackOf('ledger-prod', Stage.PROD);
// What the landing zone gives: a network whose way out is the company's firewall, a policy that keeps DNS, a place for logs. The
// platform cuts its subnets from the range that it was given.
const resourceGroup = new ResourceGroup(stack, 'ResourceGroup');
const network = new MlNetwork(stack, 'Network', {
  resourceGroup,
  virtualNetworkId: NETWORK,
  addressSpace: '10.70.0.0/20',
  reservedRanges: ['172.16.0.0/16', '192.168.0.0/16'], // services and pods of the cluster
  egress: Egress.appliance('10.0.0.4'),
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
if (platform.clusterBackup) {
  Guardrails.of(platform.clusterBackup.snapshotResourceGroup).acknowledge({
    rule: 'MLP-IAM-002',
    finding: 'contributor',
    reason: 'Azure Backup wants the cluster to be Contributor of the group of its snapshots; the group holds nothing else.',
    owner: owner.team,
    expires: '2027-05-14',
  });
}
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
  scopeId: Environment.of(stack).resourceGroupId(resourceGroup.resourceGroupName),
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
    clusterId: JOBS_CLUSTER,
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

// A lab beside it, in a spoke that stands with its subnets and has no way out: private endpoints, and Azure ML's own network.
const lab = stackOf('ledger-lab', Stage.DEV);
const labGroup = new ResourceGroup(lab, 'ResourceGroup');
const LAB_NETWORK = `${SPOKE}/Microsoft.Network/virtualNetworks/vnet-contoso-ledger-lab`;
const labNetwork = MlNetwork.fromAttributes(lab, 'Network', {
  virtualNetworkId: LAB_NETWORK,
  subnetIds: { 'private-endpoints': `${LAB_NETWORK}/subnets/snet-endpoints` },
  resourceGroup: labGroup,
  egress: Egress.none(),
  dns: PrivateDns.policyManaged(),
});
const labParts = { resourceGroup: labGroup, privateAccess: labNetwork.privateAccess };
const labLogs = LogAnalytics.fromId(lab, 'Logs', logAnalytics.armId);
const labWorkspace = new MlWorkspace(lab, 'Workspace', {
  ...labParts,
  storage: new MlStorage(lab, 'Storage', labParts),
  keyVault: new KeyVault(lab, 'KeyVault', labParts),
  registry: new ContainerRegistry(lab, 'Registry', labParts),
  applicationInsights: new ApplicationInsights(lab, 'Insights', { resourceGroup: labGroup, logAnalytics: labLogs }),
  isolation: ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND,
  outboundRules: {
    'python-packages': ManagedNetworkRule.fqdn('pypi.org'),
    'python-files': ManagedNetworkRule.fqdn('files.pythonhosted.org'),
    'azure-monitor': ManagedNetworkRule.serviceTag('AzureMonitor', { ports: '443' }),
  },
});
// Models that analysts try out share the cluster of the jobs; there Azure ML gives tokens of its own instead of Entra's.
const trials = new KubernetesCompute(lab, 'Trials', {
  workspace: labWorkspace,
  cluster: { clusterId: JOBS_CLUSTER, localAccountsDisabled: false },
  computeName: 'aks-trials',
  namespace: 'trials',
  training: false,
  sslSecret: 'scoring-tls',
  sslCname: 'trials.ledger.contoso.example',
  instanceTypes: { small: { cpu: '1', memory: '4Gi' } },
});
const trial = new OnlineEndpoint(lab, 'Trial', { workspace: labWorkspace, purpose: 'trial', compute: trials });
trial.addDeployment('blue', {
  model: 'azureml://registries/mlr-contoso-ml-shared-euw/models/anomalies/versions/3',
  instanceType: 'small',
});
trial.route({ blue: 100 });
labWorkspace.grantComputeOperator(Principal.group('ledger-analysts', '3a6cb1d2-0000-4000-8000-0000000000d4'));
new Budget(lab, 'Budget', { resourceGroup: labGroup, monthlyAmount: 500, startMonth: '2026-12' });
DiagnosticSettings.forAll(lab, labLogs);

app.synth();
