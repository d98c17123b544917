import { MachineLearningWorkspace } from '@cdktf/provider-azurerm/lib/machine-learning-workspace';
import { Construct, type IConstruct } from 'constructs';
import { AzapiUpdateResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { BuiltInRole, type IManagedIdentity, type IPrincipal, ManagedIdentity, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';
import { ManagedNetworkIsolation } from './managed-network-isolation';
import type { WorkspaceDependencies } from './workspace-dependencies';
import { grantWorkspaceIdentity } from './workspace-grants';

/** An Azure ML workspace, made here or elsewhere. */
export interface IMlWorkspace extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly workspaceId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly workspaceName: string;
  /** Lets `principal` run jobs and use models and data; not change the workspace or its compute. */
  grantDataScientist(principal: IPrincipal): RoleGrant;
  /** Lets `principal` make, start, stop and delete compute. */
  grantComputeOperator(principal: IPrincipal): RoleGrant;
  /** Lets `principal` look at everything and change nothing. */
  grantRead(principal: IPrincipal): RoleGrant;
}

export interface MlWorkspaceProps extends WorkspaceDependencies {
  /** Gives the workspace its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /** Who the workspace acts as. @default - an identity of its own */
  readonly identity?: IManagedIdentity;
  /** 3-33 ASCII letters, digits, "-" and "_". @default - made by the environment's naming */
  readonly workspaceName?: string;
  /** What people see. @default - the name of the workspace */
  readonly friendlyName?: string;
  /** What its compute may connect to. One-way: see the values. @default - by profile: approved targets only, or the internet */
  readonly isolation?: ManagedNetworkIsolation;
}

abstract class MlWorkspaceBase extends Construct implements IMlWorkspace {
  public abstract readonly workspaceId: string;
  public abstract readonly armId: string;
  public abstract readonly workspaceName: string;

  public grantDataScientist(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AZUREML_DATA_SCIENTIST);
  }

  public grantComputeOperator(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AZUREML_COMPUTE_OPERATOR);
  }

  public grantRead(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.READER);
  }

  private grant(principal: IPrincipal, role: BuiltInRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.workspaceId, armId: this.armId });
  }
}

/** An Azure ML workspace: private, in a managed network, acting as an identity whose roles are granted before it is made. */
export class MlWorkspace extends MlWorkspaceBase {
  /** A workspace that exists already. */
  public static fromId(scope: Construct, id: string, workspaceId: string): IMlWorkspace {
    class Imported extends MlWorkspaceBase {
      public readonly workspaceId = workspaceId;
      public readonly armId = workspaceId;
      public readonly workspaceName = workspaceId.slice(workspaceId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly workspaceId: string;
  public readonly armId: string;
  public readonly workspaceName: string;
  public readonly identity: IManagedIdentity;
  public readonly isolation: ManagedNetworkIsolation;

  constructor(scope: Construct, id: string, props: MlWorkspaceProps) {
    super(scope, id);
    const environment = Environment.of(this);
    this.checkStorage(props);
    const named = environment.name(this, 'azurerm_machine_learning_workspace', undefined, props.workspaceName);
    const resourceGroup = props.resourceGroup;
    this.identity = props.identity ?? new ManagedIdentity(this, 'Identity', { resourceGroup, purpose: 'workspace' });
    this.isolation =
      props.isolation ??
      (environment.profile.approvedOutboundOnly
        ? ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND
        : ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND);
    const grants = grantWorkspaceIdentity(this, this.identity, props);
    const workspace = new MachineLearningWorkspace(this, 'Default', {
      name: named.name,
      friendlyName: props.friendlyName ?? named.name,
      resourceGroupName: resourceGroup.resourceGroupName,
      location: environment.location,
      storageAccountId: props.storage.storageId,
      keyVaultId: props.keyVault.keyVaultId,
      containerRegistryId: props.registry.registryId,
      applicationInsightsId: props.applicationInsights.applicationInsightsId,
      identity: { type: 'UserAssigned', identityIds: [this.identity.identityId] },
      primaryUserAssignedIdentity: this.identity.identityId,
      publicNetworkAccessEnabled: false,
      managedNetwork: { isolationMode: this.isolation },
      v1LegacyModeEnabled: false,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
      dependsOn: grants.map((grant) => grant.dependable),
    });
    this.workspaceId = workspace.id;
    this.armId = `${resourceGroup.armId}/providers/Microsoft.MachineLearningServices/workspaces/${named.name}`;
    this.workspaceName = named.name;
    // The storage has no keys to hand out, and azurerm has no field for it.
    new AzapiUpdateResource(this, 'IdentityBasedDatastores', {
      type: 'Microsoft.MachineLearningServices/workspaces@2025-06-01',
      resourceId: workspace.id,
      body: { properties: { systemDatastoresAuthMode: 'Identity' } },
    });
    props.privateAccess.connect(this, {
      service: PrivateService.ML_WORKSPACE,
      resourceId: workspace.id,
      resourceName: named.name,
    });
  }

  private checkStorage(props: MlWorkspaceProps): void {
    if (props.storage.hierarchicalNamespace !== true) return;
    throw new ConfigurationError(this.node.path, {
      what: "the workspace's own storage has a hierarchical namespace",
      got: props.storage.storageName,
      allowed: 'an account with hierarchicalNamespace false; Data Lake Gen2 accounts join as datastores',
      fix: 'make a second MlStorage without hierarchicalNamespace for the workspace, and add this one as a datastore',
    });
  }
}
