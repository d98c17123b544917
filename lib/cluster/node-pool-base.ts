import { KubernetesClusterNodePool } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ContractGpu, ContractNodePool } from '../contract';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { NodeLabel, NodeTaint } from '../gpu';
import type { IKubernetesCluster } from './kubernetes-cluster';
import type { NodePoolOptions } from './node-pool-options';

/** What a pool of a kind adds to what all have in common. */
export interface NodePoolKind {
  /** @default "User" */
  readonly mode?: string;
  readonly vmSize: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly architecture: string;
  /** GiB of local disk that an ephemeral OS disk can use. */
  readonly localDiskGib?: number;
  readonly defaultZones: string[];
  readonly labels: { [key: string]: string };
  readonly taints: string[];
  readonly tags?: { [key: string]: string };
  readonly gpu?: ContractGpu;
  readonly gpuDriver?: string;
  readonly gpuInstance?: string;
  readonly proximityPlacementGroupId?: string;
  readonly capacityReservationGroupId?: string;
  /** Minutes that pods get to finish before an upgrade goes on without them. */
  readonly drainTimeoutMinutes: number;
  /** Upgrade takes nodes away instead of adding new ones first. */
  readonly upgradeInPlace: boolean;
}

/** A pool, made. */
export interface MadeNodePool {
  readonly resource: KubernetesClusterNodePool;
  readonly pool: ContractNodePool;
}

/** Local name under which AKS keeps pods running while it replaces a pool. */
export function rotationName(name: string): string {
  return `${name.slice(0, 9)}tmp`;
}

/** The pool's name: as given, or the construct's id in the letters that AKS takes. */
export function poolName(scope: Construct, given: string | undefined): string {
  const name = given ?? scope.node.id.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Environment.of(scope).name(scope, 'azurerm_kubernetes_cluster_node_pool', undefined, name).name;
}

/** Whether an OS disk of this size goes to the node's own disk. */
export function osDiskType(path: string, wanted: boolean | undefined, sizeGib: number, localDiskGib: number | undefined): string {
  const fits = localDiskGib !== undefined && sizeGib <= localDiskGib;
  if (wanted && !fits) {
    throw new ConfigurationError(path, {
      what: 'ephemeral OS disk does not fit',
      got: `${sizeGib} GiB`,
      allowed: localDiskGib === undefined ? 'a managed OS disk: the size has no local disk' : `up to ${localDiskGib} GiB`,
      fix: 'set osDiskSizeGib, or leave ephemeralOsDisk out',
    });
  }
  return (wanted ?? fits) ? 'Ephemeral' : 'Managed';
}

