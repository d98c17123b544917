import type { JobOptions } from './job-options';

/** Pods of a Ray cluster: one head, and workers of one kind. The options of the job are those of a worker. */
export interface RayOptions extends JobOptions {
  /** Version of Ray in the image, e.g. "2.52.0". */
  readonly rayVersion: string;
  /** Fewest workers. @default 1 */
  readonly minWorkers?: number;
  /** Most workers; with more than the fewest Ray asks for them as it needs them. @default - as minWorkers */
  readonly maxWorkers?: number;
  /** Cores of the head. @default 2 */
  readonly headCpu?: number;
  /** GiB of the head. @default 8 */
  readonly headMemoryGib?: number;
}
