import type { Construct } from 'constructs';
import type { IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import type { IMlStorage } from '../data';
import { WorkloadIdentity } from '../identity';
import type { TenantDescription } from './ml-platform-props';

/** Workloads of a tenant run as this service account. */
export const TENANT_SERVICE_ACCOUNT = 'workload';

/** Where a tenant keeps what is its own. */
export function tenantContainer(tenantName: string): string {
  return `tenant-${tenantName}`;
}

export interface TenantIdentityInput {
  readonly resourceGroup: IResourceGroup;
  /** Issuer of the cluster's service account tokens. */
  readonly issuerUrl: string;
  readonly storage: IMlStorage;
  /** Containers that all tenants read. */
  readonly sharedContainers: string[];
}

/**
 * An Azure identity that only the tenant's service account can become. It reads what all share, and writes to a container of
 * its own, which no other tenant reads.
 */
export function makeTenantIdentity(scope: Construct, tenant: TenantDescription, input: TenantIdentityInput): WorkloadIdentity {
  const { resourceGroup, issuerUrl, storage } = input;
  const identity = new WorkloadIdentity(scope, `Tenant-${tenant.name}`, { resourceGroup, purpose: tenant.name });
  identity.federateServiceAccount({ issuerUrl, namespace: tenant.name, serviceAccount: TENANT_SERVICE_ACCOUNT });
  for (const container of input.sharedContainers) storage.grantRead(identity, container);
  storage.grantWrite(identity, tenantContainer(tenant.name));
  return identity;
}

/** @throws when the name cannot be that of a namespace, or the owner is not complete */
export function checkTenant(path: string, tenant: TenantDescription): void {
  checkOwner(`${path} (tenant ${tenant.name})`, tenant.owner);
  const reserved = /^(kube|gatekeeper|aks|azure)-|^(default|kserve|monitoring|cert-manager|gpu-operator)$/.test(tenant.name);
  if (!reserved && /^(?=.{2,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(tenant.name)) return;
  throw new ConfigurationError(path, {
    what: reserved ? 'tenant has the name of a namespace that belongs to the cluster' : 'name of a tenant is not valid',
    got: JSON.stringify(tenant.name),
    allowed: '2-30 lower-case letters, digits and single hyphens, letter first, and none that starts with kube-, aks- or azure-',
    fix: 'use the name of the team, e.g. "risk"',
  });
}
