import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../../lib/contract';
import type { GpuRequest } from '../../lib/gpu';
import { Canary, InferenceService, ModelFormat, ModelSource } from '../../lib/serving';
import { ContainerImage, PriorityClasses } from '../../lib/tenancy';
import { BlobDataset, DatasetVolume, TrainingJob, TrainingPipeline } from '../../lib/training';

const TENANT = 'risk';
const OWNER = { team: 'risk-ml', contact: 'risk-ml@contoso.example' };
const IMAGE_DIGEST = 'sha256:6f1d2b0c7e5a4f3928170b6d5c4e3f2a1908f7e6d5c4b3a29180f7e6d5c4b3a2';

export interface RiskWorkloadsProps {
  readonly platform: IMlPlatform;
  /** GPUs of one training node. */
  readonly trainingGpu: GpuRequest;
  /** Nodes that train together. */
  readonly trainingNodes: number;
  /** Share of requests that the new version of the model answers. */
  readonly canaryPercent: number;
  readonly dependsOn: ITerraformDependable[];
}

/** What the risk team runs: a fraud model on CPU with its successor as a canary, and the way to the next one. */
export class RiskWorkloads extends Construct {
  constructor(scope: Construct, id: string, props: RiskWorkloadsProps) {
    super(scope, id);
    const { platform, dependsOn } = props;
    const fraud = new InferenceService(this, 'Fraud', {
      platform,
      tenant: TENANT,
      model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.SKLEARN),
      replicas: { max: 6 },
      owner: OWNER,
      priorityClass: PriorityClasses.SERVING,
      dependsOn,
    });
    fraud.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: props.canaryPercent }));

    const image = ContainerImage.inRegistry(platform, 'risk/train', IMAGE_DIGEST);
    const work = new BlobDataset(this, 'Work', { platform, tenant: TENANT, container: 'tenant-risk', writable: true, dependsOn });
    new TrainingJob(this, 'Embedding', {
      platform,
      tenant: TENANT,
      image,
      script: ['train.py', '--epochs', '10'],
      nodes: props.trainingNodes,
      gpu: props.trainingGpu,
      cpu: 4,
      memoryGib: 16,
      checkpoints: { claimName: work.claimName },
      interruptible: true,
      dependsOn: [...dependsOn, work.dependable],
    });
    new TrainingPipeline(this, 'Retrain', {
      platform,
      tenant: TENANT,
      image,
      workVolume: DatasetVolume.claim(work.claimName, '/pipeline', true),
      train: { command: ['python', 'train.py'] },
      evaluate: { command: ['python', 'evaluate.py'] },
      gate: { scoreFile: '/pipeline/score.txt', threshold: 0.92 },
      register: { command: ['python', 'register.py'] },
      schedules: ['0 3 * * 1'],
      dependsOn: [...dependsOn, work.dependable],
    });
  }
}
