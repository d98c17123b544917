import { Construct, type IConstruct } from 'constructs';
import { AzapiResource, DataAzapiResource } from '../azapi';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { BuiltInRole, type IPrincipal, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';
import { RegistryModel, type RegistryModelOptions } from './registry-model';

const API = 'Microsoft.MachineLearningServices/registries@2025-06-01';
const STORAGE = 'properties.regionDetails[0].storageAccountDetails[0].systemCreatedStorageAccount.armResourceId.resourceId';
const ACR = 'properties.regionDetails[0].acrDetails[0].systemCreatedAcrAccount.armResourceId.resourceId';

/** An Azure ML registry, made here or elsewhere: models, environments and components that workspaces share. */
export interface IModelRegistry extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly modelRegistryId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly modelRegistryName: string;
  /** Lets `principal` read and add models, environments and components. */
  grantUse(principal: IPrincipal): RoleGrant;
  /** Lets `principal` see the registry; its assets with it. */
  grantRead(principal: IPrincipal): RoleGrant;
  /** Gives a network private endpoints to the registry, and to the storage and the container registry behind it. */
  connect(scope: Construct, privateAccess: IPrivateAccess): void;
  /** How jobs and deployments name a model of the registry. */
  modelUri(name: string, version: string): string;
  /** How they name an environment. */
  environmentUri(name: string, version: string): string;
  /** How they name a component. */
  componentUri(name: string, version: string): string;
}

export interface ModelRegistryProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the registry its private endpoints. @default - none: networks `connect` later */
  readonly privateAccess?: IPrivateAccess;
  /** 3-33 ASCII letters, digits, "-" and "_", unique in its regions. @default - made by the environment's naming */
  readonly modelRegistryName?: string;
  /** Regions beside the environment's own in which workspaces use it. None can be taken away again. @default - none */
  readonly additionalRegions?: string[];
  /** Replication of the storage behind it: LRS, ZRS, GRS or GZRS. @default - by profile */
  readonly replication?: string;
}

abstract class ModelRegistryBase extends Construct implements IModelRegistry {
  public abstract readonly modelRegistryId: string;
  public abstract readonly armId: string;
  public abstract readonly modelRegistryName: string;

  public grantUse(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AZUREML_REGISTRY_USER);
  }

  public grantRead(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.READER);
  }

  public connect(scope: Construct, privateAccess: IPrivateAccess): void {
    const connections = new Construct(scope, `Connections-${this.modelRegistryName}`);
    // Azure makes storage and container registry under names of its own, in a group of its own.
    const behind = new DataAzapiResource(connections, 'Behind', {
      type: API,
      resourceId: this.modelRegistryId,
      responseExportValues: ['properties.regionDetails'],
    });
    const targets = [
      [PrivateService.ML_REGISTRY, this.modelRegistryId],
      [PrivateService.STORAGE_BLOB, behind.output(STORAGE)],
      [PrivateService.CONTAINER_REGISTRY, behind.output(ACR)],
    ] as const;
    for (const [service, resourceId] of targets) {
      privateAccess.connect(connections, { service, resourceId, resourceName: this.modelRegistryName });
    }
  }

  public modelUri(name: string, version: string): string {
    return this.assetUri('models', name, version);
  }

  public environmentUri(name: string, version: string): string {
    return this.assetUri('environments', name, version);
  }

  public componentUri(name: string, version: string): string {
    return this.assetUri('components', name, version);
  }

  private assetUri(kind: string, name: string, version: string): string {
    return `azureml://registries/${this.modelRegistryName}/${kind}/${name}/versions/${version}`;
  }

  private grant(principal: IPrincipal, role: BuiltInRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.modelRegistryId, armId: this.armId });
  }
}

/** An Azure ML registry: closed to the public network, in the regions where workspaces use it. */
export class ModelRegistry extends ModelRegistryBase {
  /** A registry that exists already. */
  public static fromId(scope: Construct, id: string, modelRegistryId: string): IModelRegistry {
    class Imported extends ModelRegistryBase {
      public readonly modelRegistryId = modelRegistryId;
      public readonly armId = modelRegistryId;
      public readonly modelRegistryName = modelRegistryId.slice(modelRegistryId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly modelRegistryId: string;
  public readonly armId: string;
  public readonly modelRegistryName: string;
  /** Map from model name to the ARM id of the model. */
  private readonly models = new Map<string, string>();

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const type = 'Microsoft.MachineLearningServices/registries';
    const named = environment.name(this, type, undefined, props.modelRegistryName);
    const replication = props.replication ?? environment.profile.storageReplication;
    const registry = new AzapiResource(this, 'Default', {
      type: API,
      name: named.name,
      parentId: environment.resourceGroupId(props.resourceGroup.resourceGroupName),
      location: environment.location,
      identity: { type: 'SystemAssigned' },
      body: {
        properties: {
          publicNetworkAccess: 'Disabled',
          regionDetails: this.regions(props.additionalRegions ?? []).map((location) => ({
            location,
            acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: 'Premium' } }],
            storageAccountDetails: [
              {
                systemCreatedStorageAccount: {
                  storageAccountType: `Standard_${replication}`,
                  storageAccountHnsEnabled: false,
                  allowBlobPublicAccess: false,
                },
              },
            ],
          })),
        },
      },
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.modelRegistryId = registry.id;
    this.armId = `${props.resourceGroup.armId}/providers/${type}/${named.name}`;
    this.modelRegistryName = named.name;
    if (props.privateAccess) this.connect(this, props.privateAccess);
  }

  /**
   * Adds a version of a model, e.g. one that a workspace made and that prod shall use.
   * @throws when name or version are not valid
   */
  public addModel(id: string, options: RegistryModelOptions): RegistryModel {
    const containerId = this.models.get(options.modelName);
    const model = new RegistryModel(this, id, { ...options, registry: this, containerId });
    this.models.set(options.modelName, model.containerId);
    return model;
  }

  private regions(additional: string[]): string[] {
    const { location } = Environment.of(this);
    const all = [location, ...additional];
    const twice = all.find((region, index) => all.indexOf(region) !== index);
    if (twice === undefined) return all;
    throw new ConfigurationError(this.node.path, {
      what: 'the registry names a region twice',
      got: twice,
      allowed: `regions other than ${location}, each once`,
      fix: 'drop it from additionalRegions',
    });
  }
}
