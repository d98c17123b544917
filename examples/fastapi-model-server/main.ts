import { App, TerraformStack } from 'cdktf';
import { PlatformContract } from 'cdktf-ml-platform/contract';
import { StateBackend } from 'cdktf-ml-platform/platform';
import { Canary, ModelServer } from 'cdktf-ml-platform/serving';
import { ContainerImage } from 'cdktf-ml-platform/tenancy';

const app = new App();
const stack = new TerraformStack(app, 'risk-prod');
new StateBackend({
  subscriptionId: '30000000-0000-4000-8000-0000000000a1',
  tenantId: '1c0a7d5e-0000-4000-8000-000000000001',
  resourceGroupName: 'rg-contoso-risk-state',
  storageAccountName: 'stcontosoriskstate',
  containerName: 'tfstate',
}).attach(stack); // your team's own state

const platform = PlatformContract.fromFile(stack, 'Platform', 'contracts/prod.json');

// Digests that the build of the image printed: what was tested is what runs.
const CURRENT = 'sha256:4f6b2d1c8a9e0b3d5f7a1c2e4d6f8091a3b5c7d9e1f2031425364758697a8b9c';
const NEXT = 'sha256:9c8b7a69584736251403f2e1d9c7b5a391806f4d2e1c7a5f3d0b9e8a1c2d6b4f';

const churn = new ModelServer(stack, 'Churn', {
  platform,
  tenant: 'risk',
  image: ContainerImage.inRegistry(platform, 'risk/churn', CURRENT),
  owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
  replicas: { min: 2, max: 6 },
  level: { availabilityPercent: 99.9, latencySeconds: 0.25 },
});
churn.rollout(Canary.of({ revision: NEXT, trafficPercent: 10 }));

app.synth();
