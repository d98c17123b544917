import { MachineLearningWorkspace } from '@cdktf/provider-azurerm/lib/machine-learning-workspace';
import { Construct } from 'constructs';
import { AzapiUpdateResource } from '../azapi';
import { DataClassification, Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import type { EncryptionKey } from '../data';
import {
  BuiltInRole,
  CustomRole,
  type IManagedIdentity,
  type IPrincipal,
  type IRole,
  ManagedIdentity,
  RoleGrant,
} from '../identity';
import { type IPrivateAccess, type ISubnet, PrivateService } from '../network';
import { isolationPreconditions } from './isolation-guard';
import { ManagedNetworkIsolation } from './managed-network-isolation';
import { type ManagedNetworkRule, ManagedNetworkRuleKind } from './managed-network-rule';
import { makeOutboundRule } from './outbound-rule-resource';
import { warnOfSoftDelete } from './soft-delete-warning';
import type { WorkspaceDependencies } from './workspace-dependencies';
import { grantWorkspaceIdentity } from './workspace-grants';
import type { IMlWorkspace } from './workspace-reference';

/** A workspace that keeps features instead of models. */
export interface FeatureStoreOptions {
  /** Spark that computes features. @default "3.4" */
  readonly sparkRuntimeVersion?: string;
  /** Connection to the store for training. @default - Azure ML's own */
  readonly offlineConnectionName?: string;
  /** Connection to the store for serving. @default - none */
  readonly onlineConnectionName?: string;
}

export interface MlWorkspaceProps extends WorkspaceDependencies {
  /** Gives the workspace its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /** Who the workspace acts as. @default - an identity of its own */
  readonly identity?: IManagedIdentity;
  /** What the workspace is for, a word for its name. @default - none: the workspace of the platform */
  readonly purpose?: string;
  /** 3-33 ASCII letters, digits, "-" and "_". @default - made by the environment's naming */
  readonly workspaceName?: string;
  /** What people see. @default - the name of the workspace */
  readonly friendlyName?: string;
  /** What its compute may connect to. One-way: see the values. @default - by profile: approved targets only, or the internet */
  readonly isolation?: ManagedNetworkIsolation;
  /** Whether the managed network is built at once instead of with the first compute, 30 minutes. Fixed at creation. @default false */
  readonly provisionNetwork?: boolean;
  /** Map from name (3-33 letters, digits, "-", "_") to where compute may connect to. @default - what Azure ML needs itself */
  readonly outboundRules?: { [name: string]: ManagedNetworkRule };
  /** Subnet of serverless compute, where isolation is DISABLED. @default - none */
  readonly serverlessSubnet?: ISubnet;
  /** Makes it a feature store. Fixed at creation. @default - an ordinary workspace */
  readonly featureStore?: FeatureStoreOptions;
  /** Encrypt with a key of the customer's own. Fixed at creation. @default - with a key of Microsoft's */
  readonly encryptionKey?: EncryptionKey;
  /** Whether Microsoft collects less about it. Fixed at creation. @default - whether the environment holds restricted data */
  readonly highBusinessImpact?: boolean;
  /** Cluster that builds images, as nothing of Azure's reaches a private registry. @default - serverless compute */
  readonly imageBuildCompute?: string;
}

/** A workspace that exists already. */
export interface MlWorkspaceAttributes {
  readonly workspaceId: string;
  /** What its compute may connect to; compute made here is then checked against it. @default - not known */
  readonly isolation?: ManagedNetworkIsolation;
}

abstract class MlWorkspaceBase extends Construct implements IMlWorkspace {
  public abstract readonly workspaceId: string;
  public abstract readonly armId: string;
  public abstract readonly workspaceName: string;
  public abstract readonly isolation?: ManagedNetworkIsolation;
  /** ARM id of the workspace's group, by reference where it is made here. */
  protected abstract readonly groupId: string;

  public grantDataScientist(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AZUREML_DATA_SCIENTIST);
  }

  public grantComputeOperator(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AZUREML_COMPUTE_OPERATOR);
  }

  public grantDeployment(principal: IPrincipal): RoleGrant {
    return this.grant(principal, this.deployerRole());
  }

  public grantConnectionSecrets(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AZUREML_WORKSPACE_CONNECTION_SECRETS_READER);
  }

  public grantRead(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.READER);
  }

  /** Built-in roles that may deploy may also run jobs and delete data; this one may not. */
  private deployerRole(): IRole {
    const existing = this.node.tryFindChild('DeployerRole');
    if (existing instanceof CustomRole) return existing;
    const workspace = 'Microsoft.MachineLearningServices/workspaces';
    const assets = ['onlineEndpoints', 'batchEndpoints', 'models', 'environments', 'codes'];
    return new CustomRole(this, 'DeployerRole', {
      roleName: `Azure ML deployer (${this.workspaceName})`,
      scopeId: this.groupId,
      scopeArmId: this.armId.split('/').slice(0, 5).join('/'),
      actions: [`${workspace}/read`, `${workspace}/datastores/read`, ...assets.map((asset) => `${workspace}/${asset}/*`)],
    });
  }

  private grant(principal: IPrincipal, role: IRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.workspaceId, armId: this.armId });
  }
}

