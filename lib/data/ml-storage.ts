import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { StorageContainerImmutabilityPolicy } from '@cdktf/provider-azurerm/lib/storage-container-immutability-policy';
import { StorageManagementPolicy } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { BuiltInRole, type IPrincipal, RoleGrant } from '../identity';
import { type IPrivateAccess, type PrivateEndpoint, PrivateService } from '../network';
import type { EncryptionKey } from './encryption-key';
import type { StorageLifecycleRule } from './storage-lifecycle';
import { lifecyclePolicyRule } from './storage-lifecycle-policy';

/** A storage account, made here or elsewhere. */
export interface IMlStorage extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly storageId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly storageName: string;
  /** Without a slash at the end, e.g. "https://stcontoso.blob.core.windows.net". */
  readonly blobEndpoint: string;
  /** The same for the Data Lake interface. */
  readonly dfsEndpoint: string;
  /** Whether paths are real folders (Data Lake Gen2); undefined where that is not known. */
  readonly hierarchicalNamespace?: boolean;
  /** ARM id of a container, as a reference that waits for it where it is made here. */
  containerId(container: string): string;
  /** Lets `principal` read blobs: of the account, or of one container. */
  grantRead(principal: IPrincipal, container?: string): RoleGrant;
  /** Lets `principal` read, write and delete blobs: of the account, or of one container. */
  grantWrite(principal: IPrincipal, container?: string): RoleGrant;
  /** Lets `principal` use file shares past their access lists, as Azure ML does. */
  grantFileShares(principal: IPrincipal): RoleGrant;
  /** Lets `principal` see the private endpoints that are made here, as the identity of a workspace must. */
  grantEndpointsRead(principal: IPrincipal): RoleGrant[];
}

export interface MlStorageProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the account its private endpoints. */
  readonly privateAccess: IPrivateAccess;
  /** What the account holds, a word for its name. @default - none: the account of the platform */
  readonly purpose?: string;
  /** 3-24 lower-case ASCII letters and digits, unique in Azure. @default - made by the environment's naming */
  readonly storageName?: string;
  /** Containers to make, e.g. ["datasets", "models"]. @default - none */
  readonly containers?: string[];
  /** Real folders (Data Lake Gen2). Fixed at creation; an Azure ML workspace cannot have such an account as its own. @default false */
  readonly hierarchicalNamespace?: boolean;
  /** Services that get a private endpoint. @default - blobs and files; with hierarchicalNamespace blobs and Data Lake */
  readonly services?: PrivateService[];
  /** LRS, ZRS, GRS, RAGRS, GZRS or RAGZRS. @default - by profile */
  readonly replication?: string;
  /** Days that deleted blobs and containers can be brought back, 1-365. @default - by profile */
  readonly softDeleteRetentionDays?: number;
  /** What happens to blobs as they age. @default - none but for former versions */
  readonly lifecycleRules?: StorageLifecycleRule[];
  /** Days that former versions of a blob are kept. @default - as long as deleted blobs */
  readonly versionRetentionDays?: number;
  /** Encrypt with a key of the customer's own. @default - with a key of Microsoft's */
  readonly encryptionKey?: EncryptionKey;
}

/** What one container keeps to. */
export interface StorageContainerOptions {
  /** Days that a blob can be neither changed nor deleted after it was written, 1-146000. @default - it can */
  readonly immutabilityDays?: number;
  /** Whether the days can only grow from now on, for everybody and for good. @default false */
  readonly immutabilityLocked?: boolean;
}

/** An account that exists already. */
export interface MlStorageAttributes {
  readonly storageId: string;
  /** Whether paths are real folders (Data Lake Gen2). @default - not known */
  readonly hierarchicalNamespace?: boolean;
}

abstract class MlStorageBase extends Construct implements IMlStorage {
  public abstract readonly storageId: string;
  public abstract readonly armId: string;
  public abstract readonly storageName: string;
  public abstract readonly hierarchicalNamespace?: boolean;
  protected abstract readonly privateEndpoints: PrivateEndpoint[];

  public get blobEndpoint(): string {
    return `https://${this.storageName}.blob.core.windows.net`;
  }

  public get dfsEndpoint(): string {
    return `https://${this.storageName}.dfs.core.windows.net`;
  }

