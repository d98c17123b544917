import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { CapacityPlanner } from '../../lib/cluster';

/** The planner that the workloads in the stack of a construct are registered with. */
export function plannerOf(construct: IConstruct): CapacityPlanner {
  const found = TerraformStack.of(construct)
    .node.findAll()
    .find((node) => node instanceof CapacityPlanner);
  if (found) return found as CapacityPlanner;
  throw new Error('nothing in the stack is registered with a planner');
}
