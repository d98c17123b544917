import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResourceAction } from '../azapi';
import type { IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { type IManagedIdentity, ManagedIdentity } from '../identity';
import type { IKeyVault } from './key-vault';

export interface EncryptionKeyProps {
  readonly resourceGroup: IResourceGroup;
  /** Holds the key. Must have purge protection: whoever purges the key loses the data. */
  readonly keyVault: IKeyVault;
  /** What the key encrypts, a word for names, e.g. "storage". */
  readonly purpose: string;
  /** 1-127 ASCII letters, digits and hyphens. @default - `cmk-<purpose>` */
  readonly keyName?: string;
  /** Bits of the RSA key: 2048, 3072 or 4096. @default 3072 */
  readonly keySize?: number;
  /** Days after which the vault makes a new version, 28 or more. @default 365 */
  readonly rotationDays?: number;
  /** Who unwraps with the key. @default - an identity of its own */
  readonly identity?: IManagedIdentity;
}

/**
 * A key of the customer's own: the key in its vault, the identity that may use it, and the role that lets it, in the order that
 * Azure wants. Storage, registry and workspace take it as one switch.
 *
 * ```ts
 * const encryptionKey = new EncryptionKey(this, 'Key', { resourceGroup, keyVault, purpose: 'storage' });
 * new MlStorage(this, 'Storage', { resourceGroup, privateAccess, encryptionKey });
 * ```
 */
export class EncryptionKey extends Construct {
  public readonly identity: IManagedIdentity;
  public readonly keyVault: IKeyVault;
  public readonly keyName: string;
  /** Address of the key without version, known at synth: what follows it gets each new version. */
  public readonly keyUri: string;
  /** Address of the first version; known to Azure only. For services that do not follow new versions. */
  public readonly keyVersionUri: string;
  /** Key and role: what is encrypted must wait for them. */
  public readonly dependables: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.check(props);
    this.keyVault = props.keyVault;
    this.keyName = props.keyName ?? `cmk-${props.purpose}`;
    this.keyUri = `${props.keyVault.vaultUri}/keys/${this.keyName}`;
    this.identity =
      props.identity ??
      new ManagedIdentity(this, 'Identity', { resourceGroup: props.resourceGroup, purpose: `cmk-${props.purpose}` });
    // Through ARM, not the vault's own door: that one is private, and would ask the deployer for a role on data. ARM has no way to
    // delete a key, so it is an action, and goes with the vault.
    const key = new AzapiResourceAction(this, 'Default', {
      type: 'Microsoft.KeyVault/vaults/keys@2023-07-01',
      resourceId: `${props.keyVault.keyVaultId}/keys/${this.keyName}`,
      method: 'PUT',
      body: { properties: keyProperties(props) },
      responseExportValues: ['properties.keyUriWithVersion'],
    });
    this.keyVersionUri = key.output('properties.keyUriWithVersion');
    this.dependables = [key, props.keyVault.grantEncryption(this.identity).dependable];
  }

  private check(props: EncryptionKeyProps): void {
    if (props.keyVault.purgeProtection === false) {
      throw new ConfigurationError(this.node.path, {
        what: 'the vault of an encryption key has no purge protection',
        got: props.keyVault.keyVaultName,
        allowed: 'a vault with purge protection, which Azure asks for before it encrypts with a key of it',
        fix: 'drop purgeProtection: false from the vault, or use another vault',
      });
    }
    const sizes = [2048, 3072, 4096];
    if (!sizes.includes(props.keySize ?? 3072)) {
      throw new ConfigurationError(this.node.path, {
        what: 'keySize is not one of RSA',
        got: String(props.keySize),
        allowed: sizes.join(', '),
        fix: 'leave it out for 3072',
      });
    }
    const days = props.rotationDays ?? 365;
    if (!Number.isInteger(days) || days < 28) {
      throw new ConfigurationError(this.node.path, {
        what: 'rotationDays is too short',
        got: String(days),
        allowed: '28 or more',
        fix: 'leave it out for a new version each year',
      });
    }
  }
}

function keyProperties(props: EncryptionKeyProps): { [key: string]: unknown } {
  const days = props.rotationDays ?? 365;
  return {
    kty: props.keyVault.hardwareProtected ? 'RSA-HSM' : 'RSA',
    keySize: props.keySize ?? 3072,
    keyOps: ['wrapKey', 'unwrapKey'],
    rotationPolicy: {
      lifetimeActions: [{ trigger: { timeAfterCreate: `P${days}D` }, action: { type: 'rotate' } }],
    },
  };
}
