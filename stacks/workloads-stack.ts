import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { CapacityPlanner } from '../lib/cluster';
import type { PlatformContract } from '../lib/contract';
import { ModelGateway } from '../lib/serving';
import { ContainerImage, PriorityClasses, Tenant } from '../lib/tenancy';
import { TorchTrainingRuntime, TrainingQueues } from '../lib/training';
import type { EnvironmentDescription } from './environment-description';
import type { SharedStack } from './shared-stack';
import { RiskWorkloads } from './workloads/risk';
import { SearchWorkloads } from './workloads/search';

/** Image of the platform's own build, with PyTorch and NCCL. */
const TORCH_DIGEST = 'sha256:9c8b7a6f5e4d3c2b1a0998877665544332211ffeeddccbbaa99887766554433f';

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
    CapacityPlanner.of(this, platform); // writes the plan for the report even where nothing runs
    new PriorityClasses(this, 'Priorities', { platform });
    const gateway = new ModelGateway(this, 'Gateway', { platform });
    const queues = new TrainingQueues(this, 'Queues', { platform });
    const tenants = platform.attributes.tenants.map(({ name }) => {
      const tenant = new Tenant(this, name, { platform, tenant: name, access: description.workloads.access[name] });
      // KServe's controller probes the models, and the gateway's proxies carry their requests.
      tenant.network.allowFromNamespace(platform.attributes.serving.namespace);
      return tenant;
    });
    const runtime = new TorchTrainingRuntime(this, 'Torch', {
      platform,
      image: ContainerImage.inRegistry(platform, 'platform/torch', TORCH_DIGEST),
    });
    const dependsOn = [gateway, queues, runtime, ...tenants].map((construct) => construct.dependable);
    new RiskWorkloads(this, 'Risk', { platform, dependsOn, ...description.workloads });
    new SearchWorkloads(this, 'Search', { platform, dependsOn, ...description.workloads });
  }
}
