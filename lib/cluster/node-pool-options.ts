import type { CpuVmSize, GpuDriver, GpuSharing, GpuVmSize } from '../gpu';
import type { ISubnet } from '../network';
import type { IKubernetesCluster } from './kubernetes-cluster';

/** What all pools have in common. */
export interface NodePoolOptions {
  /** 1-12 lower-case letters and digits, letter first. @default - the construct's id, lower-cased */
  readonly name?: string;
  /** Fewest nodes, 0-1000. @default 0 */
  readonly minCount?: number;
  /** Most nodes, 1-1000, more than `minCount`. */
  readonly maxCount: number;
  /** Azure's unused capacity at a discount; it may be taken away at 30 seconds' notice. @default false */
  readonly spot?: boolean;
  /** Most USD for an hour of a spot VM, -1 for up to the regular price. @default -1 */
  readonly spotMaxPrice?: number;
  /** Availability zones, e.g. ["1"]. @default - for CPU pools all three where the profile is zone-redundant; for GPU pools none: capacity first */
  readonly zones?: string[];
  /** @default - the cluster's node subnet */
  readonly subnet?: ISubnet;
  /** Labels beside our own. @default - none */
  readonly labels?: { [key: string]: string };
  /** Taints beside our own, e.g. "team=risk:NoSchedule". @default - none */
  readonly taints?: string[];
  /** GiB of OS disk; images for ML are large. @default 128 */
  readonly osDiskSizeGib?: number;
  /** @default - ephemeral where `osDiskSizeGib` fits on the size's local disk, else managed */
  readonly ephemeralOsDisk?: boolean;
  /** Pods a node runs at most, 30-250. @default 110 */
  readonly maxPods?: number;
  /**
   * Encrypts temporary disks and caches on the host. Needs the feature EncryptionAtHost in the subscription.
   * @default true
   */
  readonly hostEncryption?: boolean;
}

export interface CpuPoolOptions extends NodePoolOptions {
  /** @default - Standard_D8ds_v5 */
  readonly vmSize?: CpuVmSize;
}

export interface CpuNodePoolProps extends CpuPoolOptions {
  readonly cluster: IKubernetesCluster;
}

export interface GpuPoolOptions extends NodePoolOptions {
  readonly vmSize: GpuVmSize;
  /** @default - the GPU operator; AKS where the size needs the GRID driver; none for AMD */
  readonly driver?: GpuDriver;
  /** @default - GPUs stay whole */
  readonly sharing?: GpuSharing;
  /** Keeps the GPU operator off the nodes, where another device plugin serves them. @default true, false for driver NONE */
  readonly operatorManaged?: boolean;
  /** ARM id of a proximity placement group, for low latency between nodes. @default - none */
  readonly proximityPlacementGroupId?: string;
  /** ARM id of a capacity reservation group, so that the nodes can be had when needed. Not for spot. @default - none */
  readonly capacityReservationGroupId?: string;
}

export interface GpuNodePoolProps extends GpuPoolOptions {
  readonly cluster: IKubernetesCluster;
}
