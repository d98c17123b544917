import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { CertManager, EnvoyGateway, GpuOperator, KServe } from '../lib/addons';
import type { PlatformContract } from '../lib/contract';
import type { EnvironmentDescription } from './environment-description';
import type { SharedStack } from './shared-stack';

export interface AddonsStackProps {
  readonly shared: SharedStack;
  readonly platform: PlatformContract;
  /** The stack that makes the cluster. */
  readonly after: TerraformStack;
}

/** Second layer of an environment: controllers and their CRDs. */
export class AddonsStack extends TerraformStack {
  constructor(scope: Construct, description: EnvironmentDescription, props: AddonsStackProps) {
    super(scope, `${description.environment.stage.name}-addons`);
    description.environment.attach(this);
    props.shared.state.attach(this);
    this.addDependency(props.after);
    const { platform } = props;
    // Their order of installation follows from what they need of each other: docs/install-order.md.
    new CertManager(this, 'CertManager', { platform });
    new GpuOperator(this, 'GpuOperator', { platform });
    new EnvoyGateway(this, 'EnvoyGateway', { platform });
    new KServe(this, 'KServe', { platform });
  }
}
