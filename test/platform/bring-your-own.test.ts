import type { TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { ResourceGroup, Stage } from '../../lib/core';
import { KeyVault } from '../../lib/data';
import { GpuVmSize } from '../../lib/gpu';
import { MlNetwork, PrivateDns } from '../../lib/network';
import { LogAnalytics } from '../../lib/observability';
import { MlPlatform, type MlPlatformProps } from '../../lib/platform';
import { ContainerRegistry } from '../../lib/registry';
import { resourcesOf, synth, testStack } from '../helpers/synth';

const HUB = '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-hub/providers';
const NETWORK = `${HUB}/Microsoft.Network/virtualNetworks/vnet-spoke`;
const VAULT = `${HUB}/Microsoft.KeyVault/vaults/kv-spoke`;
const REGISTRY = `${HUB}/Microsoft.ContainerRegistry/registries/crspoke`;
const LOGS = `${HUB}/Microsoft.OperationalInsights/workspaces/log-hub`;

type Given = Partial<MlPlatformProps>;

function platform(given: (stack: TerraformStack) => Given) {
  const stack = testStack({ stage: Stage.DEV });
  const subject = new MlPlatform(stack, 'Platform', {
    adminGroupObjectIds: ['22222222-2222-2222-2222-222222222222'],
    cpuPools: { cpu: { maxCount: 3 } },
    gpuPools: { t4: { vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'), maxCount: 2 } },
    tenants: [],
    budget: { monthlyAmount: 1000, startMonth: '2026-12' },
    ...given(stack),
  });
  return { stack, subject };
}

function existingNetwork(stack: TerraformStack, dns?: PrivateDns) {
  const nodes = `${NETWORK}/subnets/nodes`;
  return MlNetwork.fromAttributes(stack, 'Network', {
    virtualNetworkId: NETWORK,
    subnetIds: {
      'system-nodes': nodes,
      'user-nodes': nodes,
      'gpu-nodes': `${NETWORK}/subnets/gpu`,
      'private-endpoints': `${NETWORK}/subnets/endpoints`,
    },
    resourceGroup: ResourceGroup.fromName(stack, 'NetworkGroup', 'rg-spoke'),
    dns,
  });
}

describe('MlPlatform on what stands already', () => {
  test('makes nothing of a network that it is given, and puts nodes and endpoints into its subnets', () => {
    const { stack, subject } = platform((stack) => ({ network: existingNetwork(stack) }));
    const types = Object.keys(synth(stack).resource ?? {});
    for (const type of ['virtual_network', 'subnet', 'network_security_group', 'nat_gateway', 'public_ip', 'route_table']) {
      expect(types).not.toContain(`azurerm_${type}`);
    }
    const pools = resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool');
    expect(pools.map((pool) => pool.vnet_subnet_id)).toEqual([`${NETWORK}/subnets/nodes`, `${NETWORK}/subnets/gpu`]);
    const endpoints = resourcesOf(stack, 'azurerm_private_endpoint').map((endpoint) => endpoint.subnet_id);
    expect(new Set(endpoints)).toEqual(new Set([`${NETWORK}/subnets/endpoints`]));
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster')).toMatchObject([
      { network_profile: { outbound_type: 'userDefinedRouting' } },
    ]);
    expect(subject.contract.attributes.network).toMatchObject({
      virtualNetworkId: NETWORK,
      subnetIds: { 'gpu-nodes': `${NETWORK}/subnets/gpu` },
    });
  });

  test('lets the control plane join a subnet once, even where it serves several roles', () => {
    const { stack } = platform((stack) => ({ network: existingNetwork(stack) }));
    const scopes = resourcesOf(stack, 'azurerm_role_assignment').map((role) => String(role.scope));
    expect(scopes.filter((scope) => scope.startsWith(NETWORK)).sort()).toEqual([
      `${NETWORK}/subnets/gpu`,
      `${NETWORK}/subnets/nodes`,
    ]);
  });

  test('leaves DNS to the policy of the landing zone: no zones, and a zone of its own for the API server', () => {
    const { stack } = platform((stack) => ({ network: existingNetwork(stack, PrivateDns.policyManaged()) }));
    expect(resourcesOf(stack, 'azurerm_private_dns_zone')).toEqual([]);
    for (const endpoint of resourcesOf(stack, 'azurerm_private_endpoint')) {
      expect(endpoint).not.toHaveProperty('private_dns_zone_group');
    }
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster')).toMatchObject([{ private_dns_zone_id: 'System' }]);
  });

  test('uses a vault, a registry, a log store and a group that stand already, and makes none', () => {
    const { stack, subject } = platform((stack) => ({
      addressSpace: '10.40.0.0/18',
      keyVault: KeyVault.fromId(stack, 'Vault', VAULT),
      registry: ContainerRegistry.fromId(stack, 'Registry', REGISTRY),
      logAnalytics: LogAnalytics.fromId(stack, 'Logs', LOGS),
      resourceGroup: ResourceGroup.fromName(stack, 'Group', 'rg-given'),
    }));
    const types = Object.keys(synth(stack).resource ?? {});
    for (const type of ['key_vault', 'container_registry', 'log_analytics_workspace', 'resource_group']) {
      expect(types).not.toContain(`azurerm_${type}`);
    }
    expect(resourcesOf(stack, 'azurerm_machine_learning_workspace')).toMatchObject([
      { key_vault_id: VAULT, container_registry_id: REGISTRY, resource_group_name: 'rg-given' },
    ]);
    const targets = resourcesOf(stack, 'azurerm_monitor_diagnostic_setting').map((setting) => setting.log_analytics_workspace_id);
    expect(new Set(targets)).toEqual(new Set([LOGS]));
    const pulls = resourcesOf(stack, 'azurerm_role_assignment').filter((role) => role.scope === REGISTRY);
    expect(pulls.some((role) => String(role.principal_id).includes('Kubelet'))).toBe(true);
    expect(subject.contract.attributes).toMatchObject({
      resourceGroup: 'rg-given',
      registry: { id: REGISTRY },
      keyVault: { id: VAULT },
      logAnalytics: { id: LOGS },
    });
  });

  test.each<[string, (stack: TerraformStack) => Given, RegExp]>([
    ['neither a network nor a range for one', () => ({}), /Platform: the platform has no network.*fix: e\.g\. addressSpace/s],
    [
      'both a network and a range for one',
      (stack) => ({ network: existingNetwork(stack), addressSpace: '10.40.0.0/18', dns: PrivateDns.owned() }),
      /got network and addressSpace, dns.*fix: drop addressSpace, dns/s,
    ],
    [
      'a network without a subnet for GPU nodes',
      (stack) => ({
        network: MlNetwork.fromAttributes(stack, 'Small', {
          virtualNetworkId: NETWORK,
          subnetIds: {
            'system-nodes': `${NETWORK}/subnets/nodes`,
            'user-nodes': `${NETWORK}/subnets/nodes`,
            'private-endpoints': `${NETWORK}/subnets/endpoints`,
          },
          resourceGroup: ResourceGroup.fromName(stack, 'SmallGroup', 'rg-spoke'),
        }),
      }),
      /no subnet of this role.*gpu-nodes.*fix: add "gpu-nodes" to subnetIds/s,
    ],
  ])('refuses %s', (_, given, message) => {
    expect(() => platform(given)).toThrow(message);
  });
});
