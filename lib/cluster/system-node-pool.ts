import { Construct } from 'constructs';
import type { ContractNodePool } from '../contract';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { CpuVmSize, NodeTaint } from '../gpu';
import { makeNodePool } from './node-pool-base';
import type { CpuNodePoolProps } from './node-pool-options';

/**
 * One more pool for AKS's own components, beside the one that the cluster is made with: to move them to another size without
 * touching the first, which could replace the cluster.
 */
export class SystemNodePool extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly nodePoolId: string;
  public readonly armId: string;
  /** What the pool promises to those who build on the platform. */
  public readonly pool: ContractNodePool;

  /** @throws when it is spot, or may have no node */
  constructor(scope: Construct, id: string, props: CpuNodePoolProps) {
    super(scope, id);
    const { profile } = Environment.of(this);
    const minCount = props.minCount ?? profile.systemNodesMin;
    if (props.spot || minCount < 1) {
      throw new ConfigurationError(this.node.path, {
        what: props.spot ? 'a system pool cannot be spot' : 'a system pool needs a node at all times',
        got: props.spot ? 'spot: true' : `minCount ${minCount}`,
        allowed: 'regular nodes, minCount 1 or more',
        fix: 'use SpotNodePool or CpuNodePool for workloads',
      });
    }
    const size = props.vmSize ?? CpuVmSize.of('Standard_D4ds_v5');
    const made = makeNodePool(
      this,
      props.cluster,
      { ...props, minCount },
      {
        mode: 'System',
        vmSize: size.name,
        vcpus: size.vcpus,
        memoryGib: size.memoryGib,
        architecture: size.architecture,
        localDiskGib: size.tempDiskGib,
        defaultZones: profile.zoneRedundant ? ['1', '2', '3'] : [],
        labels: {},
        taints: [NodeTaint.SYSTEM],
        drainTimeoutMinutes: 30,
        upgradeInPlace: false,
      },
    );
    this.nodePoolId = made.resource.id;
    this.pool = made.pool;
    this.armId = `${props.cluster.armId}/agentPools/${made.pool.name}`;
  }
}