  public grantRead(principal: IPrincipal, container?: string): RoleGrant {
    return this.grant(principal, BuiltInRole.STORAGE_BLOB_DATA_READER, container);
  }

  public grantWrite(principal: IPrincipal, container?: string): RoleGrant {
    return this.grant(principal, BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR, container);
  }

  public grantFileShares(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR);
  }

  public grantEndpointsRead(principal: IPrincipal): RoleGrant[] {
    return this.privateEndpoints.map((endpoint) =>
      RoleGrant.on(endpoint, { principal, role: BuiltInRole.READER, resourceId: endpoint.endpointId, armId: endpoint.armId }),
    );
  }

  public containerId(container: string): string {
    return `${this.storageId}/blobServices/default/containers/${container}`;
  }

  private grant(principal: IPrincipal, role: BuiltInRole, container?: string): RoleGrant {
    if (container === undefined) return RoleGrant.on(this, { principal, role, resourceId: this.storageId, armId: this.armId });
    const id = `Grants-${container}`;
    const scope = this.node.tryFindChild(id) ?? new Construct(this, id);
    return RoleGrant.on(scope as Construct, {
      principal,
      role,
      resourceId: this.containerId(container),
      armId: `${this.armId}/blobServices/default/containers/${container}`,
    });
  }
}

/** Storage for data and models: closed to the public network, opened by roles alone, with versions and a way back. */
export class MlStorage extends MlStorageBase {
  /** An account that exists already. */
  public static fromId(scope: Construct, id: string, storageId: string): IMlStorage {
    return MlStorage.fromAttributes(scope, id, { storageId });
  }

  /** An account that exists already, with what is known of it. */
  public static fromAttributes(scope: Construct, id: string, attributes: MlStorageAttributes): IMlStorage {
    const { storageId } = attributes;
    class Imported extends MlStorageBase {
      public readonly storageId = storageId;
      public readonly armId = storageId;
      public readonly storageName = storageId.slice(storageId.lastIndexOf('/') + 1);
      public readonly hierarchicalNamespace = attributes.hierarchicalNamespace;
      protected readonly privateEndpoints: PrivateEndpoint[] = [];
    }
    return new Imported(scope, id);
  }

  public readonly storageId: string;
  public readonly armId: string;
  public readonly storageName: string;
  public readonly hierarchicalNamespace?: boolean;
  protected readonly privateEndpoints: PrivateEndpoint[];
  private readonly containers = new Map<string, StorageContainer>();

