import { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { ConfigurationError } from '../core/configuration-error';

/** A version of a model in a registry. */
export interface RegistryModelOptions {
  /** 1-255 ASCII letters, digits, "-", "_" and ".". */
  readonly modelName: string;
  /** e.g. "7". A version never changes: a new model is a new version. */
  readonly version: string;
  /**
   * Where the model comes from, e.g. a version in a workspace:
   * "azureml://locations/westeurope/workspaces/<workspace guid>/models/fraud/versions/7".
   */
  readonly modelUri: string;
  /** "custom_model", "mlflow_model" or "triton_model". @default mlflow_model */
  readonly modelType?: string;
  readonly description?: string;
  /** Tags, e.g. the job and commit it was made by. @default - none */
  readonly modelTags?: { [key: string]: string };
}

/** Where the version is added. */
export interface RegistryModelTarget {
  /** ARM id of the registry as a reference to the resource. */
  readonly modelRegistryId: string;
  /** ARM id known at synth. */
  readonly armId: string;
}

export interface RegistryModelProps extends RegistryModelOptions {
  readonly registry: RegistryModelTarget;
  /** The model that the version belongs to, where another version made it already. @default - made with this version */
  readonly containerId?: string;
}

const TYPES = ['custom_model', 'mlflow_model', 'triton_model'];

/** A version of a model in an Azure ML registry: what promotion from dev to prod leaves behind. */
export class RegistryModel extends Construct {
  /** ARM id of the version as a reference to the resource. */
  public readonly modelVersionId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  /** ARM id of the model that the version belongs to, as a reference to the resource. */
  public readonly containerId: string;

  constructor(scope: Construct, id: string, props: RegistryModelProps) {
    super(scope, id);
    this.check(props);
    this.containerId = props.containerId ?? this.container(props);
    const version = new AzapiResource(this, 'Default', {
      type: 'Microsoft.MachineLearningServices/registries/models/versions@2025-06-01',
      name: props.version,
      parentId: this.containerId,
      body: {
        properties: {
          modelUri: props.modelUri,
          modelType: props.modelType ?? 'mlflow_model',
          description: props.description,
          tags: props.modelTags,
        },
      },
    });
    this.modelVersionId = version.id;
    this.armId = `${props.registry.armId}/models/${props.modelName}/versions/${props.version}`;
  }

  /** The model must be there before its first version. */
  private container(props: RegistryModelProps): string {
    return new AzapiResource(this, 'Container', {
      type: 'Microsoft.MachineLearningServices/registries/models@2025-06-01',
      name: props.modelName,
      parentId: props.registry.modelRegistryId,
      body: { properties: {} },
    }).id;
  }

  private check(props: RegistryModelProps): void {
    for (const [field, value] of Object.entries({ modelName: props.modelName, version: props.version })) {
      if (/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/.test(value)) continue;
      throw new ConfigurationError(this.node.path, {
        what: `${field} is not valid`,
        got: JSON.stringify(value),
        allowed: '1-255 ASCII letters, digits, "-", "_" and "."',
        fix: field === 'version' ? 'e.g. "7"' : 'e.g. "fraud"',
      });
    }
    if (!TYPES.includes(props.modelType ?? 'mlflow_model')) {
      throw new ConfigurationError(this.node.path, {
        what: 'modelType is not known',
        got: JSON.stringify(props.modelType),
        allowed: TYPES.join(', '),
        fix: 'leave it out for mlflow_model',
      });
    }
  }
}
