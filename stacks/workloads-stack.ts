import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { CapacityPlanner } from '../lib/cluster';
import type { PlatformContract } from '../lib/contract';
import { Tenant } from '../lib/tenancy';
import type { EnvironmentDescription } from './environment-description';
import type { SharedStack } from './shared-stack';

export interface WorkloadsStackProps {
  readonly shared: SharedStack;
  readonly platform: PlatformContract;
  /** The stack whose controllers serve what this one asks for. */
  readonly after: TerraformStack;
}

/** Third layer of an environment: what the controllers serve. Tenants, and the platform's own workloads. */
export class WorkloadsStack extends TerraformStack {
  constructor(scope: Construct, description: EnvironmentDescription, props: WorkloadsStackProps) {
    super(scope, `${description.environment.stage.name}-workloads`);
    description.environment.attach(this);
    props.shared.state.attach(this);
    this.addDependency(props.after);
    const { platform } = props;
    CapacityPlanner.of(this, platform); // writes the plan for the report even where nothing runs yet
    for (const { name } of platform.attributes.tenants) {
      const tenant = new Tenant(this, name, { platform, tenant: name });
      // KServe's controller probes the models, and routes requests to them.
      tenant.network.allowFromNamespace(platform.attributes.serving.namespace);
    }
  }
}
