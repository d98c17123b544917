import { KeyVault as AzurermKeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { statefulLifecycle } from '../core/stateful';
import { BuiltInRole, type IPrincipal, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';

/** A key vault, made here or elsewhere. */
export interface IKeyVault extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly keyVaultId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly keyVaultName: string;
  /** e.g. "https://kv-contoso.vault.azure.net". */
  readonly vaultUri: string;
  /** Lets `principal` read the values of secrets. */
  grantSecretsRead(principal: IPrincipal): RoleGrant;
  /** Lets `principal` read and write secrets, keys and certificates. */
  grantAdministrator(principal: IPrincipal): RoleGrant;
}

export interface KeyVaultProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the vault its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /** What the vault holds, a word for its name. @default - none: the vault of the platform */
  readonly purpose?: string;
  /** 3-24 ASCII letters, digits and single hyphens, letter first, unique in Azure. @default - made by the environment's naming */
  readonly keyVaultName?: string;
  /** Keys protected by hardware (tier premium). @default false */
  readonly hardwareProtected?: boolean;
  /** Days that deleted vaults and secrets can be brought back, 7-90. Fixed once set. @default - by profile */
  readonly softDeleteRetentionDays?: number;
}

abstract class KeyVaultBase extends Construct implements IKeyVault {
  public abstract readonly keyVaultId: string;
  public abstract readonly armId: string;
  public abstract readonly keyVaultName: string;

  public get vaultUri(): string {
    return `https://${this.keyVaultName}.vault.azure.net`;
  }

  public grantSecretsRead(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.KEY_VAULT_SECRETS_USER);
  }

  public grantAdministrator(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.KEY_VAULT_ADMINISTRATOR);
  }

  private grant(principal: IPrincipal, role: BuiltInRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.keyVaultId, armId: this.armId });
  }
}

/** A vault for secrets and keys: closed to the public network, opened by roles, and not to be purged. */
export class KeyVault extends KeyVaultBase {
  /** A vault that exists already. */
  public static fromId(scope: Construct, id: string, keyVaultId: string): IKeyVault {
    class Imported extends KeyVaultBase {
      public readonly keyVaultId = keyVaultId;
      public readonly armId = keyVaultId;
      public readonly keyVaultName = keyVaultId.slice(keyVaultId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly keyVaultId: string;
  public readonly armId: string;
  public readonly keyVaultName: string;

  constructor(scope: Construct, id: string, props: KeyVaultProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_key_vault', props.purpose, props.keyVaultName);
    const vault = new AzurermKeyVault(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      tenantId: environment.tenantId,
      skuName: props.hardwareProtected ? 'premium' : 'standard',
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: props.softDeleteRetentionDays ?? environment.profile.softDeleteRetentionDays,
      publicNetworkAccessEnabled: false,
      // Azure services that name the vault, such as storage with a key of its own, come through this door.
      networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.keyVaultId = vault.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.KeyVault/vaults/${named.name}`;
    this.keyVaultName = named.name;
    props.privateAccess.connect(this, {
      service: PrivateService.KEY_VAULT,
      resourceId: vault.id,
      resourceName: named.name,
    });
  }
}
