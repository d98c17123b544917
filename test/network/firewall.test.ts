import { describe, expect, test } from 'vitest';
import { ResourceGroup, Stage } from '../../lib/core';
import { Egress, type FirewallEgressOptions, MlNetwork, OutboundUse } from '../../lib/network';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, testStack } from '../helpers/synth';

function testFirewall(options: Partial<FirewallEgressOptions> = {}, stage = Stage.PROD) {
  const stack = testStack({ stage });
  const network = new MlNetwork(stack, 'Network', {
    resourceGroup: new ResourceGroup(stack, 'Group'),
    addressSpace: '10.40.0.0/16',
    egress: Egress.firewall({ uses: [OutboundUse.AKS], ...options }),
  });
  return { stack, network };
}

interface RuleGroup {
  readonly application_rule_collection?: { rule: Record<string, unknown>[] }[];
  readonly network_rule_collection?: { rule: Record<string, unknown>[] }[];
}

function rulesOf(stack: ReturnType<typeof testStack>) {
  const [group] = resourcesOf(stack, 'azurerm_firewall_policy_rule_collection_group') as unknown as RuleGroup[];
  return {
    application: group?.application_rule_collection?.[0]?.rule ?? [],
    network: group?.network_rule_collection?.[0]?.rule ?? [],
  };
}

describe('egress through an Azure Firewall', () => {
  test('makes a firewall in a subnet of the name that Azure wants, without rules of a security group', () => {
    const { stack } = testFirewall();
    expect(resourcesOf(stack, 'azurerm_subnet').map((subnet) => subnet.name)).toContain('AzureFirewallSubnet');
    expect(resourcesOf(stack, 'azurerm_network_security_group')).toHaveLength(6);
    expect(resourcesOf(stack, 'azurerm_firewall')).toEqual([
      expect.objectContaining({ sku_name: 'AZFW_VNet', sku_tier: 'Standard', zones: ['1', '2', '3'] }),
    ]);
  });

  test('opens what AKS needs, in the region of the environment, and nothing else', () => {
    const { application, network } = rulesOf(testFirewall().stack);
    expect(application.map((rule) => rule.name)).toEqual(['aks', 'aks-http']);
    expect(application[0]).toMatchObject({ protocols: [{ type: 'Https', port: 443 }] });
    expect(application[0]?.destination_fqdns).toContain('*.hcp.westeurope.azmk8s.io');
    expect(application[1]).toMatchObject({ protocols: [{ type: 'Http', port: 80 }] });
    expect(network).toEqual([]);
  });

  test('lets only nodes and compute out', () => {
    const { stack, network } = testFirewall();
    const sources = rulesOf(stack).application[0]?.source_addresses as string[];
    const leaving = network.addressPlan.rows.filter((row) => /nodes|compute/.test(row.role.roleName));
    expect([...sources].sort()).toEqual(leaving.map((row) => row.addressPrefix).sort());
  });

  test('opens service tags for Azure ML compute', () => {
    const { network } = rulesOf(testFirewall({ uses: [OutboundUse.AZURE_ML] }).stack);
    expect(network).toContainEqual(
      expect.objectContaining({
        name: 'azure-ml-azuremachinelearning-udp',
        protocols: ['UDP'],
        destination_addresses: ['AzureMachineLearning'],
        destination_ports: ['5831'],
      }),
    );
  });

  test('opens hosts and services of your own', () => {
    const { application, network } = rulesOf(
      testFirewall({
        uses: [],
        allowedFqdns: ['ghcr.io'],
        networkRules: [{ name: 'ntp', destinations: ['10.0.0.10'], ports: ['123'], protocols: ['UDP'] }],
      }).stack,
    );
    expect(application).toEqual([expect.objectContaining({ name: 'allowed-fqdns', destination_fqdns: ['ghcr.io'] })]);
    expect(network).toEqual([expect.objectContaining({ name: 'ntp', protocols: ['UDP'], destination_ports: ['123'] })]);
  });

  test('routes nodes to it, once its rules are there', () => {
    const { stack, network } = testFirewall();
    expect(resourcesOf(stack, 'azurerm_route')).toEqual([
      expect.objectContaining({
        next_hop_in_ip_address: expect.stringMatching(/azurerm_firewall\..*\.ip_configuration\[0\]\.private_ip_address/),
        depends_on: [expect.stringMatching(/azurerm_firewall_policy_rule_collection_group\./)],
      }),
    ]);
    expect(network.outboundType).toBe('userDefinedRouting');
    expect(network.firewall?.armId).toMatch(/azureFirewalls\/afw-contoso-ml-prod-euw$/);
  });

  test('in tier Basic, has a management subnet and only alerts on threats', () => {
    const { stack } = testFirewall({ tier: 'Basic' });
    expect(resourcesOf(stack, 'azurerm_subnet').map((subnet) => subnet.name)).toContain('AzureFirewallManagementSubnet');
    expect(resourcesOf(stack, 'azurerm_firewall')[0]).toHaveProperty('management_ip_configuration');
    expect(resourcesOf(stack, 'azurerm_firewall_policy')[0]).toMatchObject({ sku: 'Basic', threat_intelligence_mode: 'Alert' });
  });

  test('in tier Premium, stops intrusions', () => {
    const { stack } = testFirewall({ tier: 'Premium' });
    expect(resourcesOf(stack, 'azurerm_firewall_policy')[0]).toMatchObject({ intrusion_detection: { mode: 'Deny' } });
  });

  test('in dev, stays in one zone', () => {
    expect(resourcesOf(testFirewall({}, Stage.DEV).stack, 'azurerm_firewall')[0]?.zones).toBeUndefined();
  });

  test('takes no network rules on its own subnet', () => {
    const { network } = testFirewall();
    const [firewall] = network.roles.filter((role) => role.roleName === 'firewall');
    if (!firewall) throw new Error('no firewall subnet');
    expect(() => network.addRule(firewall, { name: 'x', direction: 'Inbound' as never })).toThrow(/takes no network rules/);
  });

  test.each(['https://ghcr.io', 'ghcr.io/x', 'a.*.io', 'localhost'])('refuses %s as a host', (fqdn) => {
    expect(() => testFirewall({ allowedFqdns: [fqdn] })).toThrow(/not a host that a firewall rule can name/);
  });

  test('refuses a tier that there is none of', () => {
    expect(() => testFirewall({ tier: 'Free' })).toThrow(/tier is not known, got "Free".*Basic, Standard, Premium/s);
  });

  test('fits the provider schemas', () => {
    expect(schemaProblems(synth(testFirewall({ tier: 'Basic', uses: [OutboundUse.AKS, OutboundUse.AZURE_ML] }).stack))).toEqual(
      [],
    );
  });
});

describe('OutboundUse', () => {
  test('is found by its name', () => {
    expect(OutboundUse.of('aks-gpu').httpsFqdns('westeurope')).toEqual([
      'nvidia.github.io',
      'us.download.nvidia.com',
      'download.docker.com',
    ]);
  });

  test('says which there are when one is not known', () => {
    expect(() => OutboundUse.of('gpu')).toThrow(/use is not known, got "gpu".*aks-gpu/s);
  });

  test('names the service tags of Azure ML as azurerm takes them', () => {
    expect(OutboundUse.AZURE_ML.serviceTags('westeurope')).toEqual(
      expect.arrayContaining(['AzureMachineLearning', 'Storage.westeurope', 'BatchNodeManagement.westeurope']),
    );
  });
});
