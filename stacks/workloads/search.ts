import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../../lib/contract';
import type { GpuRequest } from '../../lib/gpu';
import { InferenceService, ModelFormat, ModelServer, ModelSource } from '../../lib/serving';
import { ContainerImage, PriorityClasses } from '../../lib/tenancy';

const TENANT = 'search';
const OWNER = { team: 'search-ml', contact: 'search-ml@contoso.example' };
const RANKER_DIGEST = 'sha256:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809';

export interface SearchWorkloadsProps {
  readonly platform: IMlPlatform;
  /** GPUs of the language model. @default - none: no language model here */
  readonly languageModelGpu?: GpuRequest;
  readonly dependsOn: ITerraformDependable[];
}

/** What the search team runs: a ranker of its own making, and a language model where there are GPUs for it. */
export class SearchWorkloads extends Construct {
  constructor(scope: Construct, id: string, props: SearchWorkloadsProps) {
    super(scope, id);
    const { platform, languageModelGpu, dependsOn } = props;
    new ModelServer(this, 'Ranker', {
      platform,
      tenant: TENANT,
      image: ContainerImage.inRegistry(platform, 'search/ranker', RANKER_DIGEST),
      replicas: { max: 4 },
      owner: OWNER,
      priorityClass: PriorityClasses.SERVING,
      dependsOn,
    });
    if (!languageModelGpu) return;
    new InferenceService(this, 'Answers', {
      platform,
      tenant: TENANT,
      model: ModelSource.azureBlob('models', 'answers/3', ModelFormat.VLLM),
      gpu: languageModelGpu,
      cpu: 16,
      memoryGib: 96,
      owner: OWNER,
      priorityClass: PriorityClasses.SERVING,
      dependsOn,
    });
  }
}
