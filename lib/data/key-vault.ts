import { KeyVault as AzurermKeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
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
  /** Whether deleted keys and secrets outlive a purge; undefined where that is not known. */
  readonly purgeProtection?: boolean;
  /** Whether keys are protected by hardware (tier premium). */
  readonly hardwareProtected: boolean;
  /** Lets `principal` read the values of secrets. */
  grantSecretsRead(principal: IPrincipal): RoleGrant;
  /** Lets `principal` read, write and delete secrets. */
  grantSecretsWrite(principal: IPrincipal): RoleGrant;
  /** Lets `principal` encrypt with keys of the vault, as services do with keys of the customer's own. */
  grantEncryption(principal: IPrincipal): RoleGrant;
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
  /** Whether nobody can purge what was deleted. Cannot be turned off again; keys for encryption need it. @default true */
  readonly purgeProtection?: boolean;
  /** Ranges of the public network that may come in, e.g. of an office; opens the public door to them. @default - none */
  readonly allowedIpRanges?: string[];
}

/** A vault that exists already. */
export interface KeyVaultAttributes {
  readonly keyVaultId: string;
  /** @default - not known */
  readonly purgeProtection?: boolean;
  /** @default false */
  readonly hardwareProtected?: boolean;
}

abstract class KeyVaultBase extends Construct implements IKeyVault {
  public abstract readonly keyVaultId: string;
  public abstract readonly armId: string;
  public abstract readonly keyVaultName: string;
  public abstract readonly purgeProtection?: boolean;
  public abstract readonly hardwareProtected: boolean;

  public get vaultUri(): string {
    return `https://${this.keyVaultName}.vault.azure.net`;
  }

  public grantSecretsRead(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.KEY_VAULT_SECRETS_USER);
  }

  public grantSecretsWrite(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.KEY_VAULT_SECRETS_OFFICER);
  }

  public grantEncryption(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER);
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
    return KeyVault.fromAttributes(scope, id, { keyVaultId });
  }

  /** A vault that exists already, with what is known of it. */
  public static fromAttributes(scope: Construct, id: string, attributes: KeyVaultAttributes): IKeyVault {
    const { keyVaultId } = attributes;
    class Imported extends KeyVaultBase {
      public readonly keyVaultId = keyVaultId;
      public readonly armId = keyVaultId;
      public readonly keyVaultName = keyVaultId.slice(keyVaultId.lastIndexOf('/') + 1);
      public readonly purgeProtection = attributes.purgeProtection;
      public readonly hardwareProtected = attributes.hardwareProtected ?? false;
    }
    return new Imported(scope, id);
  }

  public readonly keyVaultId: string;
  public readonly armId: string;
  public readonly keyVaultName: string;
  public readonly purgeProtection?: boolean;
  public readonly hardwareProtected: boolean;

  constructor(scope: Construct, id: string, props: KeyVaultProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_key_vault', props.purpose, props.keyVaultName);
    this.purgeProtection = props.purgeProtection ?? true;
    this.hardwareProtected = props.hardwareProtected ?? false;
    const softDeleteRetentionDays = props.softDeleteRetentionDays ?? environment.profile.softDeleteRetentionDays;
    if (!Number.isInteger(softDeleteRetentionDays) || softDeleteRetentionDays < 7 || softDeleteRetentionDays > 90) {
      throw new ConfigurationError(this.node.path, {
        what: 'softDeleteRetentionDays of the vault is out of range',
        got: String(softDeleteRetentionDays),
        allowed: '7-90',
        fix: 'leave it out for the default of the profile',
      });
    }
    const allowedIpRanges = props.allowedIpRanges ?? [];
    const vault = new AzurermKeyVault(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      tenantId: environment.tenantId,
      skuName: this.hardwareProtected ? 'premium' : 'standard',
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: this.purgeProtection,
      softDeleteRetentionDays,
      publicNetworkAccessEnabled: allowedIpRanges.length > 0,
      // Azure services that name the vault, such as storage with a key of its own, come through this door.
      networkAcls: {
        defaultAction: 'Deny',
        bypass: 'AzureServices',
        ipRules: allowedIpRanges.length > 0 ? allowedIpRanges : undefined,
      },
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
