import { App, TerraformStack } from 'cdktf';
import { AzapiProvider } from 'cdktf-ml-platform/azapi';
import { AzureProvider, DataClassification, Environment, ResourceGroup, Stage } from 'cdktf-ml-platform/core';
import { EncryptionKey, KeyVault, MlStorage } from 'cdktf-ml-platform/data';
import { Guardrails } from 'cdktf-ml-platform/guardrails';
import { Principal, WorkloadIdentity } from 'cdktf-ml-platform/identity';
import { Egress, MlNetwork, OutboundUse, PrivateDns } from 'cdktf-ml-platform/network';
import {
  AlertRouting,
  ApplicationInsights,
  Budget,
  DiagnosticSettings,
  LogAnalytics,
  ManagedGrafana,
  MonitorWorkspace,
  PrivateLinkScope,
  PrometheusAlerts,
} from 'cdktf-ml-platform/observability';
import { StateBackend } from 'cdktf-ml-platform/platform';
import { ContainerRegistry } from 'cdktf-ml-platform/registry';
import { ComputeInstance, ComputeVmSize, MlWorkspace } from 'cdktf-ml-platform/workspace';

const SUBSCRIPTION = '30000000-0000-4000-8000-0000000000b0';
const TENANT = '1c0a7d5e-0000-4000-8000-000000000001';
const HUB = '/subscriptions/10000000-0000-4000-8000-000000000000/resourceGroups/rg-contoso-connectivity';

const app = new App();
const stack = new TerraformStack(app, 'claims-prod');
new StateBackend({
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  resourceGroupName: 'rg-contoso-claims-state',
  storageAccountName: 'stcontosoclaimsstate',
  containerName: 'tfstate',
}).attach(stack);
const environment = new Environment({
  project: 'contoso-claims',
  stage: Stage.PROD,
  location: 'westeurope',
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  owner: {
    team: 'claims-ml',
    contact: 'claims-ml@contoso.example',
    costCenter: 'CC-0042',
    dataClassification: DataClassification.RESTRICTED,
  },
});
environment.attach(stack);
AzureProvider.attach(stack, environment);
new AzapiProvider(stack, 'azapi', { subscriptionId: SUBSCRIPTION, tenantId: TENANT });

const resourceGroup = new ResourceGroup(stack, 'ResourceGroup');
const logAnalytics = new LogAnalytics(stack, 'Logs', { resourceGroup, privateOnly: true });

// Peered with the company's hub, names resolved by its zones; what leaves passes a firewall that knows what Azure ML needs.
const network = new MlNetwork(stack, 'Network', {
  resourceGroup,
  addressSpace: '10.60.0.0/20',
  reservedRanges: ['10.0.0.0/20'],
  egress: Egress.firewall({ uses: [OutboundUse.AZURE_ML], allowedFqdns: ['pypi.org', 'files.pythonhosted.org'] }),
  dns: PrivateDns.importedFrom(HUB),
});
network.peer({ name: 'hub', remoteVirtualNetworkId: `${HUB}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-hub` });
const { privateAccess } = network;

// Keys of the company, in hardware, rotated each year, for everything that holds data.
const keyVault = new KeyVault(stack, 'KeyVault', { resourceGroup, privateAccess, hardwareProtected: true });
const keyFor = (purpose: string) => new EncryptionKey(stack, `Key-${purpose}`, { resourceGroup, keyVault, purpose });
const storage = new MlStorage(stack, 'Storage', {
  resourceGroup,
  privateAccess,
  encryptionKey: keyFor('storage'),
  containers: ['models', 'mlflow', 'dvc'],
  lifecycleRules: [{ name: 'old-drafts', prefixes: ['models/drafts/'], coolAfterDays: 30, deleteAfterDays: 365 }],
});
storage.addContainer('claims', { immutabilityDays: 365 }); // nobody rewrites what a decision was made on
const registry = new ContainerRegistry(stack, 'Registry', {
  resourceGroup,
  privateAccess,
  encryptionKey: keyFor('registry'),
  replicas: [{ location: 'northeurope' }],
  cacheRules: [{ name: 'tritonserver', source: 'nvcr.io/nvidia/tritonserver' }],
  images: ['registry.k8s.io/pause:3.10'],
});
const builder = new WorkloadIdentity(stack, 'Builder', { resourceGroup, purpose: 'builder' });
builder.federateGitHub({ repository: 'contoso/claims-models', environment: 'build' });
registry.grantPush(builder);
const insights = new ApplicationInsights(stack, 'Insights', { resourceGroup, logAnalytics, privateOnly: true });
Guardrails.of(insights).acknowledge({
  rule: 'MLP-MON-002',
  finding: 'local-auth',
  reason: 'Azure ML sends telemetry with the connection string; without it jobs and endpoints fall silent.',
  owner: 'claims-ml',
  expires: '2027-05-14',
});
const workspace = new MlWorkspace(stack, 'Workspace', {
  resourceGroup,
  privateAccess,
  storage,
  keyVault,
  registry,
  applicationInsights: insights,
  encryptionKey: keyFor('workspace'),
  provisionNetwork: true, // with the workspace, not half an hour into the first job
});
new ComputeInstance(stack, 'Notebook', {
  workspace,
  assignedUser: Principal.user('claims-analyst', '3a6cb1d2-0000-4000-8000-0000000000aa'),
  vmSize: ComputeVmSize.of('Standard_D4ds_v5'),
  timeZone: 'W. Europe Standard Time',
});

// A private way in for logs and metrics; what they warn of, who sees them, and what it all may cost.
const privateLinkScope = new PrivateLinkScope(stack, 'PrivateLink', { resourceGroup, privateAccess });
privateLinkScope.addLogAnalytics(logAnalytics);
privateLinkScope.addApplicationInsights(insights);
const metrics = new MonitorWorkspace(stack, 'Metrics', { resourceGroup, privateAccess, privateLinkScope });
const routing = new AlertRouting(stack, 'Alerts', { resourceGroup });
new PrometheusAlerts(stack, 'ClusterAlerts', { resourceGroup, monitorWorkspace: metrics, routing });
const grafana = new ManagedGrafana(stack, 'Grafana', { resourceGroup, privateAccess, monitorWorkspaces: [metrics] });
grafana.grantView(Principal.group('claims-ml', '3a6cb1d2-0000-4000-8000-0000000000ab'));
new Budget(stack, 'Budget', { resourceGroup, monthlyAmount: 8000, startMonth: '2026-12' });
DiagnosticSettings.forAll(stack, logAnalytics);

app.synth();
