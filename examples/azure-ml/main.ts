import { App, TerraformStack } from 'cdktf';
import { AzapiProvider } from 'cdktf-ml-platform/azapi';
import { AzureProvider, DataClassification, Environment, ResourceGroup, Stage } from 'cdktf-ml-platform/core';
import { MlStorage } from 'cdktf-ml-platform/data';
import { AlertRouting, Budget, OnlineEndpointAlerts } from 'cdktf-ml-platform/observability';
import { StateBackend } from 'cdktf-ml-platform/platform';
import { ModelRegistry, RegistryModel } from 'cdktf-ml-platform/registry';
import {
  BatchEndpoint,
  ComputeCluster,
  ComputeVmSize,
  Connection,
  Datastore,
  JobSchedule,
  JobSpec,
  MlComponent,
  MlEnvironment,
  MlWorkspace,
  ModelMonitor,
  MonitorSignal,
  MonitorTask,
  OnlineEndpoint,
  ScheduleTrigger,
} from 'cdktf-ml-platform/workspace';

// What the platform team made: ids from its contract file.
const SUBSCRIPTION = '30000000-0000-4000-8000-0000000000f0';
const PLATFORM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-contoso-ml-prod-euw/providers`;

const app = new App();
const stack = new TerraformStack(app, 'churn-prod');
new StateBackend({
  subscriptionId: '30000000-0000-4000-8000-0000000000f0',
  tenantId: '1c0a7d5e-0000-4000-8000-000000000001',
  resourceGroupName: 'rg-contoso-churn-state',
  storageAccountName: 'stcontosochurnstate',
  containerName: 'tfstate',
}).attach(stack); // your team's own state
const environment = new Environment({
  project: 'contoso-churn',
  stage: Stage.PROD,
  location: 'westeurope',
  subscriptionId: SUBSCRIPTION,
  tenantId: '1c0a7d5e-0000-4000-8000-000000000001',
  owner: {
    team: 'churn-ml',
    contact: 'churn-ml@contoso.example',
    costCenter: 'CC-0815',
    dataClassification: DataClassification.CONFIDENTIAL,
  },
});
environment.attach(stack);
AzureProvider.attach(stack, environment);
new AzapiProvider(stack, 'azapi', { subscriptionId: SUBSCRIPTION });

const resourceGroup = new ResourceGroup(stack, 'ResourceGroup');
const workspace = MlWorkspace.fromId(
  stack,
  'Workspace',
  `${PLATFORM}/Microsoft.MachineLearningServices/workspaces/mlw-contoso-ml-prod-euw`,
);
const storage = MlStorage.fromId(stack, 'Storage', `${PLATFORM}/Microsoft.Storage/storageAccounts/stcontosomlprodeuwdagk4r`);
const registry = ModelRegistry.fromId(
  stack,
  'Registry',
  '/subscriptions/20000000-0000-4000-8000-000000000000/resourceGroups/rg-contoso-ml-shared-euw/providers/Microsoft.MachineLearningServices/registries/mlr-contoso-ml-shared-euw',
);

// Training: nodes that come with a job and go with it, an image by its version, once a week.
const train = new ComputeCluster(stack, 'Train', {
  workspace,
  purpose: 'churn-train',
  vmSize: ComputeVmSize.of('Standard_NC16as_T4_v3'),
  maxNodes: 2,
});
const image = new MlEnvironment(stack, 'Image', {
  workspace,
  environmentName: 'churn-train',
  image: 'mcr.microsoft.com/azureml/openmpi5.0-cuda12.4-ubuntu22.04:20250601.v1',
  condaFile: ['name: churn', 'dependencies:', '  - python=3.11', '  - pip:', '      - xgboost==3.0.5'].join('\n'),
});
const datasets = new Datastore(stack, 'Datasets', { workspace, storage, container: 'datasets', dataLake: true });
new MlComponent(stack, 'Prepare', {
  workspace,
  componentName: 'churn-prepare',
  description: 'Cleans a month of events; shared by the pipelines of the team.',
  componentSpec: {
    $schema: 'https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json',
    type: 'command',
    inputs: { events: { type: 'uri_folder' } },
    outputs: { features: { type: 'uri_folder' } },
    command: 'python prepare.py --events ${{inputs.events}} --features ${{outputs.features}}',
    environment: `azureml:${image.environmentId}`,
  },
});
// Names of products from a language model of the company, as whoever runs the job: no key.
new Connection(stack, 'LanguageModel', {
  workspace,
  connectionName: 'language-model',
  category: 'AzureOpenAI',
  target: 'https://contoso-language.openai.azure.com',
  metadata: { ApiVersion: '2024-10-21', ApiType: 'Azure' },
});
new JobSchedule(stack, 'Retrain', {
  workspace,
  scheduleName: 'churn-retrain',
  trigger: ScheduleTrigger.cron('0 3 * * 1', { timeZone: 'W. Europe Standard Time' }),
  job: JobSpec.command({
    command: 'python train.py --data ${{inputs.data}}',
    environmentId: image.environmentId,
    computeId: train.computeId,
    inputFolders: { data: datasets.uri('churn') },
    experimentName: 'churn',
    timeoutMinutes: 240,
  }),
});

// Promotion: the version that passed its tests, from the workspace into the registry that prod deploys from.
new RegistryModel(stack, 'Promoted', {
  registry,
  modelName: 'churn',
  version: '9',
  modelUri: 'azureml://locations/westeurope/workspaces/5b0f0c1e-0000-4000-8000-0000000000c1/models/churn/versions/41',
  modelTags: { job: 'churn-retrain-2026-11-16' },
});

// Serving: the new version beside the old one, with a tenth of the traffic; its requests are kept to be watched.
const endpoint = new OnlineEndpoint(stack, 'Churn', { workspace, purpose: 'churn' });
const vmSize = ComputeVmSize.of('Standard_D4ds_v5');
const dataCollection = { samplingPercent: 20 };
endpoint.addDeployment('blue', { model: registry.modelUri('churn', '7'), vmSize, dataCollection });
const green = endpoint.addDeployment('green', {
  model: registry.modelUri('churn', '8'),
  vmSize,
  dataCollection,
  scaling: { minInstances: 2, maxInstances: 6 },
});
// A third version gets a copy of some requests, and nobody sees its answers.
endpoint.addDeployment('shadow', { model: registry.modelUri('churn', '9'), vmSize, dataCollection });
endpoint.route({ blue: 90, green: 10 }, { shadow: 10 });

const batch = new BatchEndpoint(stack, 'Scores', { workspace, purpose: 'churn-batch' });
batch.addDeployment('monthly', { model: registry.modelUri('churn', '7'), compute: train, outputFileName: 'scores.csv' });
batch.useAsDefault('monthly');

// Watching: drift by the data, latency and failures by the endpoint.
const trainingData = { uri: 'azureml:churn-training:3', context: 'training' };
new ModelMonitor(stack, 'Monitor', {
  workspace,
  monitorName: 'churn-drift',
  task: MonitorTask.CLASSIFICATION,
  deployment: green,
  signals: {
    inputs: MonitorSignal.dataDrift({ production: { uri: 'azureml:churn-inputs:1', windowDays: 7 }, reference: trainingData }),
    quality: MonitorSignal.dataQuality({
      production: { uri: 'azureml:churn-inputs:1', windowDays: 7 },
      reference: trainingData,
    }),
    importance: MonitorSignal.featureAttributionDrift({
      inputs: { uri: 'azureml:churn-inputs:1', windowDays: 7 },
      outputs: { uri: 'azureml:churn-outputs:1', windowDays: 7 },
      reference: trainingData,
      targetColumn: 'churned',
    }),
    predictions: MonitorSignal.predictionDrift({
      production: { uri: 'azureml:churn-outputs:1', windowDays: 7 },
      reference: trainingData,
    }),
  },
  alertContacts: ['churn-ml@contoso.example'],
});
new Budget(stack, 'Budget', { resourceGroup, monthlyAmount: 2000, startMonth: '2026-12' });
const routing = new AlertRouting(stack, 'Alerts', { resourceGroup });
new OnlineEndpointAlerts(stack, 'ChurnAlerts', { resourceGroup, endpoint, routing, latencyP95Milliseconds: 300 });

app.synth();
