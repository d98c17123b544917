import { MachineLearningDatastoreBlobstorage } from '@cdktf/provider-azurerm/lib/machine-learning-datastore-blobstorage';
import { MachineLearningDatastoreDatalakeGen2 } from '@cdktf/provider-azurerm/lib/machine-learning-datastore-datalake-gen2';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import type { IMlStorage } from '../data';
import type { IMlWorkspace } from './workspace-reference';

export interface DatastoreProps {
  readonly workspace: IMlWorkspace;
  readonly storage: IMlStorage;
  /** Container of the account. */
  readonly container: string;
  /** 1-255 ASCII letters, digits and "_". @default - the container, with "_" for "-" */
  readonly datastoreName?: string;
  /** Read folders through the Data Lake interface. @default - whether the account has a hierarchical namespace */
  readonly dataLake?: boolean;
}

/** A container under a name that jobs know. Holds no keys: whoever runs a job needs a role on the storage. */
export class Datastore extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly datastoreId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly datastoreName: string;

  constructor(scope: Construct, id: string, props: DatastoreProps) {
    super(scope, id);
    const { workspace, storage } = props;
    this.datastoreName = props.datastoreName ?? props.container.replaceAll('-', '_');
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_]{0,254}$/.test(this.datastoreName)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the datastore is not valid',
        got: JSON.stringify(this.datastoreName),
        allowed: '1-255 ASCII letters, digits and "_": jobs take no hyphen',
        fix: 'e.g. "datasets"',
      });
    }
    const common = {
      name: this.datastoreName,
      workspaceId: workspace.workspaceId,
      storageContainerId: storage.containerId(props.container),
    };
    // The service looks into the data (profiles, previews) as the workspace; jobs read it as themselves.
    const serviceIdentity = 'WorkspaceUserAssignedIdentity';
    const dataLake = props.dataLake ?? storage.hierarchicalNamespace ?? false;
    this.datastoreId = dataLake
      ? new MachineLearningDatastoreDatalakeGen2(this, 'Default', { ...common, serviceDataIdentity: serviceIdentity }).id
      : new MachineLearningDatastoreBlobstorage(this, 'Default', { ...common, serviceDataAuthIdentity: serviceIdentity }).id;
    this.armId = `${workspace.armId}/datastores/${this.datastoreName}`;
  }

  /** How jobs name a path in the datastore, e.g. "azureml://datastores/datasets/paths/fraud/2026". */
  public uri(path: string): string {
    return `azureml://datastores/${this.datastoreName}/paths/${path.replace(/^\/+/, '')}`;
  }
}
