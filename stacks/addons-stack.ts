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
import { Manifests } from '../lib/manifests';
import type { EnvironmentDescription } from './environment-description';
import type { SharedStack } from './shared-stack';

/** Secret of the platform's vault, and of the cluster, with the receivers of alerts. */
const RECEIVERS = 'alert-receivers';

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
    new KubePrometheusStack(this, 'Prometheus', { platform, receiversSecret: RECEIVERS });
    new CertManager(this, 'CertManager', { platform });
    const secrets = new ExternalSecrets(this, 'ExternalSecrets', {
      platform,
      serviceMonitor: true,
      keyVaultIdentityClientId: this.clientId(platform, 'external-secrets'),
    });
    this.addReceivers(platform, secrets);
    new GpuOperator(this, 'GpuOperator', { platform });
    new EnvoyGateway(this, 'EnvoyGateway', { platform });
    new Keda(this, 'Keda', { platform, serviceMonitor: true });
    new KServe(this, 'KServe', { platform });
    new ArgoWorkflows(this, 'ArgoWorkflows', { platform, serviceMonitor: true });
    new KubeRay(this, 'KubeRay', { platform, serviceMonitor: true });
    new KubeflowTrainer(this, 'KubeflowTrainer', { platform });
    new Kueue(this, 'Kueue', { platform, prometheus: true });
  }

  /** Who hears of alerts stands in the platform's vault: addresses and tokens of receivers are secrets. See docs/runbooks. */
  private addReceivers(platform: PlatformContract, secrets: ExternalSecrets): void {
    const namespace = 'monitoring';
    new Manifests(this, 'Receivers', {
      platform,
      namespace,
      releaseName: 'alert-receivers',
      dependsOn: [secrets.stores ?? secrets.dependable],
      objects: [
        {
          apiVersion: 'external-secrets.io/v1',
          kind: 'ExternalSecret',
          metadata: { name: RECEIVERS, namespace },
          spec: {
            refreshInterval: '10m0s',
            secretStoreRef: { kind: 'ClusterSecretStore', name: ExternalSecrets.KEY_VAULT_STORE },
            target: { name: RECEIVERS, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
            data: [{ secretKey: 'alertmanager.yaml', remoteRef: { key: RECEIVERS } }],
          },
        },
      ],
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
