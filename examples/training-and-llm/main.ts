import { App, TerraformStack } from 'cdktf';
import { PlatformContract } from 'cdktf-ml-platform/contract';
import { GpuRequest } from 'cdktf-ml-platform/gpu';
import { StateBackend } from 'cdktf-ml-platform/platform';
import { Canary, InferenceService, ModelFormat, ModelSource, ServiceAccess } from 'cdktf-ml-platform/serving';
import { ContainerImage } from 'cdktf-ml-platform/tenancy';
import { BlobDataset, ExperimentTracking, TrainingJob, TrainingPipeline } from 'cdktf-ml-platform/training';

const app = new App();
const stack = new TerraformStack(app, 'search-prod');
new StateBackend({
  subscriptionId: '30000000-0000-4000-8000-0000000000a2',
  tenantId: '1c0a7d5e-0000-4000-8000-000000000001',
  resourceGroupName: 'rg-contoso-search-state',
  storageAccountName: 'stcontososearchstate',
  containerName: 'tfstate',
}).attach(stack); // your team's own state

const platform = PlatformContract.fromFile(stack, 'Platform', 'contracts/prod.json');
const owner = { team: 'search-ml', contact: 'search-ml@contoso.example' };
const image = ContainerImage.inRegistry(
  platform,
  'search/ranker-train',
  'sha256:7d1f0c3b5a9e8f2d4c6b0a1e3f5d7c9b8a6f4e2d0c1b3a5f7e9d8c6b4a2f1e0d',
);

// Data to read, and a folder of the team's own to hand models and checkpoints over by.
const clicks = new BlobDataset(stack, 'Clicks', { platform, tenant: 'search', container: 'datasets', folder: 'clicks' });
const work = new BlobDataset(stack, 'Work', { platform, tenant: 'search', container: 'tenant-search', writable: true });
const tracking = ExperimentTracking.azureMl(platform, 'ranker');

// Two nodes with an H100 each, when the queue lets them.
new TrainingJob(stack, 'RankerV4', {
  platform,
  tenant: 'search',
  image,
  script: ['train.py', '--epochs', '10'],
  nodes: 2,
  gpu: GpuRequest.whole(1, { models: ['H100'] }),
  checkpoints: { claimName: work.claimName },
  volumes: [clicks.mountedAt('/data')],
  tracking,
  dependsOn: [clicks.dependable, work.dependable],
});

// Every Monday: only a model that ranks well enough is registered.
new TrainingPipeline(stack, 'RankerWeekly', {
  platform,
  tenant: 'search',
  image,
  train: { command: ['python', 'train.py'], gpu: GpuRequest.whole(1, { models: ['H100'] }) },
  evaluate: { command: ['python', 'evaluate.py'] },
  gate: { scoreFile: '/pipeline/ndcg', threshold: 0.72 },
  register: { command: ['python', 'register.py'] },
  workVolume: work.mountedAt('/pipeline'),
  volumes: [clicks.mountedAt('/data')],
  tracking,
  schedules: ['0 3 * * 1'],
  dependsOn: [clicks.dependable, work.dependable],
});

// The ranker of today, and a tenth of the requests for its successor.
const ranker = new InferenceService(stack, 'Ranker', {
  platform,
  tenant: 'search',
  model: ModelSource.azureBlob('models', 'ranker/3', ModelFormat.SKLEARN),
  owner,
});
ranker.rollout(Canary.of({ revision: 'ranker/4', trafficPercent: 10 }));

// A large language model on a whole H100, for those with the role.
new InferenceService(stack, 'Assistant', {
  platform,
  tenant: 'search',
  model: ModelSource.azureBlob('models', 'assistant/1', ModelFormat.VLLM),
  gpu: GpuRequest.whole(1, { models: ['H100'] }),
  replicas: { min: 1, max: 2 },
  cpu: 16,
  memoryGib: 128,
  args: ['--max-model-len=16384'],
  access: ServiceAccess.entra({ roles: ['Assistant.Use'] }),
  owner,
});

app.synth();