/** An Azure ML workspace: private, in a managed network, acting as an identity whose roles are granted before it is made. */
export class MlWorkspace extends MlWorkspaceBase {
  /** A workspace that exists already. */
  public static fromId(scope: Construct, id: string, workspaceId: string): IMlWorkspace {
    return MlWorkspace.fromAttributes(scope, id, { workspaceId });
  }

  /** A workspace that exists already, with what is known of it. */
  public static fromAttributes(scope: Construct, id: string, attributes: MlWorkspaceAttributes): IMlWorkspace {
    const { workspaceId } = attributes;
    class Imported extends MlWorkspaceBase {
      public readonly workspaceId = workspaceId;
      public readonly armId = workspaceId;
      public readonly workspaceName = workspaceId.slice(workspaceId.lastIndexOf('/') + 1);
      public readonly isolation = attributes.isolation;
      protected readonly groupId = workspaceId.split('/').slice(0, 5).join('/');
    }
    return new Imported(scope, id);
  }

  public readonly workspaceId: string;
  public readonly armId: string;
  public readonly workspaceName: string;
  public readonly identity: IManagedIdentity;
  public readonly isolation?: ManagedNetworkIsolation;
  protected readonly groupId: string;

  constructor(scope: Construct, id: string, props: MlWorkspaceProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_machine_learning_workspace', props.purpose, props.workspaceName);
    const { resourceGroup, encryptionKey } = props;
    this.isolation =
      props.isolation ??
      (environment.profile.approvedOutboundOnly
        ? ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND
        : ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND);
    this.armId = `${resourceGroup.armId}/providers/Microsoft.MachineLearningServices/workspaces/${named.name}`;
    this.workspaceName = named.name;
    this.checkStorage(props);
    this.checkNetwork(props);
    this.identity =
      props.identity ?? new ManagedIdentity(this, 'Identity', { resourceGroup, purpose: props.purpose ?? 'workspace' });
    const grants = grantWorkspaceIdentity(this, this.identity, props).map((grant) => grant.dependable);
    const keyIdentities = encryptionKey ? [encryptionKey.identity.identityId] : [];
    const workspace = new MachineLearningWorkspace(this, 'Default', {
      name: named.name,
      friendlyName: props.friendlyName ?? named.name,
      kind: props.featureStore ? 'FeatureStore' : 'Default',
      featureStore: props.featureStore
        ? {
            computerSparkRuntimeVersion: props.featureStore.sparkRuntimeVersion ?? '3.4',
            offlineConnectionName: props.featureStore.offlineConnectionName,
            onlineConnectionName: props.featureStore.onlineConnectionName,
          }
        : undefined,
      resourceGroupName: resourceGroup.resourceGroupName,
      location: environment.location,
      storageAccountId: props.storage.storageId,
      keyVaultId: props.keyVault.keyVaultId,
      containerRegistryId: props.registry.registryId,
      applicationInsightsId: props.applicationInsights.applicationInsightsId,
      identity: { type: 'UserAssigned', identityIds: [this.identity.identityId, ...keyIdentities] },
      primaryUserAssignedIdentity: this.identity.identityId,
      encryption: encryptionKey
        ? {
            keyVaultId: encryptionKey.keyVault.keyVaultId,
            keyId: encryptionKey.keyVersionUri,
            userAssignedIdentityId: encryptionKey.identity.identityId,
          }
        : undefined,
      highBusinessImpact: props.highBusinessImpact ?? environment.owner.dataClassification === DataClassification.RESTRICTED,
      imageBuildComputeName: props.imageBuildCompute,
      publicNetworkAccessEnabled: false,
      managedNetwork: {
        isolationMode: this.isolation,
        provisionOnCreationEnabled: props.provisionNetwork ? true : undefined,
      },
      serverlessCompute: props.serverlessSubnet
        ? { subnetId: props.serverlessSubnet.subnetId, publicIpEnabled: false }
        : undefined,
      v1LegacyModeEnabled: false,
      tags: named.tags,
      lifecycle: {
        ...statefulLifecycle(environment),
        precondition: isolationPreconditions(this, this.armId, this.isolation),
      },
      dependsOn: [...grants, ...(encryptionKey?.dependables ?? [])],
    });
    this.workspaceId = workspace.id;
    this.groupId = environment.resourceGroupId(resourceGroup.resourceGroupName);
    // The storage has no keys to hand out, and azurerm has no field for it.
    new AzapiUpdateResource(this, 'IdentityBasedDatastores', {
      type: 'Microsoft.MachineLearningServices/workspaces@2025-06-01',
      resourceId: workspace.id,
      body: { properties: { systemDatastoresAuthMode: 'Identity' } },
      // Azure ML changes a workspace one request at a time, and endpoints and compute ask at the same moment.
      retry: { errorMessageRegex: ['(?i)conflict', '(?i)another operation'] },
    });
    props.privateAccess.connect(this, {
      service: PrivateService.ML_WORKSPACE,
      resourceId: workspace.id,
      resourceName: named.name,
    });
    for (const [name, rule] of Object.entries(props.outboundRules ?? {})) this.allowOutbound(name, rule);
    this.node.addValidation({ validate: () => warnOfSoftDelete(this, this.workspaceName) });
  }

