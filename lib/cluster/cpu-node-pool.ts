import { Construct } from 'constructs';
import type { ContractNodePool } from '../contract';
import { Environment } from '../core';
import { CpuVmSize } from '../gpu';
import { makeNodePool } from './node-pool-base';
import type { CpuNodePoolProps } from './node-pool-options';

/** Nodes without GPUs, for controllers, preprocessing and models that need none. */
export class CpuNodePool extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly nodePoolId: string;
  public readonly armId: string;
  /** What the pool promises to those who build on the platform. */
  public readonly pool: ContractNodePool;

  constructor(scope: Construct, id: string, props: CpuNodePoolProps) {
    super(scope, id);
    const size = props.vmSize ?? CpuVmSize.of('Standard_D8ds_v5');
    const made = makeNodePool(this, props.cluster, props, {
      vmSize: size.name,
      vcpus: size.vcpus,
      memoryGib: size.memoryGib,
      architecture: size.architecture,
      localDiskGib: size.tempDiskGib,
      defaultZones: Environment.of(this).profile.zoneRedundant ? ['1', '2', '3'] : [],
      labels: {},
      taints: [],
      drainTimeoutMinutes: 30,
      upgradeInPlace: false,
    });
    this.nodePoolId = made.resource.id;
    this.pool = made.pool;
    this.armId = `${props.cluster.armId}/agentPools/${made.pool.name}`;
  }
}
