import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { makeAssetVersion } from './asset-version';
import type { IMlWorkspace } from './workspace-reference';

/** Where a container answers. */
export interface InferenceRoute {
  /** e.g. "/score". */
  readonly path: string;
  readonly port: number;
}

export interface MlEnvironmentProps {
  readonly workspace: IMlWorkspace;
  /** 1-255 ASCII letters, digits, "-" and "_". */
  readonly environmentName: string;
  /** Image, by full name, e.g. "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:latest". */
  readonly image: string;
  /** Conda environment file, as text, that is built onto the image. @default - the image as it is */
  readonly condaFile?: string;
  /** Whether the environment is built again when its base image changes. @default false */
  readonly rebuildOnBaseImageUpdate?: boolean;
  /** For containers that serve by themselves: where requests go. @default - Azure ML's own server */
  readonly scoringRoute?: InferenceRoute;
  /** @default - as scoringRoute */
  readonly livenessRoute?: InferenceRoute;
  /** @default - as scoringRoute */
  readonly readinessRoute?: InferenceRoute;
  /** @default - made from the content: what changes gets a new version */
  readonly version?: string;
  readonly description?: string;
}

/** What jobs and deployments run in: an image, and packages on it. */
export class MlEnvironment extends Construct {
  /** ARM id of the version as a reference to the resource. */
  public readonly environmentId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly environmentName: string;
  public readonly version: string;

  constructor(scope: Construct, id: string, props: MlEnvironmentProps) {
    super(scope, id);
    if (!/[:@]/.test(props.image.slice(props.image.lastIndexOf('/') + 1))) {
      throw new ConfigurationError(this.node.path, {
        what: 'the image has neither tag nor digest',
        got: JSON.stringify(props.image),
        allowed: '<host>/<repository>:<tag> or <host>/<repository>@sha256:<digest>',
        fix: 'add the tag; a digest never changes under you',
      });
    }
    const route = props.scoringRoute;
    const made = makeAssetVersion(this, {
      kind: 'environments',
      workspaceId: props.workspace.workspaceId,
      name: props.environmentName,
      version: props.version,
      properties: {
        image: props.image,
        osType: 'Linux',
        condaFile: props.condaFile,
        autoRebuild: props.rebuildOnBaseImageUpdate ? 'OnBaseImageUpdate' : 'Disabled',
        description: props.description,
        inferenceConfig: route
          ? { scoringRoute: route, livenessRoute: props.livenessRoute ?? route, readinessRoute: props.readinessRoute ?? route }
          : undefined,
      },
    });
    this.environmentId = made.id;
    this.environmentName = props.environmentName;
    this.version = made.version;
    this.armId = `${props.workspace.armId}/environments/${props.environmentName}/versions/${made.version}`;
  }
}
