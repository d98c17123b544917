import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { Principal } from '../../lib/identity';
import {
  DiagnosticSettings,
  LogAnalytics,
  ManagedGrafana,
  type ManagedGrafanaProps,
  MonitorWorkspace,
  PrivateLinkScope,
} from '../../lib/observability';
import { azureStack, testWorkspace } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const TEAM = Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222');
const AKS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';

function testMetrics(grafana: Partial<ManagedGrafanaProps> = {}, stage = Stage.PROD) {
  const azure = azureStack({ stage });
  const { stack, resourceGroup, privateAccess } = azure;
  const workspace = new MonitorWorkspace(stack, 'Metrics', { resourceGroup, privateAccess });
  const board = new ManagedGrafana(stack, 'Grafana', {
    resourceGroup,
    privateAccess,
    monitorWorkspaces: [workspace],
    ...grafana,
  });
  return { ...azure, workspace, board };
}

describe('MonitorWorkspace', () => {
  test('answers queries on a private endpoint alone', () => {
    const { stack } = testMetrics();
    expect(synthesized(stack, 'azurerm_monitor_workspace.Metrics')).toMatchObject({ public_network_access_enabled: false });
    const connections = resourcesOf(stack, 'azurerm_private_endpoint').map((endpoint) => endpoint.private_service_connection);
    expect(connections).toContainEqual(expect.objectContaining({ subresource_names: ['prometheusMetrics'] }));
  });

  test('collects from a cluster by endpoint, rule and both associations', () => {
    const { stack, workspace } = testMetrics();
    workspace.collectFrom('aks', AKS);
    expect(resourcesOf(stack, 'azurerm_monitor_data_collection_rule')).toEqual([
      expect.objectContaining({
        kind: 'Linux',
        data_flow: [{ streams: ['Microsoft-PrometheusMetrics'], destinations: ['workspace'] }],
        destinations: { monitor_account: [{ name: 'workspace', monitor_account_id: '${azurerm_monitor_workspace.Metrics.id}' }] },
      }),
    ]);
    const associations = resourcesOf(stack, 'azurerm_monitor_data_collection_rule_association');
    expect(associations.map((association) => association.name).sort()).toEqual(['configurationAccessEndpoint', 'prometheus']);
    expect(associations.every((association) => association.target_resource_id === AKS)).toBe(true);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('takes metrics in by the public door, signed in by identity, where the network has no private way to Azure Monitor', () => {
    const { stack, workspace } = testMetrics();
    workspace.collectFrom('aks', AKS);
    expect(resourcesOf(stack, 'azurerm_monitor_data_collection_endpoint')).toMatchObject([
      { public_network_access_enabled: true },
    ]);
  });

  test('takes metrics in privately where the network has a private link scope', () => {
    const { stack, resourceGroup, privateAccess } = azureStack();
    const privateLinkScope = new PrivateLinkScope(stack, 'Link', { resourceGroup, privateAccess });
    const workspace = new MonitorWorkspace(stack, 'Metrics', { resourceGroup, privateAccess, privateLinkScope });
    workspace.collectFrom('aks', AKS);
    expect(resourcesOf(stack, 'azurerm_monitor_data_collection_endpoint')).toMatchObject([
      { public_network_access_enabled: false },
    ]);
    const [member] = resourcesOf(stack, 'azurerm_monitor_private_link_scoped_service');
    expect(member?.linked_resource_id).toMatch(/^\$\{azurerm_monitor_data_collection_endpoint\./);
  });

  test('collects from each cluster once', () => {
    const { workspace } = testMetrics();
    workspace.collectFrom('aks', AKS);
    expect(() => workspace.collectFrom('aks', AKS)).toThrow(/collected already, got aks/);
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Monitor/accounts/amw';
    const workspace = MonitorWorkspace.fromId(stack, 'Metrics', id);
    expect([workspace.monitorWorkspaceId, workspace.armId, workspace.monitorWorkspaceName]).toEqual([id, id, 'amw']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});

describe('ManagedGrafana', () => {
  test('is private, has no keys, and reads the metrics as itself', () => {
    const { stack } = testMetrics();
    expect(synthesized(stack, 'azurerm_dashboard_grafana.Grafana')).toMatchObject({
      grafana_major_version: '11',
      api_key_enabled: false,
      public_network_access_enabled: false,
      zone_redundancy_enabled: true,
      azure_monitor_workspace_integrations: [{ resource_id: '${azurerm_monitor_workspace.Metrics.id}' }],
    });
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({
        scope: '${azurerm_monitor_workspace.Metrics.id}',
        principal_id: '${azurerm_dashboard_grafana.Grafana.identity[0].principal_id}',
        role_definition_id: expect.stringContaining('b0d8363b-8ddd-447d-831f-62ca05bff136'),
      }),
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('in dev, stays in one zone', () => {
    const { stack } = testMetrics({}, Stage.DEV);
    expect(synthesized(stack, 'azurerm_dashboard_grafana.Grafana').zone_redundancy_enabled).toBe(false);
  });

  test.each([
    ['grantAdmin', '22926164-76b3-42b3-bc55-97df8dab3e41'],
    ['grantEdit', 'a79a5197-3a5c-4973-a920-486035ffd60f'],
    ['grantView', '60921a7e-fef1-4a43-9b16-a26c52ad4769'],
  ] as const)('%s gives the role on this Grafana alone', (verb, role) => {
    const { stack, board } = testMetrics();
    board[verb](TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toContainEqual(
      expect.objectContaining({
        scope: '${azurerm_dashboard_grafana.Grafana.id}',
        role_definition_id: expect.stringContaining(role),
      }),
    );
  });

  test('refuses a version that azurerm does not take', () => {
    expect(() => testMetrics({ majorVersion: '12' })).toThrow(/majorVersion is not one that azurerm 4\.55\.0 takes, got "12"/);
  });
});

describe('DiagnosticSettings', () => {
  test('send the logs of everything that has some, each once', () => {
    const { stack, logAnalytics } = testWorkspace();
    DiagnosticSettings.forAll(stack, logAnalytics);
    DiagnosticSettings.forAll(stack, logAnalytics);
    const targets = resourcesOf(stack, 'azurerm_monitor_diagnostic_setting').map((setting) => setting.target_resource_id);
    expect(targets.sort()).toEqual([
      '${azurerm_container_registry.Registry.id}',
      '${azurerm_key_vault.Vault.id}',
      '${azurerm_machine_learning_workspace.Workspace.id}',
      '${azurerm_storage_account.Storage.id}/blobServices/default',
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('take all logs and no metrics, unless told otherwise', () => {
    const { stack, resourceGroup } = azureStack();
    const logAnalytics = new LogAnalytics(stack, 'Logs', { resourceGroup });
    new DiagnosticSettings(stack, 'All', { logAnalytics, targetId: '/id/a' });
    new DiagnosticSettings(stack, 'Some', {
      logAnalytics,
      targetId: '/id/b',
      categories: ['guard'],
      metrics: true,
      dedicatedTables: true,
    });
    expect(synthesized(stack, 'azurerm_monitor_diagnostic_setting.All')).toEqual({
      name: 'to-log-analytics',
      target_resource_id: '/id/a',
      log_analytics_workspace_id: '${azurerm_log_analytics_workspace.Logs.id}',
      enabled_log: [{ category_group: 'allLogs' }],
    });
    expect(synthesized(stack, 'azurerm_monitor_diagnostic_setting.Some')).toMatchObject({
      enabled_log: [{ category: 'guard' }],
      enabled_metric: [{ category: 'AllMetrics' }],
      log_analytics_destination_type: 'Dedicated',
    });
  });
});
