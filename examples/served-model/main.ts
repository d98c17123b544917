import { App, TerraformStack } from 'cdktf';
import { PlatformContract } from 'cdktf-ml-platform/contract';
import { GpuRequest, MigProfile } from 'cdktf-ml-platform/gpu';
import { StateBackend } from 'cdktf-ml-platform/platform';
import { InferenceService, ModelFormat, ModelSource } from 'cdktf-ml-platform/serving';

const app = new App();
const stack = new TerraformStack(app, 'risk-prod');
new StateBackend({
  subscriptionId: '30000000-0000-4000-8000-0000000000a1',
  tenantId: '1c0a7d5e-0000-4000-8000-000000000001',
  resourceGroupName: 'rg-contoso-risk-state',
  storageAccountName: 'stcontosoriskstate',
  containerName: 'tfstate',
}).attach(stack); // your team's own state

new InferenceService(stack, 'Fraud', {
  platform: PlatformContract.fromFile(stack, 'Platform', 'contracts/prod.json'),
  tenant: 'risk',
  model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.ONNX),
  gpu: GpuRequest.mig(MigProfile.of('1g.10gb')),
  replicas: { min: 1, max: 4 },
  owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
});

app.synth();
