import { describe, expect, test } from 'vitest';
import { ResourceGroup } from '../../lib/core';
import {
  Egress,
  MlNetwork,
  type MlNetworkAttributes,
  PrivateDns,
  PrivateService,
  SubnetRole,
  TrafficDirection,
} from '../../lib/network';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, testStack } from '../helpers/synth';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const HUB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
const ELSEWHERE = HUB.replace(SUBSCRIPTION, '00000000-0000-0000-0000-000000000002');

function testStackWithGroup() {
  const stack = testStack();
  return { stack, resourceGroup: new ResourceGroup(stack, 'Group') };
}

describe('a network that exists', () => {
  function imported(overrides: Partial<MlNetworkAttributes> = {}) {
    const { stack, resourceGroup } = testStackWithGroup();
    const network = MlNetwork.fromAttributes(stack, 'Network', {
      virtualNetworkId: HUB,
      subnetIds: { 'gpu-nodes': `${HUB}/subnets/gpu`, 'private-endpoints': `${HUB}/subnets/pe`, batch: `${HUB}/subnets/batch` },
      resourceGroup,
      dns: PrivateDns.policyManaged(),
      ...overrides,
    });
    return { stack, network };
  }

  test('is used by its ids, and nothing of it is made', () => {
    const { stack, network } = imported();
    expect(network.subnet(SubnetRole.GPU_NODES).subnetId).toBe(`${HUB}/subnets/gpu`);
    expect([network.virtualNetworkId, network.armId, network.virtualNetworkName]).toEqual([HUB, HUB, 'vnet-hub']);
    expect(network.roles.map((role) => role.roleName)).toEqual(['gpu-nodes', 'private-endpoints', 'batch']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });

  test('takes private endpoints', () => {
    const { stack, network } = imported();
    network.privateAccess.connect(stack, { service: PrivateService.KEY_VAULT, resourceId: '/id/kv', resourceName: 'kv' });
    expect(resourcesOf(stack, 'azurerm_private_endpoint')[0]?.subnet_id).toBe(`${HUB}/subnets/pe`);
  });

  test('leaves by a route of its owner, unless told otherwise', () => {
    expect(imported().network.outboundType).toBe('userDefinedRouting');
    expect(imported({ egress: Egress.natGateway() }).network.outboundType).toBe('userAssignedNATGateway');
  });

  test('says which subnets were given when one is missing', () => {
    expect(() => imported().network.subnet(SubnetRole.PODS)).toThrow(/no subnet of this role, got pods.*gpu-nodes.*subnetIds/s);
    expect(() => imported({ subnetIds: {} })).toThrow(/got private-endpoints/);
  });
});

describe('subnets in a network that exists', () => {
  test('are made in its group, while the network itself is not', () => {
    const { stack, resourceGroup } = testStackWithGroup();
    const network = new MlNetwork(stack, 'Network', { resourceGroup, addressSpace: '10.40.0.0/20', virtualNetworkId: HUB });
    expect(resourcesOf(stack, 'azurerm_virtual_network')).toEqual([]);
    expect(resourcesOf(stack, 'azurerm_subnet')).toHaveLength(6);
    expect(resourcesOf(stack, 'azurerm_subnet')[0]).toMatchObject({
      virtual_network_name: 'vnet-hub',
      resource_group_name: 'rg-hub',
    });
    expect(network.subnet(SubnetRole.INGRESS).armId).toMatch(`${HUB}/subnets/`);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('cannot be made in another subscription', () => {
    const { stack, resourceGroup } = testStackWithGroup();
    const props = { resourceGroup, addressSpace: '10.40.0.0/20', virtualNetworkId: ELSEWHERE };
    expect(() => new MlNetwork(stack, 'Network', props)).toThrow(/another subscription.*fromAttributes/s);
  });

  test('want the id of a network', () => {
    const { stack, resourceGroup } = testStackWithGroup();
    const props = { resourceGroup, addressSpace: '10.40.0.0/20', virtualNetworkId: 'vnet-hub' };
    expect(() => new MlNetwork(stack, 'Network', props)).toThrow(/not the id of a virtual network, got "vnet-hub"/);
  });
});

describe('peering', () => {
  function peered() {
    const { stack, resourceGroup } = testStackWithGroup();
    return { stack, network: new MlNetwork(stack, 'Network', { resourceGroup, addressSpace: '10.40.0.0/16' }) };
  }

  test('connects a hub in one direction: the way back is its owner’s', () => {
    const { stack, network } = peered();
    network.peer({ name: 'hub', remoteVirtualNetworkId: ELSEWHERE, remoteGateways: true });
    expect(resourcesOf(stack, 'azurerm_virtual_network_peering')).toEqual([
      expect.objectContaining({
        name: 'peer-contoso-ml-prod-euw-hub',
        remote_virtual_network_id: ELSEWHERE,
        allow_forwarded_traffic: true,
        use_remote_gateways: true,
      }),
    ]);
  });

  test('makes the way back in its own subscription on demand, one after the other', () => {
    const { stack, network } = peered();
    network.peer({ name: 'hub', remoteVirtualNetworkId: HUB, reverse: true });
    expect(resourcesOf(stack, 'azurerm_virtual_network_peering')).toContainEqual(
      expect.objectContaining({
        name: 'peer-contoso-ml-prod-euw-from-hub',
        resource_group_name: 'rg-hub',
        virtual_network_name: 'vnet-hub',
        depends_on: [expect.stringMatching(/azurerm_virtual_network_peering\./)],
      }),
    );
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('refuses the way back in another subscription', () => {
    const { network } = peered();
    expect(() => network.peer({ name: 'hub', remoteVirtualNetworkId: ELSEWHERE, reverse: true })).toThrow(
      /another subscription.*drop reverse/s,
    );
  });
});

describe('network rules of your own', () => {
  function ruled() {
    const { stack, resourceGroup } = testStackWithGroup();
    return { stack, network: new MlNetwork(stack, 'Network', { resourceGroup, addressSpace: '10.40.0.0/16' }) };
  }
  const https = { name: 'allow-https', direction: TrafficDirection.INBOUND, ports: ['443'], source: 'Internet' };

  test('take the next free priority', () => {
    const { stack, network } = ruled();
    network.addRule(SubnetRole.USER_NODES, https);
    network.addRule(SubnetRole.USER_NODES, { ...https, name: 'allow-http', ports: ['80'] });
    const rules = resourcesOf(stack, 'azurerm_network_security_rule').filter((rule) => rule.source_address_prefix === 'Internet');
    expect(rules.map((rule) => [rule.name, rule.priority]).sort()).toEqual([
      ['allow-http', 210],
      ['allow-https', 200],
    ]);
  });

  test('keep names and priorities apart, and in range', () => {
    const { network } = ruled();
    network.addRule(SubnetRole.USER_NODES, { ...https, priority: 300 });
    expect(() => network.addRule(SubnetRole.USER_NODES, https)).toThrow(/two network rules have one name, got allow-https/);
    expect(() => network.addRule(SubnetRole.USER_NODES, { ...https, name: 'b', priority: 300 })).toThrow(/taken, got 300/);
    expect(() => network.addRule(SubnetRole.USER_NODES, { ...https, name: 'c', priority: 5000 })).toThrow(
      /out of range.*100-4096/s,
    );
  });
});

describe('egress', () => {
  test.each([
    [() => Egress.natGateway({ publicIpCount: 17 }), /publicIpCount is out of range, got 17.*1-16/s],
    [() => Egress.natGateway({ idleTimeoutMinutes: 3 }), /idleTimeoutMinutes is out of range, got 3.*4-120/s],
    [() => Egress.appliance('hub'), /not an IPv4 address, got "hub"/],
  ])('refuses what Azure would refuse', (make, message) => {
    expect(make).toThrow(message);
  });
});