/** Makes a user pool and tells its cluster. */
export function makeNodePool(
  scope: Construct,
  cluster: IKubernetesCluster,
  options: NodePoolOptions,
  kind: NodePoolKind,
): MadeNodePool {
  const environment = Environment.of(scope);
  const path = scope.node.path;
  const name = poolName(scope, options.name);
  const minCount = options.minCount ?? 0;
  checkCounts(path, minCount, options.maxCount);
  const spot = options.spot ?? false;
  checkSpot(path, options, spot, kind);
  const zones = options.zones ?? kind.defaultZones;
  const osDiskSizeGib = options.osDiskSizeGib ?? 128;
  const pool: ContractNodePool = {
    name,
    mode: kind.mode ?? 'User',
    vmSize: kind.vmSize,
    vcpus: kind.vcpus,
    memoryGib: kind.memoryGib,
    architecture: kind.architecture,
    minCount,
    maxCount: options.maxCount,
    spot,
    zones,
    labels: {
      ...options.labels,
      ...kind.labels,
      [NodeLabel.POOL]: name,
      ...(spot ? { 'kubernetes.azure.com/scalesetpriority': 'spot' } : {}),
    },
    taints: [...kind.taints, ...(spot ? [NodeTaint.SPOT] : []), ...(options.taints ?? [])],
    ...(options.maxPods === undefined ? {} : { maxPods: options.maxPods }),
    ...(kind.gpu ? { gpu: kind.gpu } : {}),
  };
  const resource = new KubernetesClusterNodePool(scope, 'Default', {
    name,
    kubernetesClusterId: cluster.clusterId,
    vmSize: kind.vmSize,
    mode: pool.mode,
    osType: 'Linux',
    osSku: cluster.nodeOs,
    vnetSubnetId: (options.subnet ?? cluster.nodeSubnet).subnetId,
    zones: zones.length > 0 ? zones : undefined,
    autoScalingEnabled: true,
    minCount,
    maxCount: options.maxCount,
    maxPods: options.maxPods ?? 110,
    nodeLabels: pool.labels,
    nodeTaints: pool.taints.length > 0 ? pool.taints : undefined,
    nodePublicIpEnabled: false,
    hostEncryptionEnabled: options.hostEncryption ?? true,
    osDiskType: osDiskType(path, options.ephemeralOsDisk, osDiskSizeGib, kind.localDiskGib),
    osDiskSizeGb: osDiskSizeGib,
    scaleDownMode: 'Delete',
    gpuDriver: kind.gpuDriver,
    gpuInstance: kind.gpuInstance,
    proximityPlacementGroupId: kind.proximityPlacementGroupId,
    capacityReservationGroupId: kind.capacityReservationGroupId,
    // Without a name for rotation, a change that AKS makes by replacing the pool fails at apply.
    temporaryNameForRotation: rotationName(name),
    tags: { ...environment.tags, ...kind.tags },
    // AKS refuses upgrade settings on spot pools.
    ...(spot
      ? { priority: 'Spot', evictionPolicy: 'Delete', spotMaxPrice: options.spotMaxPrice ?? -1 }
      : {
          priority: 'Regular',
          upgradeSettings: {
            ...(kind.upgradeInPlace ? { maxUnavailable: '1' } : { maxSurge: '33%' }),
            // Stated from the start: taking it back later would replace the pool.
            drainTimeoutInMinutes: kind.drainTimeoutMinutes,
            nodeSoakDurationInMinutes: 0,
          },
        }),
  });
  cluster.registerNodePool(pool);
  return { resource, pool };
}

function checkCounts(path: string, minCount: number, maxCount: number): void {
  if (Token.isUnresolved(minCount) || Token.isUnresolved(maxCount)) return;
  const whole = Number.isInteger(minCount) && Number.isInteger(maxCount);
  if (whole && minCount >= 0 && maxCount <= 1000 && minCount < maxCount) return;
  throw new ConfigurationError(path, {
    what: 'node counts are not valid',
    got: `minCount ${minCount}, maxCount ${maxCount}`,
    allowed: 'whole numbers, 0 <= minCount < maxCount <= 1000',
    fix: 'leave the autoscaler room, e.g. minCount: 0, maxCount: 4',
  });
}

function checkSpot(path: string, options: NodePoolOptions, spot: boolean, kind: NodePoolKind): void {
  if (!spot && options.spotMaxPrice !== undefined) {
    throw new ConfigurationError(path, {
      what: 'spotMaxPrice on a pool that is not spot',
      got: String(options.spotMaxPrice),
      allowed: 'spotMaxPrice with spot: true',
      fix: 'set spot: true or leave the price out',
    });
  }
  if (spot && options.spotMaxPrice !== undefined && options.spotMaxPrice !== -1 && options.spotMaxPrice < 0.00001) {
    throw new ConfigurationError(path, {
      what: 'spotMaxPrice is not valid',
      got: String(options.spotMaxPrice),
      allowed: '-1 (up to the regular price), or USD per hour from 0.00001 on',
      fix: 'leave it out: evictions by price help nobody',
    });
  }
  if (spot && kind.capacityReservationGroupId !== undefined) {
    throw new ConfigurationError(path, {
      what: 'spot capacity cannot be reserved',
      got: 'spot: true with capacityReservationGroupId',
      allowed: 'one of the two',
      fix: 'leave spot out to use the reservation',
    });
  }
}
