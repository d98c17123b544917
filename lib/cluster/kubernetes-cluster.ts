import type { IConstruct } from 'constructs';
import type { ContractNodePool } from '../contract';
import type { ISubnet } from '../network';
import type { NodeOs } from './node-os';

/** A cluster as its node pools need it. */
export interface IKubernetesCluster extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly clusterId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly clusterName: string;
  /** Subnet of nodes that name no other. */
  readonly nodeSubnet: ISubnet;
  readonly nodeOs: NodeOs;
  /** Pools with what they promise, the system pool first. */
  readonly nodePools: ContractNodePool[];
  /**
   * Adds a pool to `nodePools`.
   * @throws when the name is taken
   */
  registerNodePool(pool: ContractNodePool): void;
}
