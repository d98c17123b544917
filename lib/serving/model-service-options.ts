import type { GpuRequest } from '../gpu';
import type { Autoscaling } from './autoscaling';
import type { ServiceAccess } from './service-access';
import type { ServiceOptions } from './service-options';

/** How many copies of a model run. */
export interface Replicas {
  /** @default - the profile's servingReplicasMin: 1, in prod 2 */
  readonly min?: number;
  /** @default - as `min` */
  readonly max?: number;
}

/** What a model by KServe and a server of one's own have in common. */
export interface ModelServiceOptions extends ServiceOptions {
  /** @default - none: runs on CPU */
  readonly gpu?: GpuRequest;
  readonly replicas?: Replicas;
  /** What decides how many replicas run. @default Autoscaling.cpu(70) */
  readonly autoscaling?: Autoscaling;
  /** Who may call it. @default - callers with an Entra token where the platform has a gateway, else pods of the tenant alone */
  readonly access?: ServiceAccess;
  /** Arguments of the server. @default - those of the image or of the runtime alone */
  readonly args?: string[];
  /** Environment of the server; nothing secret. @default - none */
  readonly env?: { [name: string]: string };
}
