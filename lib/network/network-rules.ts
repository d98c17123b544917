import type { Environment } from '../core';
import { type NetworkSecurityRule, TrafficDirection } from './network-security-group';
import { SubnetRole } from './subnet-role';

/**
 * What Azure ML compute in a customer's network must reach: service tag to TCP ports.
 *
 * Source: MicrosoftDocs/azure-ai-docs articles/machine-learning/how-to-access-azureml-behind-firewall.md (2026-03-19).
 */
const AZURE_ML_OUTBOUND: readonly (readonly [string, readonly string[]])[] = [
  ['AzureActiveDirectory', ['80', '443']],
  ['AzureMachineLearning', ['443', '8787', '18881']],
  ['BatchNodeManagement.{region}', ['443']],
  ['AzureResourceManager', ['443']],
  ['Storage.{region}', ['443', '445']],
  ['AzureFrontDoor.FrontEnd', ['443']],
  ['AzureFrontDoor.FirstParty', ['443']],
  ['MicrosoftContainerRegistry', ['443']],
  ['AzureMonitor', ['443']],
];

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
  const tags = AZURE_ML_OUTBOUND.map(([tag, ports]) => ({
    name: `allow-${tag.replace('.{region}', '').replace('.', '-').toLowerCase()}`,
    direction,
    ports: [...ports],
    destination: tag.replace('{region}', environment.location),
  }));
  const udp = { name: 'allow-azuremachinelearning-udp', direction, protocol: 'Udp', ports: ['5831'] };
  const rules: NetworkSecurityRule[] = [...tags, { ...udp, destination: 'AzureMachineLearning' }];
  if (!environment.profile.approvedOutboundOnly) return rules;
  return [
    ...rules,
    { name: 'deny-internet', direction, allow: false, protocol: '*', source: '*', destination: 'Internet', priority: 4096 },
  ];
}
