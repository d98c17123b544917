import { Token } from 'cdktf';
import type { IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';

export const DEFAULT_SERVICE_CIDR = '172.16.0.0/16';
export const DEFAULT_POD_CIDR = '10.244.0.0/16';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;
const OUTBOUND_TYPES = ['userAssignedNATGateway', 'managedNATGateway', 'userDefinedRouting', 'none'];

/** The props that can be wrong, as far as they are checked here. */
export interface ClusterInput {
  readonly resourceGroup: IResourceGroup;
  readonly adminGroupObjectIds: string[];
  readonly kubernetesVersion?: string;
  readonly serviceCidr?: string;
  readonly podCidr?: string;
  readonly outboundType?: string;
  readonly bootstrapRegistryId?: string;
  readonly privateDnsZoneId?: string;
  readonly privateDnsZoneArmId?: string;
  readonly logAnalyticsWorkspaceId?: string;
  readonly apiServerSubnet?: unknown;
  readonly secretsEncryption?: { readonly privateVault?: boolean };
  readonly systemPool?: { readonly minCount?: number; readonly maxCount?: number; readonly spot?: boolean };
}

/** Refuses what AKS would refuse at apply. */
export function checkCluster(path: string, input: ClusterInput, defender: boolean): void {
  checkAdmins(path, input.adminGroupObjectIds);
  checkVersion(path, input.kubernetesVersion);
  checkNetwork(path, input);
  checkBootstrap(path, input);
  checkZone(path, input);
  checkSystemPool(path, input.systemPool ?? {});
  if (defender && input.logAnalyticsWorkspaceId === undefined) {
    throw new ConfigurationError(path, {
      what: 'Microsoft Defender has nowhere to report to',
      got: 'no logAnalyticsWorkspaceId, with defender on by the profile',
      allowed: 'the id of a Log Analytics workspace',
      fix: 'pass logAnalyticsWorkspaceId, or EnvironmentProfile.….with({ defender: false })',
    });
  }
  if (input.secretsEncryption && (input.secretsEncryption.privateVault ?? true) && input.apiServerSubnet === undefined) {
    throw new ConfigurationError(path, {
      what: 'AKS cannot reach a private key vault without API server VNet integration',
      got: 'secretsEncryption without apiServerSubnet',
      allowed: 'apiServerSubnet beside it, or privateVault: false',
      fix: 'give the API server a subnet: apiServerSubnet',
    });
  }
}

/** The tenth address of the range, where AKS puts the cluster's DNS. */
export function dnsServiceIp(serviceCidr: string): string {
  const base = serviceCidr.split('/')[0] ?? '';
  const parts = base.split('.').map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 10].join('.');
}

function checkAdmins(path: string, ids: string[]): void {
  if (ids.length === 0) {
    throw new ConfigurationError(path, {
      what: 'nobody could administer the cluster: local accounts are off',
      got: 'no adminGroupObjectIds',
      allowed: 'object ids of Entra groups, at least one',
      fix: 'copy it from `az ad group show --group <name> --query id`',
    });
  }
  for (const id of ids) {
    if (Token.isUnresolved(id) || GUID.test(id)) continue;
    throw new ConfigurationError(path, {
      what: 'admin group is not an object id',
      got: JSON.stringify(id),
      allowed: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
      fix: 'copy it from `az ad group show --group <name> --query id`',
    });
  }
}

function checkVersion(path: string, version: string | undefined): void {
  if (version === undefined || Token.isUnresolved(version) || /^1\.\d{2}$/.test(version)) return;
  throw new ConfigurationError(path, {
    what: 'kubernetesVersion is not a minor version',
    got: JSON.stringify(version),
    allowed: 'e.g. "1.34": AKS upgrades the patch itself, a fixed one would show as a change after each upgrade',
    fix: 'drop the patch',
  });
}

