import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';

/** A Kubernetes secret that is kept equal to secrets of a vault. */
export interface SecretOptions {
  /** Keys of the Kubernetes secret, with the name of the vault's secret each: `{ password: 'risk-db-password' }`. */
  readonly keys: { [key: string]: string };
  /** Minutes between two looks at the vault, 1-1440. @default 60 */
  readonly refreshMinutes?: number;
}

export interface TenantSecretsProps {
  readonly platform: IMlPlatform;
  readonly tenant: ContractTenant;
  readonly labels: { [key: string]: string };
  /** The namespace and the service account. */
  readonly dependsOn: ITerraformDependable[];
}

const STORE = 'key-vault';

/**
 * Secrets of a tenant, read from its own vault as its own identity by External Secrets. The values pass through neither Terraform
 * nor its state. Where the contract names no vault of the tenant, they come from the platform's, on whose secrets the identity then
 * needs "Key Vault Secrets User".
 */
export class TenantSecrets extends Construct {
  private readonly props: TenantSecretsProps;
  private readonly secrets = new Map<string, SecretOptions>();
  private manifests?: Manifests;

  constructor(scope: Construct, id: string, props: TenantSecretsProps) {
    super(scope, id);
    this.props = props;
  }

  /**
   * Keeps a Kubernetes secret equal to secrets of the vault.
   * @param name of the Kubernetes secret
   * @throws when a name is not valid, or a secret of the vault is not the tenant's
   */
  public add(name: string, options: SecretOptions): void {
    this.check(name, options);
    this.secrets.set(name, options);
    const objects = [this.store(), ...[...this.secrets].map(([key, value]) => this.secret(key, value))];
    const { platform, tenant, dependsOn } = this.props;
    if (this.manifests) this.manifests.replaceObjects(objects);
    else {
      this.manifests = new Manifests(this, 'Default', {
        platform,
        namespace: tenant.namespace,
        releaseName: 'tenant-secrets',
        dependsOn,
        objects,
      });
    }
  }

  private store(): { [key: string]: unknown } {
    const { platform, tenant, labels } = this.props;
    return {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { name: STORE, namespace: tenant.namespace, labels },
      spec: {
        provider: {
          azurekv: {
            authType: 'WorkloadIdentity',
            vaultUrl: (tenant.keyVault ?? platform.attributes.keyVault).uri,
            tenantId: platform.attributes.environment.tenantId,
            serviceAccountRef: { name: tenant.serviceAccount },
          },
        },
      },
    };
  }

  private secret(name: string, options: SecretOptions): { [key: string]: unknown } {
    const { tenant, labels } = this.props;
    return {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name, namespace: tenant.namespace, labels },
      spec: {
        refreshInterval: `${options.refreshMinutes ?? 60}m0s`,
        secretStoreRef: { kind: 'SecretStore', name: STORE },
        target: { name, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        data: Object.entries(options.keys).map(([secretKey, key]) => ({ secretKey, remoteRef: { key } })),
      },
    };
  }

  private check(name: string, { keys, refreshMinutes = 60 }: SecretOptions): void {
    const { tenant } = this.props;
    const refuse = (what: string, got: unknown, allowed: string, fix: string): never => {
      throw new ConfigurationError(this.node.path, { what, got: JSON.stringify(got), allowed, fix });
    };
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      refuse('name of the secret is not valid', name, '1-63 lower-case letters, digits and hyphens', 'e.g. "database"');
    }
    if (Object.keys(keys).length === 0) refuse('the secret has no keys', keys, 'at least one', "e.g. { password: 'risk-db' }");
    if (!Number.isInteger(refreshMinutes) || refreshMinutes < 1 || refreshMinutes > 1440) {
      refuse('refreshMinutes is not valid', refreshMinutes, 'whole minutes, 1-1440', 'e.g. 60');
    }
    for (const [key, remote] of Object.entries(keys)) {
      if (!/^[-._a-zA-Z0-9]+$/.test(key))
        refuse('key of the secret is not valid', key, 'letters, digits, -, _ and .', 'rename it');
      const valid = /^[a-zA-Z0-9-]{1,127}$/.test(remote);
      if (valid && (tenant.keyVault || remote.startsWith(`${tenant.name}-`))) continue;
      if (tenant.keyVault) {
        refuse(
          'name of a secret of the vault is not valid',
          remote,
          '1-127 letters, digits and hyphens',
          `e.g. ${JSON.stringify(remote.replace(/[^a-zA-Z0-9-]/g, '-'))}`,
        );
      }
      refuse(
        `the vault is shared, and ${tenant.name} reads its own secrets only`,
        remote,
        `names of letters, digits and hyphens that begin with "${tenant.name}-"`,
        `keep it in the vault as "${tenant.name}-${remote.replace(/[^a-zA-Z0-9-]/g, '-')}"`,
      );
    }
  }
}
