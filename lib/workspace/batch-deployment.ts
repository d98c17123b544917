import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import type { ComputeCluster } from './compute-cluster';
import type { MlEnvironment } from './ml-environment';
import type { ScoringCode } from './online-deployment-options';
import type { IMlWorkspace } from './workspace-reference';

export interface BatchDeploymentOptions {
  /** ARM id or URI of a version of a model. */
  readonly model: string;
  /** Nodes that score. */
  readonly compute: ComputeCluster;
  /** What it runs in; models of MLflow bring their own. @default - the model's own */
  readonly environment?: MlEnvironment;
  /** @default - none: the model says how it answers */
  readonly scoringCode?: ScoringCode;
  /** Nodes for one job. @default 1 */
  readonly instances?: number;
  /** Processes on one node. @default 1 */
  readonly maxConcurrencyPerInstance?: number;
  /** Files, or MB of a table, that one call scores. @default 10 */
  readonly miniBatchSize?: number;
  /** Calls that may fail before the job does, -1 for any number. @default -1 */
  readonly errorThreshold?: number;
  /** Times that a failed call is repeated. @default 3 */
  readonly maxRetries?: number;
  /** Seconds after which a call counts as failed. @default 30 */
  readonly timeoutSeconds?: number;
  /** File that answers are appended to. @default - answers are the script's own business (SummaryOnly) */
  readonly outputFileName?: string;
}

/** The endpoint that a deployment belongs to. */
export interface BatchEndpointTarget {
  readonly endpointId: string;
  readonly armId: string;
}

export interface BatchDeploymentProps extends BatchDeploymentOptions {
  readonly deploymentName: string;
  readonly endpoint: BatchEndpointTarget;
  readonly workspace: IMlWorkspace;
}

/** One version of a model behind a batch endpoint, with the way its data is cut up. */
export class BatchDeployment extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly deploymentId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: BatchDeploymentProps) {
    super(scope, id);
    const environment = Environment.of(this);
    if (!/^(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/.test(props.deploymentName)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the deployment is not valid',
        got: JSON.stringify(props.deploymentName),
        allowed: '3-32 ASCII letters, digits and single hyphens, letter first',
        fix: 'e.g. "churn-7"',
      });
    }
    const deployment = new AzapiResource(this, 'Default', {
      type: 'Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments@2025-06-01',
      name: props.deploymentName,
      parentId: props.endpoint.endpointId,
      location: environment.location,
      body: {
        properties: {
          model: { referenceType: 'Id', assetId: props.model },
          compute: props.compute.computeId,
          environmentId: props.environment?.environmentId,
          codeConfiguration: props.scoringCode,
          resources: { instanceCount: props.instances ?? 1 },
          maxConcurrencyPerInstance: props.maxConcurrencyPerInstance ?? 1,
          miniBatchSize: props.miniBatchSize ?? 10,
          errorThreshold: props.errorThreshold ?? -1,
          retrySettings: { maxRetries: props.maxRetries ?? 3, timeout: `PT${props.timeoutSeconds ?? 30}S` },
          outputAction: props.outputFileName === undefined ? 'SummaryOnly' : 'AppendRow',
          outputFileName: props.outputFileName,
          loggingLevel: 'Info',
        },
      },
      tags: environment.tags,
    });
    this.deploymentId = deployment.id;
    this.armId = `${props.endpoint.armId}/deployments/${props.deploymentName}`;
    this.dependable = deployment;
  }
}
