import { App, LocalBackend, TerraformStack } from 'cdktf';
import { PlatformContract } from 'cdktf-ml-platform/contract';
import { Canary, ModelServer } from 'cdktf-ml-platform/serving';
import { ContainerImage } from 'cdktf-ml-platform/tenancy';

const app = new App();
const stack = new TerraformStack(app, 'risk-prod');
new LocalBackend(stack, { path: 'risk-prod.tfstate' }); // your team's own state; a remote backend in earnest

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
// Needs a gateway on the platform: without one there is no route to split.
if (platform.attributes.serving.gateway) churn.rollout(Canary.of({ revision: NEXT, trafficPercent: 10 }));

app.synth();
