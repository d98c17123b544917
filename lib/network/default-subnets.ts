import { ConfigurationError } from '../core/configuration-error';
import { type Egress, EgressMode } from './egress';
import type { SubnetOptions } from './subnet-options';
import { SubnetRole } from './subnet-role';

const DEFAULT_ROLES = [
  SubnetRole.SYSTEM_NODES,
  SubnetRole.USER_NODES,
  SubnetRole.GPU_NODES,
  SubnetRole.PRIVATE_ENDPOINTS,
  SubnetRole.COMPUTE,
  SubnetRole.INGRESS,
];

/** Roles whose machines start no connections to the internet, or that are the way out themselves. */
const WITHOUT_EGRESS = [SubnetRole.PRIVATE_ENDPOINTS, SubnetRole.INGRESS, SubnetRole.FIREWALL, SubnetRole.FIREWALL_MANAGEMENT];

/** Whether what stands in the subnet connects to the outside. */
export function leavesNetwork(subnet: SubnetOptions): boolean {
  return subnet.egress ?? !WITHOUT_EGRESS.includes(subnet.role);
}

/**
 * The subnets of a network: default ones first, with what the user changed, then those of the firewall and further ones.
 * @throws when two have one role, or the one for private endpoints is left out
 */
export function subnetOptionsOf(path: string, egress: Egress, given: SubnetOptions[], without: SubnetRole[]): SubnetOptions[] {
  const duplicate = given.find((one, index) => given.findIndex((other) => other.role.roleName === one.role.roleName) !== index);
  if (duplicate) {
    throw new ConfigurationError(path, {
      what: 'two subnets have one role',
      got: duplicate.role.roleName,
      allowed: 'one subnet a role',
      fix: 'use SubnetRole.custom(...) for a second one',
    });
  }
  if (without.includes(SubnetRole.PRIVATE_ENDPOINTS)) {
    throw new ConfigurationError(path, {
      what: 'the network cannot do without a subnet for private endpoints',
      got: SubnetRole.PRIVATE_ENDPOINTS.roleName,
      allowed: DEFAULT_ROLES.filter((role) => role !== SubnetRole.PRIVATE_ENDPOINTS)
        .map((role) => role.roleName)
        .join(', '),
      fix: 'leave it out of without; a /27 is enough',
    });
  }
  const wanted = [...DEFAULT_ROLES.filter((role) => !without.includes(role)), ...firewallRoles(egress)];
  const defaults = wanted.map((role): SubnetOptions => given.find((one) => one.role === role) ?? { role });
  return [...defaults, ...given.filter(({ role }) => !wanted.includes(role))];
}

function firewallRoles(egress: Egress): SubnetRole[] {
  if (egress.mode !== EgressMode.FIREWALL) return [];
  return egress.firewallOptions?.tier === 'Basic' ? [SubnetRole.FIREWALL, SubnetRole.FIREWALL_MANAGEMENT] : [SubnetRole.FIREWALL];
}
