import type { Environment } from '../core';
import { type NetworkSecurityRule, TrafficDirection } from './network-security-group';
import { OutboundUse } from './outbound-use';
import { SubnetRole } from './subnet-role';

/** Ports that private endpoints of the platform's services listen on: HTTPS, SMB for file shares, PostgreSQL. */
const PRIVATE_ENDPOINT_PORTS = ['443', '445', '5432'];

/** The rules that a role needs beside those that Azure adds to every group (all inside the network, nothing from outside). */
export function rulesOf(role: SubnetRole, environment: Environment): NetworkSecurityRule[] {
  if (role === SubnetRole.PRIVATE_ENDPOINTS) return privateEndpointRules();
  if (role === SubnetRole.COMPUTE) return computeRules(environment);
  return [];
}

function privateEndpointRules(): NetworkSecurityRule[] {
  const direction = TrafficDirection.INBOUND;
  return [
    { name: 'allow-services', direction, ports: PRIVATE_ENDPOINT_PORTS },
    { name: 'deny-rest', direction, allow: false, protocol: '*', source: '*', destination: '*', priority: 4096 },
  ];
}

function computeRules(environment: Environment): NetworkSecurityRule[] {
  const direction = TrafficDirection.OUTBOUND;
  const rules = OutboundUse.AZURE_ML._tagRules(environment.location).map(({ tag, protocol, ports }): NetworkSecurityRule => {
    const words = tag.replace(`.${environment.location}`, '').replace('.', '-').toLowerCase();
    const udp = protocol === 'UDP';
    return {
      name: `allow-${words}${udp ? '-udp' : ''}`,
      direction,
      protocol: udp ? 'Udp' : 'Tcp',
      ports,
      destination: tag,
    };
  });
  if (!environment.profile.approvedOutboundOnly) return rules;
  return [
    ...rules,
    { name: 'deny-internet', direction, allow: false, protocol: '*', source: '*', destination: 'Internet', priority: 4096 },
  ];
}
