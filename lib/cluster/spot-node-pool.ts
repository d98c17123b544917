import type { Construct } from 'constructs';
import { CpuNodePool } from './cpu-node-pool';
import type { CpuNodePoolProps } from './node-pool-options';

/** Nodes without GPUs of Azure's unused capacity, for work that can be taken away: preprocessing, batch scoring, tests. */
export class SpotNodePool extends CpuNodePool {
  constructor(scope: Construct, id: string, props: CpuNodePoolProps) {
    super(scope, id, { ...props, spot: true });
  }
}
