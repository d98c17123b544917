import { describe, expect, test } from 'vitest';
import { ResourceGroup, Stage } from '../../lib/core';
import { Egress, MlNetwork, type MlNetworkProps, PrivateDns, PrivateService, SubnetRole } from '../../lib/network';
import { resolved } from '../helpers/resolve';
import { resourcesOf, synth, synthesized, testStack } from '../helpers/synth';

function testNetwork(overrides: Partial<MlNetworkProps> = {}, stage = Stage.PROD) {
  const stack = testStack({ stage });
  const resourceGroup = new ResourceGroup(stack, 'Group');
  const network = new MlNetwork(stack, 'Network', { resourceGroup, addressSpace: '10.40.0.0/16', ...overrides });
  return { stack, network, resourceGroup };
}

/** A resource by its Azure name: the names are what a platform team knows. */
function named(stack: ReturnType<typeof testStack>, type: string, name: string): Record<string, unknown> {
  const resources = resourcesOf(stack, type);
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no ${type} called ${name} among ${resources.map((resource) => resource.name).join(', ')}`);
  return found;
}

describe('MlNetwork', () => {
  test('makes one virtual network with the address space given', () => {
    const { stack } = testNetwork();
    expect(synthesized(stack, 'azurerm_virtual_network.Network')).toMatchObject({
      name: 'vnet-contoso-ml-prod-euw',
      address_space: ['10.40.0.0/16'],
      location: 'westeurope',
    });
  });

  test('makes a subnet for each default role, none with outbound access that nobody asked for', () => {
    const { stack } = testNetwork();
    const subnets = resourcesOf(stack, 'azurerm_subnet');
    expect(subnets.map((subnet) => subnet.name).sort()).toEqual([
      'snet-contoso-ml-prod-euw-compute',
      'snet-contoso-ml-prod-euw-gpu-nodes',
      'snet-contoso-ml-prod-euw-ingress',
      'snet-contoso-ml-prod-euw-private-endpoints',
      'snet-contoso-ml-prod-euw-system-nodes',
      'snet-contoso-ml-prod-euw-user-nodes',
    ]);
    expect(subnets.every((subnet) => subnet.default_outbound_access_enabled === false)).toBe(true);
  });

  test('gives every subnet a network security group', () => {
    const { stack } = testNetwork();
    expect(resourcesOf(stack, 'azurerm_network_security_group')).toHaveLength(6);
    expect(resourcesOf(stack, 'azurerm_subnet_network_security_group_association')).toHaveLength(6);
  });

  test('sends nodes and compute out through a NAT gateway, and nobody else', () => {
    const { stack } = testNetwork();
    expect(resourcesOf(stack, 'azurerm_nat_gateway')).toHaveLength(1);
    const associations = Object.keys(synth(stack).resource?.azurerm_subnet_nat_gateway_association ?? {});
    expect(associations.map((id) => id.replace(/_NatGateway.*/, '')).sort()).toEqual([
      'Network_compute',
      'Network_gpu-nodes',
      'Network_system-nodes',
      'Network_user-nodes',
    ]);
  });

  test('hands out a subnet id that waits for its rules and its way out', () => {
    const { stack, network } = testNetwork();
    const id = resolved(stack, network.subnet(SubnetRole.GPU_NODES).subnetId) as string;
    expect(id).toMatch(/azurerm_subnet_nat_gateway_association\.Network_gpu-nodes_NatGatewayAssociation_\w+\.subnet_id/);
    const [association] = Object.values(synth(stack).resource?.azurerm_subnet_nat_gateway_association ?? {});
    expect(association?.subnet_id).toMatch(/azurerm_subnet_network_security_group_association\..*\.subnet_id/);
    expect(association?.nat_gateway_id).toMatch(/azurerm_nat_gateway_public_ip_association\..*\.nat_gateway_id/);
  });

  test('knows the ids of network and subnets at synth', () => {
    const { network } = testNetwork();
    const group = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-contoso-ml-prod-euw';
    const id = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-ml-prod-euw`;
    expect(network.armId).toBe(id);
    expect(network.subnet(SubnetRole.INGRESS).armId).toBe(`${id}/subnets/snet-contoso-ml-prod-euw-ingress`);
  });

  test.each([
    ['prod', Stage.PROD, ['1', '2', '3']],
    ['dev', Stage.DEV, undefined],
  ])('in %s, spreads the outbound address over zones by profile', (_, stage, zones) => {
    const { stack } = testNetwork({}, stage);
    expect(resourcesOf(stack, 'azurerm_public_ip')[0]).toMatchObject({ sku: 'Standard', allocation_method: 'Static' });
    expect(resourcesOf(stack, 'azurerm_public_ip')[0]?.zones).toEqual(zones);
  });

  test('takes several outbound addresses', () => {
    const { stack } = testNetwork({ egress: Egress.natGateway({ publicIpCount: 3 }) });
    expect(resourcesOf(stack, 'azurerm_public_ip')).toHaveLength(3);
    expect(resourcesOf(stack, 'azurerm_nat_gateway_public_ip_association')).toHaveLength(3);
  });

  test('without a way out, makes neither NAT gateway nor public address', () => {
    const { stack, network } = testNetwork({ egress: Egress.none() });
    expect(resourcesOf(stack, 'azurerm_nat_gateway')).toEqual([]);
    expect(resourcesOf(stack, 'azurerm_public_ip')).toEqual([]);
    expect(network.outboundType).toBe('none');
  });

  test('routes to an appliance, and hands out subnets only once the route is there', () => {
    const { stack, network } = testNetwork({ egress: Egress.appliance('10.0.0.4') });
    expect(resourcesOf(stack, 'azurerm_route')[0]).toMatchObject({
      address_prefix: '0.0.0.0/0',
      next_hop_type: 'VirtualAppliance',
      next_hop_in_ip_address: '10.0.0.4',
    });
    expect(resourcesOf(stack, 'azurerm_subnet_route_table_association')).toHaveLength(4);
    expect(resourcesOf(stack, 'azurerm_subnet_route_table_association')[0]?.route_table_id).toMatch(
      /routeTables\/\$\{azurerm_route\.Network_Route_Everything_\w+\.route_table_name\}/,
    );
    expect(network.outboundType).toBe('userDefinedRouting');
  });

  test('lets only the ports of services reach private endpoints', () => {
    const { stack } = testNetwork();
    expect(named(stack, 'azurerm_subnet', 'snet-contoso-ml-prod-euw-private-endpoints')).toMatchObject({
      private_endpoint_network_policies: 'NetworkSecurityGroupEnabled',
    });
    expect(named(stack, 'azurerm_network_security_rule', 'allow-services')).toMatchObject({
      direction: 'Inbound',
      access: 'Allow',
      destination_port_ranges: ['443', '445', '5432'],
      source_address_prefix: 'VirtualNetwork',
    });
    expect(named(stack, 'azurerm_network_security_rule', 'deny-rest')).toMatchObject({ access: 'Deny', priority: 4096 });
  });

  test.each([
    ['prod', Stage.PROD, 1],
    ['dev', Stage.DEV, 0],
  ])('in %s, closes the internet to Azure ML compute by profile, but for what it needs', (_, stage, denials) => {
    const { stack } = testNetwork({}, stage);
    const rules = resourcesOf(stack, 'azurerm_network_security_rule');
    expect(rules.filter((rule) => rule.name === 'deny-internet')).toHaveLength(denials);
    expect(rules.find((rule) => rule.name === 'allow-batchnodemanagement')).toMatchObject({
      destination_address_prefix: 'BatchNodeManagement.westeurope',
      destination_port_range: '443',
    });
    expect(rules.find((rule) => rule.name === 'allow-azuremachinelearning')).toMatchObject({
      destination_port_ranges: ['443', '8787', '18881'],
    });
  });

  test('takes sizes, names, rules and further subnets of your own', () => {
    const databases = SubnetRole.custom('databases', 28);
    const { stack, network } = testNetwork({
      subnets: [
        { role: SubnetRole.INGRESS, subnetName: 'lb', addressPrefix: '10.40.200.0/24' },
        { role: databases, delegation: 'Microsoft.DBforPostgreSQL/flexibleServers', egress: false },
      ],
    });
    expect(named(stack, 'azurerm_subnet', 'lb').address_prefixes).toEqual(['10.40.200.0/24']);
    expect(named(stack, 'azurerm_subnet', 'snet-contoso-ml-prod-euw-databases').delegation).toEqual([
      { name: 'default', service_delegation: { name: 'Microsoft.DBforPostgreSQL/flexibleServers' } },
    ]);
    expect(resolved(stack, network.subnet(databases).subnetId)).toMatch(/azurerm_subnet_network_security_group_association/);
  });

  test('does without default subnets on demand', () => {
    const { network } = testNetwork({ without: [SubnetRole.COMPUTE, SubnetRole.INGRESS] });
    expect(network.roles.map((role) => role.roleName).sort()).toEqual([
      'gpu-nodes',
      'private-endpoints',
      'system-nodes',
      'user-nodes',
    ]);
  });

  test('says which subnets there are when one is missing', () => {
    const { network } = testNetwork();
    expect(() => network.subnet(SubnetRole.PODS)).toThrow(/Network: .*no subnet of this role, got pods.*gpu-nodes/s);
  });

  test('cannot do without the subnet of private endpoints', () => {
    expect(() => testNetwork({ without: [SubnetRole.PRIVATE_ENDPOINTS] })).toThrow(/cannot do without/);
  });

  test('refuses two subnets of one role', () => {
    const twice = { role: SubnetRole.PODS };
    expect(() => testNetwork({ subnets: [twice, twice] })).toThrow(/two subnets have one role, got pods/);
  });

  test.each([
    ['10.40.1.0/16', /address space is not a range.*10\.40\.0\.0\/16/s],
    ['ten', /address space is not a range/],
    ['10.40.0.0/25', /address space is too small.*no room for/s],
    ['172.17.0.0/16', /overlaps 172\.17\.0\.0\/16 \(the bridge of Docker/],
    ['10.244.0.0/16', /overlaps the reserved range 10\.244\.0\.0\/14/],
  ])('refuses the address space %s', (addressSpace, message) => {
    expect(() => testNetwork({ addressSpace, reservedRanges: ['10.244.0.0/14'] })).toThrow(message);
  });

  test('turns off routes learned from a gateway where an appliance is the way out', () => {
    const { stack } = testNetwork({ egress: Egress.appliance('10.0.0.4') });
    expect(resourcesOf(stack, 'azurerm_route_table')[0]).toMatchObject({ bgp_route_propagation_enabled: false });
  });

  test('connects a resource by its service and puts the endpoint among the private endpoints', () => {
    const { stack, network } = testNetwork({ dns: PrivateDns.owned() });
    network.privateAccess.connect(stack, {
      service: PrivateService.KEY_VAULT,
      resourceId: '/subscriptions/x/vaults/kv-1',
      resourceName: 'kv-1',
    });
    const [endpoint] = resourcesOf(stack, 'azurerm_private_endpoint');
    expect(endpoint?.subnet_id).toMatch(/Network_private-endpoints/);
  });
});
