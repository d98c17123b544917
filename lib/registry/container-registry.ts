import { ContainerRegistry as AzurermRegistry } from '@cdktf/provider-azurerm/lib/container-registry';
import { ContainerRegistryCacheRule } from '@cdktf/provider-azurerm/lib/container-registry-cache-rule';
import { ContainerRegistryCredentialSet } from '@cdktf/provider-azurerm/lib/container-registry-credential-set';
import { Construct, type IConstruct } from 'constructs';
import { AzapiResourceAction } from '../azapi';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import type { EncryptionKey } from '../data';
import { BuiltInRole, type IPrincipal, PrincipalType, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';
import { checkCacheRule, imageParts } from './image-reference';
import type { CacheCredentials, CacheRule, RegistryReplica } from './registry-options';

/** A container registry, made here or elsewhere. */
export interface IContainerRegistry extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly registryId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly registryName: string;
  /** e.g. "crcontoso.azurecr.io". */
  readonly loginServer: string;
  /** Lets `principal` pull images. */
  grantPull(principal: IPrincipal): RoleGrant;
  /** Lets `principal` push images, and pull them. */
  grantPush(principal: IPrincipal): RoleGrant;
}

export interface ContainerRegistryProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the registry its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /** 5-50 ASCII letters and digits, unique in Azure. @default - made by the environment's naming */
  readonly registryName?: string;
  /** Days that an untagged manifest is kept, 0-365. @default 30 */
  readonly retentionDays?: number;
  /** Copies in other regions. @default - none */
  readonly replicas?: RegistryReplica[];
  /** Upstreams to fetch from. @default - none */
  readonly cacheRules?: CacheRule[];
  /** Images to copy in, by full name, e.g. "registry.k8s.io/pause:3.10". @default - none */
  readonly images?: string[];
  /** Encrypt with a key of the customer's own. Fixed at creation. @default - with a key of Microsoft's */
  readonly encryptionKey?: EncryptionKey;
  /** Whether pushed images wait until a scanner releases them. Without such a scanner nothing can be pulled. @default false */
  readonly quarantine?: boolean;
  /** Whether images may be copied out to other registries, as a promotion from here does. @default false */
  readonly exportAllowed?: boolean;
}

abstract class ContainerRegistryBase extends Construct implements IContainerRegistry {
  public abstract readonly registryId: string;
  public abstract readonly armId: string;
  public abstract readonly registryName: string;

  public get loginServer(): string {
    return `${this.registryName.toLowerCase()}.azurecr.io`;
  }

  public grantPull(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.ACR_PULL);
  }

  public grantPush(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.ACR_PUSH);
  }

  private grant(principal: IPrincipal, role: BuiltInRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.registryId, armId: this.armId });
  }
}

