import type { Construct } from 'constructs';
import type { IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import { type IMlStorage, KeyVault } from '../data';
import { Principal, WorkloadIdentity } from '../identity';
import type { IPrivateAccess } from '../network';
import type { MlWorkspace } from '../workspace';
import type { TenantDescription } from './ml-platform-props';

/** Workloads of a tenant run as this service account. */
export const TENANT_SERVICE_ACCOUNT = 'workload';

/** Where a tenant keeps what is its own. */
export function tenantContainer(tenantName: string): string {
  return `tenant-${tenantName}`;
}

/** What a tenant has in Azure. */
export interface MadeTenant {
  readonly identity: WorkloadIdentity;
  readonly vault: KeyVault;
}

export interface TenantInput {
  readonly resourceGroup: IResourceGroup;
  readonly privateAccess: IPrivateAccess;
  readonly workspace: MlWorkspace;
  /** Issuer of the cluster's service account tokens. */
  readonly issuerUrl: string;
  readonly storage: IMlStorage;
  /** Containers that all tenants read. */
  readonly sharedContainers: string[];
}

/**
 * An Azure identity that only the tenant's service account can become. It reads what all share, records its runs in the workspace,
 * writes to a container of its own, and reads a vault of its own: no other tenant reads either.
 */
export function makeTenant(scope: Construct, tenant: TenantDescription, input: TenantInput): MadeTenant {
  const { resourceGroup, privateAccess, issuerUrl, storage, workspace } = input;
  const { name } = tenant;
  const identity = new WorkloadIdentity(scope, `Tenant-${name}`, { resourceGroup, purpose: name });
  identity.federateServiceAccount({ issuerUrl, namespace: name, serviceAccount: TENANT_SERVICE_ACCOUNT });
  for (const container of input.sharedContainers) storage.grantRead(identity, container);
  storage.grantWrite(identity, tenantContainer(name));
  workspace.grantDataScientist(identity);
  const vault = new KeyVault(scope, `Vault-${name}`, { resourceGroup, privateAccess, purpose: name });
  vault.grantSecretsRead(identity);
  for (const [group, objectId] of Object.entries(tenant.secretOfficers ?? {})) {
    vault.grantSecretsWrite(Principal.group(group, objectId));
  }
  return { identity, vault };
}

/** @throws when the name cannot be that of a namespace, or the owner is not complete */
export function checkTenant(path: string, tenant: TenantDescription): void {
  checkOwner(`${path} (tenant ${tenant.name})`, tenant.owner);
  const reserved = /^(kube|gatekeeper|aks|azure)-|^(default|kserve|mlflow|monitoring|cert-manager|gpu-operator)$/.test(
    tenant.name,
  );
  if (!reserved && /^(?=.{2,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(tenant.name)) return;
  throw new ConfigurationError(path, {
    what: reserved ? 'tenant has the name of a namespace that belongs to the cluster' : 'name of a tenant is not valid',
    got: JSON.stringify(tenant.name),
    allowed: '2-30 lower-case letters, digits and single hyphens, letter first, and none that starts with kube-, aks- or azure-',
    fix: 'use the name of the team, e.g. "risk"',
  });
}
