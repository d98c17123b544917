import { describe, expect, test } from 'vitest';
import { ResourceGroup, Stage } from '../../lib/core';
import { PostgresServer, type PostgresServerProps } from '../../lib/data';
import { Principal } from '../../lib/identity';
import { PrivateAccess, Subnet } from '../../lib/network';
import { resourcesOf, testStack } from '../helpers/synth';

const VNET = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/vnet';
const ADMINISTRATOR = 'azurerm_postgresql_flexible_server_active_directory_administrator';

function testServer(props: Partial<PostgresServerProps> = {}, stage = Stage.PROD) {
  const stack = testStack({ stage });
  const resourceGroup = ResourceGroup.fromName(stack, 'Group', 'rg-ml');
  const privateAccess = new PrivateAccess(stack, 'Access', {
    resourceGroup,
    subnet: Subnet.fromId(stack, 'Endpoints', `${VNET}/subnets/endpoints`),
    virtualNetworkId: VNET,
  });
  const server = new PostgresServer(stack, 'Server', { resourceGroup, privateAccess, purpose: 'mlflow', ...props });
  return { stack, server, json: () => resourcesOf(stack, 'azurerm_postgresql_flexible_server')[0] ?? {} };
}

describe('PostgresServer', () => {
  test('knows Entra identities only, behind a private endpoint', () => {
    const { stack, server, json } = testServer();
    expect(json()).toMatchObject({
      public_network_access_enabled: false,
      authentication: { active_directory_auth_enabled: true, password_auth_enabled: false },
    });
    expect(json()).not.toHaveProperty('administrator_password');
    expect(resourcesOf(stack, 'azurerm_private_endpoint')).toMatchObject([
      { private_service_connection: { subresource_names: ['postgresqlServer'] } },
    ]);
    expect(server.host).toMatch(/^psql-contoso-ml-prod-euw-mlflow.*\.postgres\.database\.azure\.com$/);
  });

  test('has a standby in another zone and backups in another region where the profile says so', () => {
    expect(testServer().json()).toMatchObject({
      sku_name: 'GP_Standard_D2ds_v5',
      zone: '1',
      high_availability: { mode: 'ZoneRedundant', standby_availability_zone: '2' },
      geo_redundant_backup_enabled: true,
      backup_retention_days: 35,
      lifecycle: { prevent_destroy: true, ignore_changes: ['zone', 'high_availability[0].standby_availability_zone'] },
    });
    const dev = testServer({}, Stage.DEV).json();
    expect(dev).toMatchObject({ sku_name: 'B_Standard_B1ms', geo_redundant_backup_enabled: false, backup_retention_days: 7 });
    expect(dev).not.toHaveProperty('high_availability');
  });

  test('makes databases and administrators, each once', () => {
    const { stack, server } = testServer({ databases: ['mlflow'] });
    const dba = Principal.group('dba', '33333333-3333-3333-3333-333333333333');
    server.grantAdmin(dba, 'dba');
    server.grantAdmin(dba, 'dba');
    expect(resourcesOf(stack, 'azurerm_postgresql_flexible_server_database')).toMatchObject([
      { name: 'mlflow', charset: 'UTF8', collation: 'en_US.utf8', lifecycle: { prevent_destroy: true } },
    ]);
    expect(resourcesOf(stack, ADMINISTRATOR)).toMatchObject([{ principal_name: 'dba', principal_type: 'Group' }]);
  });

  test.each([
    [{ storageGib: 40 }, /storageGib is not valid, got 40\n {2}allowed: 32, 64,/],
    [{ skuName: 'B_Standard_B1ms' }, /a burstable server has no standby in another zone/],
    [{ skuName: 'Standard_D2ds_v5' }, /skuName is not valid/],
    [{ databases: ['ML flow'] }, /name of the database is not valid, got "ML flow"/],
  ])('refuses %o', (props, message) => {
    expect(() => testServer(props)).toThrow(message);
  });
});
