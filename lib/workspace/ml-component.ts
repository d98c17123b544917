import { Construct } from 'constructs';
import { makeAssetVersion } from './asset-version';
import type { IMlWorkspace } from './workspace-reference';

export interface MlComponentProps {
  readonly workspace: IMlWorkspace;
  /** 1-255 ASCII letters, digits, "-" and "_". */
  readonly componentName: string;
  /**
   * The component as its schema has it: type, inputs, outputs, command, environment.
   * @see https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
   */
  readonly componentSpec: { [key: string]: unknown };
  /** @default - made from the content: what changes gets a new version */
  readonly version?: string;
  readonly description?: string;
}

/** A step that pipelines share. */
export class MlComponent extends Construct {
  /** ARM id of the version as a reference to the resource. */
  public readonly componentId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly componentName: string;
  public readonly version: string;

  constructor(scope: Construct, id: string, props: MlComponentProps) {
    super(scope, id);
    const made = makeAssetVersion(this, {
      kind: 'components',
      workspaceId: props.workspace.workspaceId,
      name: props.componentName,
      version: props.version,
      properties: { componentSpec: props.componentSpec, description: props.description },
    });
    this.componentId = made.id;
    this.componentName = props.componentName;
    this.version = made.version;
    this.armId = `${props.workspace.armId}/components/${props.componentName}/versions/${made.version}`;
  }
}
