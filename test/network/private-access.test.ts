import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { ResourceGroup } from '../../lib/core';
import { PrivateAccess, PrivateDns, PrivateService, Subnet } from '../../lib/network';
import { resolved } from '../helpers/resolve';
import { resourcesOf, synthesized, testStack } from '../helpers/synth';

const NETWORK = '/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/v';

function testAccess(dns?: PrivateDns) {
  const stack = testStack();
  const access = new PrivateAccess(stack, 'Access', {
    resourceGroup: ResourceGroup.fromName(stack, 'Group', 'rg-net'),
    subnet: Subnet.fromId(stack, 'Subnet', `${NETWORK}/subnets/pe`),
    virtualNetworkId: NETWORK,
    dns,
  });
  const connect = (id: string, service: PrivateService) =>
    access.connect(new Construct(stack, id), { service, resourceId: `/id/${id}`, resourceName: id.toLowerCase() });
  return { stack, access, connect };
}

describe('PrivateAccess', () => {
  test('makes an endpoint for the sub-resource of the service, with records in its zone', () => {
    const { stack, connect } = testAccess();
    connect('Vault', PrivateService.KEY_VAULT);
    const [endpoint] = resourcesOf(stack, 'azurerm_private_endpoint');
    expect(endpoint).toMatchObject({
      name: 'pep-contoso-ml-prod-euw-vault-vault',
      subnet_id: `${NETWORK}/subnets/pe`,
      private_service_connection: {
        is_manual_connection: false,
        private_connection_resource_id: '/id/Vault',
        subresource_names: ['vault'],
      },
      private_dns_zone_group: { name: 'default' },
    });
    expect(synthesized(stack, 'azurerm_private_dns_zone.Access_privatelink-vaultcore-azure-net_183B120E')).toMatchObject({
      name: 'privatelink.vaultcore.azure.net',
    });
  });

  test('links each zone to the network, without registering machines in it', () => {
    const { stack, connect } = testAccess();
    connect('Vault', PrivateService.KEY_VAULT);
    expect(resourcesOf(stack, 'azurerm_private_dns_zone_virtual_network_link')).toMatchObject([
      { virtual_network_id: NETWORK, registration_enabled: false },
    ]);
  });

  test('asks both zones for an Azure ML workspace', () => {
    const { stack, connect } = testAccess();
    connect('Workspace', PrivateService.ML_WORKSPACE);
    expect(resourcesOf(stack, 'azurerm_private_dns_zone').map((zone) => zone.name)).toEqual([
      'privatelink.api.azureml.ms',
      'privatelink.notebooks.azure.net',
    ]);
    const [endpoint] = resourcesOf(stack, 'azurerm_private_endpoint');
    expect(endpoint).toMatchObject({
      private_dns_zone_group: {
        private_dns_zone_ids: [expect.stringMatching(/api-azureml/), expect.stringMatching(/notebooks/)],
      },
    });
  });

  test('makes a zone once, however many endpoints use it', () => {
    const { stack, connect } = testAccess();
    connect('Workspace', PrivateService.ML_WORKSPACE);
    connect('Registry', PrivateService.ML_REGISTRY);
    expect(resourcesOf(stack, 'azurerm_private_dns_zone')).toHaveLength(2);
    expect(resourcesOf(stack, 'azurerm_private_endpoint')).toHaveLength(2);
  });

  test('asked twice for one sub-resource, gives the same endpoint', () => {
    const { stack, access } = testAccess();
    const connection = { service: PrivateService.STORAGE_BLOB, resourceId: '/id/st', resourceName: 'st' };
    expect(access.connect(stack, connection)).toBe(access.connect(stack, connection));
    expect(access.connect(stack, { ...connection, service: PrivateService.STORAGE_DFS })).not.toBe(
      access.connect(stack, connection),
    );
  });

  test('offers the regional zone of AKS', () => {
    const { stack, access } = testAccess();
    const zone = access.zone('privatelink.westeurope.azmk8s.io');
    expect(PrivateService.KUBERNETES.zoneNames('westeurope')).toEqual([zone.zoneName]);
    expect(resolved(stack, zone.zoneId)).toMatch(/^\$\{azurerm_private_dns_zone\..*\.id\}$/);
    expect(zone.armId).toMatch(/rg-net\/providers\/Microsoft.Network\/privateDnsZones\/privatelink\.westeurope\.azmk8s\.io$/);
  });

  test('uses imported zones by id and makes none', () => {
    const zoneId =
      '/subscriptions/h/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net';
    const { stack, connect } = testAccess(PrivateDns.imported({ 'privatelink.vaultcore.azure.net': zoneId }));
    connect('Vault', PrivateService.KEY_VAULT);
    expect(resourcesOf(stack, 'azurerm_private_dns_zone')).toEqual([]);
    expect(resourcesOf(stack, 'azurerm_private_dns_zone_virtual_network_link')).toEqual([]);
    expect(resourcesOf(stack, 'azurerm_private_endpoint')[0]?.private_dns_zone_group).toMatchObject({
      private_dns_zone_ids: [zoneId],
    });
  });

  test('finds imported zones in the group that holds them all', () => {
    const { access } = testAccess(PrivateDns.importedFrom('/subscriptions/h/resourceGroups/dns'));
    expect(access.zone('privatelink.azurecr.io').armId).toBe(
      '/subscriptions/h/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io',
    );
  });

  test('names the zone that was not imported', () => {
    const { connect } = testAccess(PrivateDns.imported({}));
    expect(() => connect('Vault', PrivateService.KEY_VAULT)).toThrow(/no imported zone is called privatelink.vaultcore/);
  });

  test('leaves zone groups to a policy where one manages them, and never undoes its work', () => {
    const { stack, connect } = testAccess(PrivateDns.policyManaged());
    connect('Vault', PrivateService.KEY_VAULT);
    const [endpoint] = resourcesOf(stack, 'azurerm_private_endpoint');
    expect(endpoint?.private_dns_zone_group).toBeUndefined();
    expect(endpoint?.lifecycle).toEqual({ ignore_changes: ['private_dns_zone_group'] });
    expect(resourcesOf(stack, 'azurerm_private_dns_zone')).toEqual([]);
  });

  test('has no zone to give where a policy manages them', () => {
    const { access } = testAccess(PrivateDns.policyManaged());
    expect(() => access.zone('privatelink.westeurope.azmk8s.io')).toThrow(/left to a policy.*System/s);
  });

  test('refuses ids that are none', () => {
    expect(() => PrivateDns.importedFrom('rg-dns')).toThrow(/not the id of a resource group, got "rg-dns"/);
    expect(() => PrivateDns.imported({ 'privatelink.azurecr.io': '/x/privatelink.azure.io' })).toThrow(
      /not the id of zone privatelink.azurecr.io/,
    );
  });
});