  /**
   * Lets compute connect to somewhere.
   * @param name 3-33 ASCII letters, digits, "-" and "_"
   * @throws when the name is not valid, or the isolation does not know such rules
   */
  public allowOutbound(name: string, rule: ManagedNetworkRule): void {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/.test(name)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the outbound rule is not valid',
        got: JSON.stringify(name),
        allowed: '3-33 ASCII letters, digits, "-" and "_", letter or digit first',
        fix: 'e.g. "pypi"',
      });
    }
    this.checkRule(name, rule);
    makeOutboundRule(this, name, this.workspaceId, rule);
  }

  private checkRule(name: string, rule: ManagedNetworkRule): void {
    if (this.isolation === ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND) return;
    const anyMode = rule.kind === ManagedNetworkRuleKind.PRIVATE_ENDPOINT;
    if (anyMode && this.isolation === ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND) return;
    throw new ConfigurationError(this.node.path, {
      what: `outbound rule ${name} has no effect with this isolation`,
      got: `${rule.kind} rule with isolation ${this.isolation}`,
      allowed: 'any rule with AllowOnlyApprovedOutbound, private endpoints with AllowInternetOutbound, none with Disabled',
      fix: 'drop the rule, or set isolation: ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND (there is no way back)',
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

  private checkNetwork(props: MlWorkspaceProps): void {
    const managed = this.isolation !== ManagedNetworkIsolation.DISABLED;
    const bad =
      (managed && props.serverlessSubnet !== undefined && 'serverlessSubnet') ||
      (!managed && props.provisionNetwork === true && 'provisionNetwork') ||
      (!managed && Object.keys(props.outboundRules ?? {}).length > 0 && 'outboundRules');
    if (!bad) return;
    throw new ConfigurationError(this.node.path, {
      what: `${bad} does not go with this isolation`,
      got: `isolation ${this.isolation}`,
      allowed: 'serverlessSubnet with Disabled; provisionNetwork and outboundRules with a managed network',
      fix: `drop ${bad} or change isolation; a managed network cannot be turned off again`,
    });
  }
}