function checkNetwork(path: string, input: ClusterInput): void {
  const service = input.serviceCidr ?? DEFAULT_SERVICE_CIDR;
  const pod = input.podCidr ?? DEFAULT_POD_CIDR;
  const ranges = [range(path, 'serviceCidr', service), range(path, 'podCidr', pod)];
  const [a, b] = ranges;
  if (a && b && a.start <= b.end && b.start <= a.end) {
    throw new ConfigurationError(path, {
      what: 'serviceCidr and podCidr overlap',
      got: `${service} and ${pod}`,
      allowed: 'two ranges apart',
      fix: `e.g. serviceCidr ${DEFAULT_SERVICE_CIDR} and podCidr ${DEFAULT_POD_CIDR}`,
    });
  }
  const outbound = input.outboundType ?? 'userAssignedNATGateway';
  if (!Token.isUnresolved(outbound) && !OUTBOUND_TYPES.includes(outbound)) {
    throw new ConfigurationError(path, {
      what: 'outboundType is not allowed',
      got: JSON.stringify(outbound),
      allowed: OUTBOUND_TYPES.join(', '),
      fix: 'use userAssignedNATGateway, or userDefinedRouting behind a firewall',
    });
  }
}

function checkBootstrap(path: string, { outboundType, bootstrapRegistryId }: ClusterInput): void {
  if (outboundType !== 'none' || bootstrapRegistryId !== undefined) return;
  throw new ConfigurationError(path, {
    what: "nodes without a way out cannot fetch AKS's own images",
    got: 'outboundType "none" without bootstrapRegistryId',
    allowed: 'the id of a container registry that caches them',
    fix: 'pass bootstrapRegistryId, or use another outboundType',
  });
}

function range(path: string, field: string, cidr: string): { start: number; end: number } | undefined {
  if (Token.isUnresolved(cidr)) return undefined;
  const match = CIDR.exec(cidr);
  const octets = (match?.slice(1, 5) ?? []).map(Number);
  const bits = Number(match?.[5] ?? Number.NaN);
  const start = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - bits);
  if (!match || octets.some((octet) => octet > 255) || !(bits >= 8 && bits <= 24) || start % size !== 0) {
    throw new ConfigurationError(path, {
      what: `${field} is not a range of addresses`,
      got: JSON.stringify(cidr),
      allowed: 'IPv4 in CIDR notation, /8 to /24, starting at its first address',
      fix: `e.g. ${field}: ${JSON.stringify(field === 'podCidr' ? DEFAULT_POD_CIDR : DEFAULT_SERVICE_CIDR)}`,
    });
  }
  return { start, end: start + size - 1 };
}

function checkZone(path: string, input: ClusterInput): void {
  const zone = input.privateDnsZoneId;
  if (zone === undefined || zone === 'System' || zone === 'None') return;
  if (Token.isUnresolved(zone)) {
    if (input.privateDnsZoneArmId !== undefined) return;
    throw new ConfigurationError(path, {
      what: 'id of the private DNS zone is not known at synth',
      got: 'privateDnsZoneId without privateDnsZoneArmId',
      allowed: "both: the reference and the zone's ARM id",
      fix: 'pass privateDnsZoneArmId too',
    });
  }
  if (/\/privateDnsZones\/([a-z0-9-]+\.)?privatelink\.[a-z0-9]+\.azmk8s\.io$/i.test(zone)) return;
  throw new ConfigurationError(path, {
    what: 'private DNS zone does not serve AKS',
    got: JSON.stringify(zone),
    allowed: 'System, None, or the id of a zone privatelink.<region>.azmk8s.io',
    fix: 'use the zone of sub-resource "management" of the region',
  });
}

function checkSystemPool(path: string, pool: { minCount?: number; maxCount?: number; spot?: boolean }): void {
  if (pool.spot) {
    throw new ConfigurationError(path, {
      what: 'the system pool cannot be spot',
      got: 'systemPool.spot: true',
      allowed: 'regular nodes',
      fix: 'add a spot pool for workloads: cluster.addCpuPool("spot", { spot: true, … })',
    });
  }
  const { minCount, maxCount } = pool;
  if ((minCount !== undefined && minCount < 1) || (minCount !== undefined && maxCount !== undefined && maxCount < minCount)) {
    throw new ConfigurationError(path, {
      what: 'node counts of the system pool are not valid',
      got: `minCount ${minCount}, maxCount ${maxCount ?? 'by profile'}`,
      allowed: '1 <= minCount <= maxCount',
      fix: 'leave both out for the defaults of the profile',
    });
  }
}
