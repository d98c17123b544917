import { App, LocalBackend, TerraformStack } from 'cdktf';
import { PlatformContract } from 'cdktf-ml-platform/contract';
import { GpuRequest, MigProfile } from 'cdktf-ml-platform/gpu';
import { InferenceService, ModelFormat, ModelSource } from 'cdktf-ml-platform/serving';

const app = new App();
const stack = new TerraformStack(app, 'risk-prod');
new LocalBackend(stack, { path: 'risk-prod.tfstate' }); // your team's own state; a remote backend in earnest

new InferenceService(stack, 'Fraud', {
  platform: PlatformContract.fromFile(stack, 'Platform', 'contracts/prod.json'),
  tenant: 'risk',
  model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.ONNX),
  gpu: GpuRequest.mig(MigProfile.of('1g.10gb')),
  replicas: { min: 1, max: 4 },
  owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
});

app.synth();