/** A registry for images: closed to the public network, without admin user, nothing to pull for strangers. */
export class ContainerRegistry extends ContainerRegistryBase {
  /** A registry that exists already. */
  public static fromId(scope: Construct, id: string, registryId: string): IContainerRegistry {
    class Imported extends ContainerRegistryBase {
      public readonly registryId = registryId;
      public readonly armId = registryId;
      public readonly registryName = registryId.slice(registryId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly registryId: string;
  public readonly armId: string;
  public readonly registryName: string;
  private readonly resource: AzurermRegistry;
  private readonly replicas: RegistryReplica[] = [];

  constructor(scope: Construct, id: string, props: ContainerRegistryProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_container_registry', undefined, props.registryName);
    const { encryptionKey } = props;
    const identityId = encryptionKey?.identity.identityId;
    this.resource = new AzurermRegistry(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      sku: 'Premium', // private endpoints need it
      adminEnabled: false,
      anonymousPullEnabled: false,
      publicNetworkAccessEnabled: false,
      networkRuleBypassOption: 'AzureServices', // Azure ML builds images by this door
      dataEndpointEnabled: true, // layers then come from the registry's own host, which a firewall can name
      exportPolicyEnabled: props.exportAllowed ?? false,
      quarantinePolicyEnabled: props.quarantine ?? false,
      zoneRedundancyEnabled: environment.profile.zoneRedundant,
      retentionPolicyInDays: this.retentionDays(props.retentionDays),
      ...(encryptionKey && identityId !== undefined
        ? {
            identity: { type: 'UserAssigned', identityIds: [identityId] },
            encryption: [{ keyVaultKeyId: encryptionKey.keyUri, identityClientId: encryptionKey.identity.clientId }],
            dependsOn: encryptionKey.dependables,
          }
        : {}),
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.registryId = this.resource.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.ContainerRegistry/registries/${named.name}`;
    this.registryName = named.name;
    props.privateAccess.connect(this, {
      service: PrivateService.CONTAINER_REGISTRY,
      resourceId: this.registryId,
      resourceName: named.name,
    });
    for (const replica of props.replicas ?? []) this.addReplica(replica);
    for (const rule of props.cacheRules ?? []) this.addCacheRule(rule);
    for (const image of props.images ?? []) this.importImage(image);
  }

  /**
   * Keeps a copy in another region.
   * @throws when the region is the registry's own, or has a copy already
   */
  public addReplica(replica: RegistryReplica): void {
    const environment = Environment.of(this);
    const taken = [environment.location, ...this.replicas.map(({ location }) => location)];
    if (taken.includes(replica.location)) {
      throw new ConfigurationError(this.node.path, {
        what: 'the registry is in this region already',
        got: replica.location,
        allowed: `regions other than ${taken.join(', ')}`,
        fix: 'drop the replica, or name another region',
      });
    }
    this.replicas.push(replica);
    // azurerm expects alphabetical order; any other order shows as a change in every plan
    const sorted = [...this.replicas].sort((a, b) => (a.location < b.location ? -1 : 1));
    this.resource.putGeoreplications(
      sorted.map(({ location, zoneRedundant }) => ({
        location,
        zoneRedundancyEnabled: zoneRedundant ?? environment.profile.zoneRedundant,
        regionalEndpointEnabled: true,
        tags: environment.tags,
      })),
    );
  }

  /**
   * Fetches images from an upstream when they are first pulled, and keeps them.
   * @throws when name, upstream or target are not what Azure takes
   */
  public addCacheRule(rule: CacheRule): void {
    const target = checkCacheRule(this.node.path, rule);
    new ContainerRegistryCacheRule(this, `CacheRule-${rule.name}`, {
      name: rule.name,
      containerRegistryId: this.registryId,
      sourceRepo: rule.source,
      targetRepo: target,
      credentialSetId: rule.credentials ? this.credentialSet(rule, rule.credentials) : undefined,
    });
  }

  /**
   * Copies an image in, through ARM: no machine needs a way to both registries.
   * @param image full name with tag or digest, e.g. "registry.k8s.io/pause:3.10"
   * @throws when the name is not complete
   */
  public importImage(image: string): void {
    const { host, repository, reference } = imageParts(this.node.path, image);
    const id = `Image-${image.replace(/[^a-zA-Z0-9]+/g, '-')}`;
    if (this.node.tryFindChild(id)) return;
    const byDigest = reference.startsWith('@');
    new AzapiResourceAction(this, id, {
      type: 'Microsoft.ContainerRegistry/registries@2023-07-01',
      resourceId: this.registryId,
      action: 'importImage',
      method: 'POST',
      body: {
        source: { registryUri: host, sourceImage: `${repository}${reference}` },
        mode: 'Force',
        ...(byDigest ? { untaggedTargetRepositories: [repository] } : { targetTags: [`${repository}${reference}`] }),
      },
    });
  }

  private credentialSet(rule: CacheRule, credentials: CacheCredentials): string {
    const { keyVault, usernameSecret, passwordSecret } = credentials;
    const set = new ContainerRegistryCredentialSet(this, `Credentials-${rule.name}`, {
      name: rule.name,
      containerRegistryId: this.registryId,
      loginServer: rule.source.split('/')[0] ?? '',
      identity: { type: 'SystemAssigned' },
      authenticationCredentials: {
        usernameSecretId: `${keyVault.vaultUri}/secrets/${usernameSecret}`,
        passwordSecretId: `${keyVault.vaultUri}/secrets/${passwordSecret}`,
      },
    });
    keyVault.grantSecretsRead({
      principalName: `cache-${rule.name.toLowerCase()}`,
      principalId: set.identity.principalId,
      principalType: PrincipalType.SERVICE_PRINCIPAL,
    });
    return set.id;
  }

  private retentionDays(given: number | undefined): number {
    const days = given ?? 30;
    if (Number.isInteger(days) && days >= 0 && days <= 365) return days;
    throw new ConfigurationError(this.node.path, {
      what: 'retentionDays is out of range',
      got: String(days),
      allowed: '0-365',
      fix: 'leave it out for 30 days',
    });
  }
}
