import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractGpu, ContractNodePool } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { GpuDriver, GpuSharing, type GpuVmSize, NodeLabel, NodeTaint } from '../gpu';
import {
  DEVICE_PLUGIN_CONFIG_LABEL,
  devicePluginConfigName,
  MIG_CONFIG_LABEL,
  migConfigName,
  OPERANDS_LABEL,
  type SharingData,
} from '../gpu/device-config';
import { checkGpuPool } from '../gpu/gpu-compatibility';
import { NodeOs } from './node-os';
import { makeNodePool } from './node-pool-base';
import type { GpuNodePoolProps } from './node-pool-options';

/** Nodes with GPUs of one VM size, shared in one way. */
export class GpuNodePool extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly nodePoolId: string;
  public readonly armId: string;
  /** What the pool promises to those who build on the platform. */
  public readonly pool: ContractNodePool;

  constructor(scope: Construct, id: string, props: GpuNodePoolProps) {
    super(scope, id);
    const size = props.vmSize;
    const driver = props.driver ?? defaultDriver(size);
    const sharing = props.sharing ?? GpuSharing.none();
    const gpuInstance = checkGpuPool(this.node.path, size, driver, sharing);
    checkOs(this.node.path, size, driver, props.cluster.nodeOs);
    checkReservation(this.node.path, props);
    const gpu = contractGpu(size, driver, sharing);
    if (sharing.kind === 'mig' && (props.minCount ?? 0) === 0) {
      Annotations.of(this).addWarning(
        `${this.node.path}: the autoscaler learns MIG resources from a running node, so the first pod may wait forever while the ` +
          'pool is empty; set minCount: 1 unless you have seen it start from zero',
      );
    }
    const made = makeNodePool(this, props.cluster, props, {
      vmSize: size.name,
      vcpus: size.vcpus,
      memoryGib: size.memoryGib ?? 0,
      architecture: size.architecture,
      localDiskGib: localDisk(size),
      defaultZones: [],
      labels: gpuLabels(size, sharing, driver, props.operatorManaged ?? driver !== GpuDriver.NONE),
      taints: [NodeTaint.GPU],
      tags: templateTags(gpu),
      gpu,
      gpuDriver: driver === GpuDriver.AKS ? 'Install' : 'None',
      gpuInstance,
      proximityPlacementGroupId: props.proximityPlacementGroupId,
      capacityReservationGroupId: props.capacityReservationGroupId,
      drainTimeoutMinutes: 60,
      upgradeInPlace: true, // a surge node needs GPU quota and capacity that are rarely there
    });
    this.nodePoolId = made.resource.id;
    this.pool = made.pool;
    this.armId = `${props.cluster.armId}/agentPools/${made.pool.name}`;
  }
}

function defaultDriver(size: GpuVmSize): GpuDriver {
  if (size.gpuVendor !== 'nvidia') return GpuDriver.NONE;
  return size.driverImage?.startsWith('grid') ? GpuDriver.AKS : GpuDriver.OPERATOR;
}

function contractGpu(size: GpuVmSize, driver: GpuDriver, sharing: GpuSharing): ContractGpu {
  return {
    model: size.gpuModel,
    vendor: size.gpuVendor,
    count: size.gpuCount ?? 0,
    memoryGb: size.gpuMemoryGb ?? 0,
    driver,
    sharing: sharing.kind,
    ...(sharing.replicas === undefined ? {} : { replicas: sharing.replicas }),
    ...(sharing.migLayout ? { migLayout: sharing.migLayout } : {}),
    resources: sharing.resourcesOn(size),
  };
}

function gpuLabels(size: GpuVmSize, sharing: GpuSharing, driver: GpuDriver, operatorManaged: boolean): { [key: string]: string } {
  const data: SharingData = { sharing: sharing.kind, replicas: sharing.replicas, migLayout: sharing.migLayout };
  // Where AKS cuts the GPUs, the operator's MIG manager must not do so again.
  const migConfig = driver === GpuDriver.OPERATOR ? migConfigName(data) : undefined;
  const pluginConfig = sharing.replicas === undefined ? undefined : devicePluginConfigName(data);
  return {
    [NodeLabel.GPU_MODEL]: NodeLabel.modelValue(size.gpuModel),
    [NodeLabel.GPU_ACCESS]: sharing.access,
    ...(migConfig === undefined ? {} : { [MIG_CONFIG_LABEL]: migConfig }),
    ...(pluginConfig === undefined ? {} : { [DEVICE_PLUGIN_CONFIG_LABEL]: pluginConfig }),
    ...(operatorManaged ? {} : { [OPERANDS_LABEL]: 'false' }),
  };
}

/**
 * The upstream autoscaler reads a pool's extended resources from such tags while it has no node. Whether AKS's does is not
 * documented; the tags cost nothing.
 */
function templateTags(gpu: ContractGpu): { [key: string]: string } | undefined {
  if (gpu.sharing !== 'mig') return undefined;
  return Object.fromEntries(
    Object.entries(gpu.resources).map(([name, count]) => [
      `k8s.io_cluster-autoscaler_node-template_resources_${name.replace('/', '_')}`,
      String(count),
    ]),
  );
}

/** Room for an ephemeral OS disk. Of a size with one NVMe disk it would take the whole disk: then it stays managed. */
function localDisk(size: GpuVmSize): number | undefined {
  if (!size.ephemeralOsDisk) return undefined;
  const disks = [size.tempDiskGib, size.cacheDiskGib].filter((gib) => gib !== undefined);
  return disks.length > 0 ? Math.max(...disks) : undefined;
}

function checkOs(path: string, size: GpuVmSize, driver: GpuDriver, os: NodeOs): void {
  if (os === NodeOs.AZURE_LINUX && driver === GpuDriver.OPERATOR) {
    throw new ConfigurationError(path, {
      what: "NVIDIA's operator installs no driver on Azure Linux",
      got: `driver operator on ${os}`,
      allowed: 'driver aks on Azure Linux, or Ubuntu nodes',
      fix: 'use GpuDriver.AKS for this pool, or nodeOs: NodeOs.UBUNTU for the cluster',
    });
  }
  if (os === NodeOs.AZURE_LINUX && !size.nodeOs.some((name) => name.startsWith('azurelinux'))) {
    throw new ConfigurationError(path, {
      what: `${size.name} does not run Azure Linux`,
      got: os,
      allowed: size.nodeOs.join(', '),
      fix: 'use nodeOs: NodeOs.UBUNTU for the cluster',
    });
  }
}

function checkReservation(path: string, props: GpuNodePoolProps): void {
  if (props.capacityReservationGroupId === undefined || props.vmSize.capacityReservation !== false) return;
  throw new ConfigurationError(path, {
    what: `Azure reserves no capacity for ${props.vmSize.name}`,
    got: 'capacityReservationGroupId',
    allowed: 'none on this size',
    fix: 'leave it out, or take a size that can be reserved',
  });
}