  constructor(scope: Construct, id: string, props: MlStorageProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_storage_account', props.purpose, props.storageName);
    this.hierarchicalNamespace = props.hierarchicalNamespace ?? false;
    const days = this.retention('softDeleteRetentionDays', props.softDeleteRetentionDays);
    const replication = props.replication ?? environment.profile.storageReplication;
    this.checkReplication(replication);
    const account = new StorageAccount(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      accountKind: 'StorageV2',
      accountTier: 'Standard',
      accountReplicationType: replication,
      isHnsEnabled: this.hierarchicalNamespace,
      minTlsVersion: 'TLS1_2',
      httpsTrafficOnlyEnabled: true,
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      publicNetworkAccessEnabled: false,
      allowNestedItemsToBePublic: false,
      crossTenantReplicationEnabled: false,
      allowedCopyScope: 'AAD',
      infrastructureEncryptionEnabled: true,
      networkRules: { defaultAction: 'Deny', bypass: ['AzureServices'] },
      blobProperties: {
        versioningEnabled: this.hierarchicalNamespace ? undefined : true, // Data Lake Gen2 has no versions
        deleteRetentionPolicy: { days },
        containerDeleteRetentionPolicy: { days },
      },
      ...(props.encryptionKey
        ? {
            identity: { type: 'UserAssigned', identityIds: [props.encryptionKey.identity.identityId] },
            customerManagedKey: {
              keyVaultKeyId: props.encryptionKey.keyUri,
              userAssignedIdentityId: props.encryptionKey.identity.identityId,
            },
            dependsOn: props.encryptionKey.dependables,
          }
        : {}),
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.storageId = account.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Storage/storageAccounts/${named.name}`;
    this.storageName = named.name;
    const services = props.services ?? [
      PrivateService.STORAGE_BLOB,
      this.hierarchicalNamespace ? PrivateService.STORAGE_DFS : PrivateService.STORAGE_FILE,
    ];
    this.privateEndpoints = services.map((service) =>
      props.privateAccess.connect(this, { service, resourceId: account.id, resourceName: named.name }),
    );
    for (const container of props.containers ?? []) this.addContainer(container);
    const rules = [
      ...(props.lifecycleRules ?? []),
      ...(this.hierarchicalNamespace
        ? []
        : [
            {
              name: 'former-versions',
              deleteVersionsAfterDays: this.retention('versionRetentionDays', props.versionRetentionDays),
            },
          ]),
    ].map((rule) => lifecyclePolicyRule(this.node.path, rule, replication));
    if (rules.length > 0) new StorageManagementPolicy(this, 'LifecyclePolicy', { storageAccountId: account.id, rule: rules });
  }

  /** Names of the containers, in the order in which they were added. */
  public get containerNames(): string[] {
    return [...this.containers.keys()];
  }

  /**
   * Makes a container.
   * @param name 3-63 lower-case letters, digits and single hyphens
   * @throws when Azure would refuse the name, or it is taken
   */
  public addContainer(name: string, options: StorageContainerOptions = {}): void {
    if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the container is not valid',
        got: JSON.stringify(name),
        allowed: '3-63 lower-case letters, digits and single hyphens, letter or digit first and last',
        fix: 'e.g. "datasets"',
      });
    }
    if (this.containers.has(name)) {
      throw new ConfigurationError(this.node.path, {
        what: 'two containers have one name',
        got: name,
        allowed: 'names unique in the account',
        fix: 'drop one of them',
      });
    }
    const container = new StorageContainer(this, `Container-${name}`, {
      name,
      storageAccountId: this.storageId, // by id: through ARM, which needs no way to the private data endpoint
      containerAccessType: 'private',
      lifecycle: statefulLifecycle(Environment.of(this)),
    });
    this.containers.set(name, container);
    if (options.immutabilityDays === undefined) return;
    if (!Number.isInteger(options.immutabilityDays) || options.immutabilityDays < 1 || options.immutabilityDays > 146_000) {
      throw new ConfigurationError(this.node.path, {
        what: `immutabilityDays of container ${name} is out of range`,
        got: String(options.immutabilityDays),
        allowed: '1-146000',
        fix: 'e.g. 365',
      });
    }
    new StorageContainerImmutabilityPolicy(this, `Immutability-${name}`, {
      storageContainerResourceManagerId: container.id,
      immutabilityPeriodInDays: options.immutabilityDays,
      locked: options.immutabilityLocked ?? false,
    });
  }

  /**
   * The remote section of a DVC configuration: data versioned there by people and jobs that sign in as themselves.
   * @throws when the account has no such container
   * @see https://dvc.org/doc/user-guide/data-management/remote-storage/azure-blob-storage
   */
  public dvcRemote(container: string, path = ''): string {
    if (!this.containers.has(container)) {
      throw new ConfigurationError(this.node.path, {
        what: 'the account has no such container',
        got: JSON.stringify(container),
        allowed: this.containerNames.join(', ') || 'none yet',
        fix: `add it with addContainer(${JSON.stringify(container)})`,
      });
    }
    const url = `azure://${path === '' ? container : `${container}/${path}`}`;
    return ['[\'remote "azure"\']', `    url = ${url}`, `    account_name = ${this.storageName}`, ''].join('\n');
  }

  public override containerId(container: string): string {
    return this.containers.get(container)?.id ?? super.containerId(container);
  }

  private retention(field: string, given: number | undefined): number {
    const days = given ?? Environment.of(this).profile.softDeleteRetentionDays;
    if (Number.isInteger(days) && days >= 1 && days <= 365) return days;
    throw new ConfigurationError(this.node.path, {
      what: `${field} is out of range`,
      got: String(days),
      allowed: '1-365',
      fix: 'leave it out for the default of the profile',
    });
  }

  private checkReplication(replication: string): void {
    const kinds = ['LRS', 'ZRS', 'GRS', 'RAGRS', 'GZRS', 'RAGZRS'];
    if (kinds.includes(replication)) return;
    throw new ConfigurationError(this.node.path, {
      what: 'replication is not known',
      got: JSON.stringify(replication),
      allowed: kinds.join(', '),
      fix: 'leave it out for the default of the profile',
    });
  }
}
