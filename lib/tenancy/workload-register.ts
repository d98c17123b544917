import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { onSynthesize } from '../core/framework-internals';
import { CapacityPlan, type CapacityWorkload } from '../gpu';

const ID = 'WorkloadRegister';

/**
 * What the workloads of a stack ask of the cluster, all together. Every workload registers itself. Pods that can never be
 * scheduled, and tenants over their quota, fail the synth; what only has to wait is noted in `capacity/<stack>.json` of the output
 * folder, for the report.
 */
export class WorkloadRegister extends Construct {
  /** The register of the stack around `scope`, made on first use. */
  public static of(scope: Construct, platform: IMlPlatform): WorkloadRegister {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild(ID);
    return existing instanceof WorkloadRegister ? existing : new WorkloadRegister(stack, platform);
  }

  private readonly platform: IMlPlatform;
  private readonly byName = new Map<string, CapacityWorkload>();

  private constructor(stack: TerraformStack, platform: IMlPlatform) {
    super(stack, ID);
    this.platform = platform;
    this.node.addValidation({ validate: () => this.plan().errors });
    onSynthesize(this, (outdir) => {
      const folder = join(outdir, 'capacity');
      mkdirSync(folder, { recursive: true });
      const { fits, findings, pools } = this.plan();
      const text = JSON.stringify({ stack: stack.node.id, fits, findings, pools }, null, 2);
      writeFileSync(join(folder, `${stack.node.id}.json`), `${text}\n`);
    });
  }

  /** Notes what a workload asks for; under the same name again, what it asks for now. */
  public register(workload: CapacityWorkload): void {
    this.byName.set(workload.name, workload);
  }

  /** Whether it all fits on the pools of the platform. */
  public plan(): CapacityPlan {
    const { nodePools, tenants, environment } = this.platform.attributes;
    return CapacityPlan.of({ pools: nodePools, tenants, workloads: [...this.byName.values()], region: environment.location });
  }
}
