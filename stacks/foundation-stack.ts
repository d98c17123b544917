import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AzapiProvider } from '../lib/azapi';
import type { ClusterBackup } from '../lib/cluster';
import type { PlatformContract } from '../lib/contract';
import { AzureProvider, Environment, Stage } from '../lib/core';
import { Guardrails } from '../lib/guardrails';
import { MlPlatform } from '../lib/platform';
import { ModelRegistry } from '../lib/registry';
import type { EnvironmentDescription } from './environment-description';
import type { SharedStack } from './shared-stack';

export interface FoundationStackProps {
  readonly shared: SharedStack;
}

/** First layer of an environment: everything in Azure. */
export class FoundationStack extends TerraformStack {
  public readonly contract: PlatformContract;

  constructor(scope: Construct, description: EnvironmentDescription, props: FoundationStackProps) {
    super(scope, `${description.environment.stage.name}-foundation`);
    const { environment } = description;
    environment.attach(this);
    props.shared.state.attach(this);
    this.addDependency(props.shared);
    AzureProvider.attach(this, environment);
    new AzapiProvider(this, 'azapi', { subscriptionId: environment.subscriptionId, tenantId: environment.tenantId });
    const modelRegistry = ModelRegistry.fromId(this, 'ModelRegistry', props.shared.modelRegistryId);
    const platform = new MlPlatform(this, 'Platform', { ...description.platform, modelRegistry });
    if (environment.stage.strictness !== Stage.DEV.strictness) this.acknowledgeTelemetryKey(platform);
    if (platform.clusterBackup) this.acknowledgeSnapshots(platform.clusterBackup);
    this.contract = platform.contract;
    this.contract.publish();
  }

  private acknowledgeSnapshots({ snapshotResourceGroup }: ClusterBackup): void {
    Guardrails.of(snapshotResourceGroup).acknowledge({
      rule: 'MLP-IAM-002',
      finding: 'contributor',
      reason: 'Azure Backup wants the cluster to be Contributor of the group of its snapshots; the group holds nothing else.',
      owner: Environment.of(this).owner.team,
      expires: '2027-05-14',
    });
  }

  private acknowledgeTelemetryKey(platform: MlPlatform): void {
    Guardrails.of(platform.applicationInsights).acknowledge({
      rule: 'MLP-MON-002',
      finding: 'local-auth',
      reason: 'Azure ML sends telemetry of jobs and endpoints with the connection string; without it they fall silent.',
      owner: Environment.of(this).owner.team,
      expires: '2027-05-14',
    });
  }
}
