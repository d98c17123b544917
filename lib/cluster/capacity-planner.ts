import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { onSynthesize } from '../core/framework-internals';
import { CapacityPlan, type CapacityWorkload } from '../gpu';

const PLANNERS = Symbol.for('cdktf-ml-platform/CapacityPlanners');

/**
 * Everything of an app that is to run on one platform, checked together: synth fails when something can never run, wherever in
 * the app it was declared. The plan is written to `capacity/<stage>.json` in the output folder. Works from the contract alone, in the platform's app and in an app team's.
 */
export class CapacityPlanner extends Construct {
  /** The planner of the app around `scope` for this platform, made on first use. */
  public static of(scope: Construct, platform: IMlPlatform): CapacityPlanner {
    const root = scope.node.root as Construct & { [PLANNERS]?: Map<string, CapacityPlanner> };
    root[PLANNERS] ??= new Map();
    const planners = root[PLANNERS];
    const existing = planners.get(platform.attributes.cluster.id);
    if (existing) return existing;
    const planner = new CapacityPlanner(TerraformStack.of(scope), platform);
    planners.set(platform.attributes.cluster.id, planner);
    return planner;
  }

  private readonly workloads: CapacityWorkload[] = [];

  private constructor(
    stack: TerraformStack,
    private readonly platform: IMlPlatform,
  ) {
    super(stack, `CapacityPlanner-${platform.attributes.cluster.name}`);
    this.node.addValidation({ validate: () => this.plan.errors });
    onSynthesize(this, (outdir) => this.write(outdir));
  }

  /** Counts a workload in. Its name should be the path of its construct: errors begin with it. */
  public register(workload: CapacityWorkload): void {
    this.workloads.push(workload);
  }

  /** Keeps the plan beside the stacks, for the report. */
  private write(outdir: string): void {
    const folder = join(outdir, 'capacity');
    mkdirSync(folder, { recursive: true });
    const { pools, vcpus, findings } = this.plan;
    const environment = this.platform.attributes.environment.stage;
    writeFileSync(join(folder, `${environment}.json`), `${JSON.stringify({ environment, pools, vcpus, findings }, null, 2)}\n`);
  }

  /** The plan for all that is registered so far. */
  public get plan(): CapacityPlan {
    const { nodePools, tenants, vcpuQuotas } = this.platform.attributes;
    return CapacityPlan.of({
      pools: nodePools,
      tenants,
      vcpuQuotas,
      workloads: this.workloads,
      region: this.platform.environment.location,
    });
  }
}
