import type { GpuRequest } from '../gpu';
import type { DatasetVolume } from './dataset-volume';
import type { ExperimentTracking } from './experiment-tracking';
import type { JobPriority } from './job-priority';
import type { WorkloadOptions } from './workload-options';

/** What all kinds of jobs have in common; they run in the tenant's queue. */
export interface JobOptions extends WorkloadOptions {
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
  /** Where runs are recorded. @default - the platform's workspace */
  readonly tracking?: ExperimentTracking;
  /** Data, mounted. @default - none */
  readonly volumes?: DatasetVolume[];
}
