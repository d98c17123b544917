import { Construct } from 'constructs';
import { AzapiResource, AzapiUpdateResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { BatchDeployment, type BatchDeploymentOptions } from './batch-deployment';
import type { IMlWorkspace } from './workspace-reference';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/batchEndpoints';

export interface BatchEndpointProps {
  readonly workspace: IMlWorkspace;
  /** What is scored, a word for its name, e.g. "churn". */
  readonly purpose: string;
  /** 3-32 ASCII letters, digits and single hyphens, letter first, unique in the region. @default - made by the environment's naming */
  readonly endpointName?: string;
  readonly description?: string;
}

/** An address that takes whole data sets and answers with a job. */
export class BatchEndpoint extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly endpointId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly endpointName: string;
  /** Where jobs are started; known to Azure only. */
  public readonly scoringUri: string;
  private readonly deployments = new Map<string, BatchDeployment>();
  private defaultName?: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BatchEndpointProps,
  ) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, TYPE, props.purpose, props.endpointName);
    const endpoint = new AzapiResource(this, 'Default', {
      type: `${TYPE}@2025-06-01`,
      name: named.name,
      parentId: props.workspace.workspaceId,
      location: environment.location,
      body: { properties: { authMode: 'AADToken', description: props.description } },
      responseExportValues: ['properties.scoringUri'],
      tags: named.tags,
    });
    this.endpointId = endpoint.id;
    this.armId = `${props.workspace.armId}/batchEndpoints/${named.name}`;
    this.endpointName = named.name;
    this.scoringUri = endpoint.output('properties.scoringUri');
  }

  /**
   * Adds a deployment.
   * @param deploymentName 3-32 ASCII letters, digits and single hyphens, letter first
   */
  public addDeployment(deploymentName: string, options: BatchDeploymentOptions): BatchDeployment {
    const deployment = new BatchDeployment(this, deploymentName, {
      ...options,
      deploymentName,
      endpoint: this,
      workspace: this.props.workspace,
    });
    this.deployments.set(deploymentName, deployment);
    return deployment;
  }

  /**
   * Says which deployment answers where the caller names none.
   * @throws when it is not there, or another is the default already
   */
  public useAsDefault(deploymentName: string): void {
    const deployment = this.deployments.get(deploymentName);
    if (!deployment || this.defaultName !== undefined) {
      throw new ConfigurationError(this.node.path, {
        what: deployment ? 'the endpoint has a default deployment already' : 'the default deployment is not there',
        got: deploymentName,
        allowed: [...this.deployments.keys()].join(', ') || 'none yet',
        fix: deployment ? `drop useAsDefault(${JSON.stringify(this.defaultName)})` : 'call addDeployment first',
      });
    }
    this.defaultName = deploymentName;
    // An endpoint cannot name a deployment that does not exist yet.
    new AzapiUpdateResource(this, 'DefaultDeployment', {
      type: `${TYPE}@2025-06-01`,
      resourceId: this.endpointId,
      body: { properties: { defaults: { deploymentName } } },
      dependsOn: [deployment.dependable],
    });
  }
}
