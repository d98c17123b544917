import { ContainerRegistry as AzurermRegistry } from '@cdktf/provider-azurerm/lib/container-registry';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { statefulLifecycle } from '../core/stateful';
import { BuiltInRole, type IPrincipal, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';

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

  constructor(scope: Construct, id: string, props: ContainerRegistryProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_container_registry', undefined, props.registryName);
    const registry = new AzurermRegistry(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      sku: 'Premium', // private endpoints need it
      adminEnabled: false,
      anonymousPullEnabled: false,
      publicNetworkAccessEnabled: false,
      networkRuleBypassOption: 'AzureServices', // Azure ML builds images by this door
      dataEndpointEnabled: true, // layers then come from the registry's own host, which a firewall can name
      exportPolicyEnabled: true,
      zoneRedundancyEnabled: environment.profile.zoneRedundant,
      retentionPolicyInDays: props.retentionDays ?? 30,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.registryId = registry.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.ContainerRegistry/registries/${named.name}`;
    this.registryName = named.name;
    props.privateAccess.connect(this, {
      service: PrivateService.CONTAINER_REGISTRY,
      resourceId: registry.id,
      resourceName: named.name,
    });
  }
}
