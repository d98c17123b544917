import type { IMlPlatform } from '../contract';
import type { GpuRequest } from '../gpu';
import type { ContainerImage } from '../tenancy';
import type { DatasetVolume } from './dataset-volume';
import type { ExperimentTracking } from './experiment-tracking';
import type { JobPriority } from './job-priority';

/** What all kinds of jobs have in common. */
export interface JobOptions {
  readonly platform: IMlPlatform;
  /** Tenant in whose namespace and queue it runs, as the contract lists it. */
  readonly tenant: string;
  readonly image: ContainerImage;
  /** Team that answers for it. @default - the tenant's */
  readonly owner?: string;
  /** GPUs of one pod. @default - none: runs on CPU */
  readonly gpu?: GpuRequest;
  /** Cores of one pod. @default 4, with a GPU 8 */
  readonly cpu?: number;
  /** GiB of one pod. @default 16, with a GPU 64 */
  readonly memoryGib?: number;
  /**
   * Whether it bears that its nodes are taken away, as spot nodes are: it must save checkpoints and go on from the last one.
   * @default false
   */
  readonly interruptible?: boolean;
  /** @default JobPriority.STANDARD */
  readonly priority?: JobPriority;
  /** Nothing secret. @default - none */
  readonly env?: { [name: string]: string };
  /** Environment from Kubernetes secrets: name of the variable to "<secret>/<key>". @default - none */
  readonly secretEnv?: { [name: string]: string };
  /** Where runs are recorded. @default - the platform's workspace */
  readonly tracking?: ExperimentTracking;
  /** Data, mounted. @default - none */
  readonly volumes?: DatasetVolume[];
}
