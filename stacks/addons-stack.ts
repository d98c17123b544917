import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import {
  ArgoWorkflows,
  CertManager,
  EnvoyGateway,
  ExternalSecrets,
  GpuOperator,
  Keda,
  KServe,
  KubeflowTrainer,
  KubePrometheusStack,
  KubeRay,
  Kueue,
} from '../lib/addons';
import type { PlatformContract } from '../lib/contract';
import { Stage } from '../lib/core';
import { Guardrails } from '../lib/guardrails';
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
    new KubePrometheusStack(this, 'Prometheus', { platform });
    new CertManager(this, 'CertManager', { platform });
    new ExternalSecrets(this, 'ExternalSecrets', {
      platform,
      keyVaultIdentityClientId: this.clientId(platform, 'external-secrets'),
    });
    new GpuOperator(this, 'GpuOperator', { platform });
    new EnvoyGateway(this, 'EnvoyGateway', { platform });
    new Keda(this, 'Keda', { platform });
    new KServe(this, 'KServe', { platform });
    new ArgoWorkflows(this, 'ArgoWorkflows', { platform });
    new KubeRay(this, 'KubeRay', { platform });
    new KubeflowTrainer(this, 'KubeflowTrainer', { platform });
    new Kueue(this, 'Kueue', { platform });
    if (description.environment.stage.strictness === Stage.PROD.strictness) this.acknowledgeProbes(description);
  }

  private acknowledgeProbes({ environment }: EnvironmentDescription): void {
    Guardrails.of(this).acknowledge({
      rule: 'MLP-K8S-006',
      finding: 'digest',
      reason:
        'kubectl of the webhook probes: tags of registry.k8s.io never move, and the pod may only dry-run one kind of object.',
      owner: environment.owner.team,
      expires: '2027-05-14',
    });
  }

  /** Client id of the identity that the platform made for an add-on: only Azure knows it. */
  private clientId(platform: PlatformContract, addonName: string): string | undefined {
    const identity = platform.attributes.addonIdentities?.[addonName];
    if (!identity) return undefined;
    return new DataAzurermUserAssignedIdentity(this, `Identity-${addonName}`, {
      name: identity.name,
      resourceGroupName: identity.resourceGroup,
    }).clientId;
  }
}
