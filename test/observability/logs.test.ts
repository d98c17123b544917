import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import {
  ApplicationInsights,
  LogAnalytics,
  type LogAnalyticsProps,
  PrivateLinkScope,
  type PrivateLinkScopeProps,
} from '../../lib/observability';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

function testLogs(overrides: Partial<LogAnalyticsProps> = {}, stage = Stage.PROD) {
  const azure = azureStack({ stage });
  const { stack, resourceGroup } = azure;
  const logAnalytics = new LogAnalytics(stack, 'Logs', { resourceGroup, ...overrides });
  return { ...azure, logAnalytics };
}

describe('LogAnalytics', () => {
  test.each([
    ['prod', Stage.PROD, 365, -1],
    ['dev', Stage.DEV, 30, 1],
  ])('in %s, keeps logs and caps their cost by profile, and takes them from identities alone', (_, stage, days, quota) => {
    const { stack } = testLogs({}, stage);
    expect(synthesized(stack, 'azurerm_log_analytics_workspace.Logs')).toMatchObject({
      sku: 'PerGB2018',
      retention_in_days: days,
      daily_quota_gb: quota,
      local_authentication_enabled: false,
    });
  });

  test('refuses a retention that Azure does not offer', () => {
    expect(() => testLogs({ retentionDays: 7 })).toThrow(/retentionDays is out of range, got 7.*30-730/s);
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/log-theirs';
    const logs = LogAnalytics.fromId(stack, 'Logs', id);
    expect([logs.logAnalyticsId, logs.armId, logs.logAnalyticsName]).toEqual([id, id, 'log-theirs']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});

describe('ApplicationInsights', () => {
  test('keeps its data in the Log Analytics workspace', () => {
    const { stack, resourceGroup, logAnalytics } = testLogs();
    new ApplicationInsights(stack, 'Insights', { resourceGroup, logAnalytics });
    expect(synthesized(stack, 'azurerm_application_insights.Insights')).toMatchObject({
      application_type: 'web',
      workspace_id: '${azurerm_log_analytics_workspace.Logs.id}',
      sampling_percentage: 100,
    });
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/appi-theirs';
    const insights = ApplicationInsights.fromId(stack, 'Insights', id);
    expect([insights.applicationInsightsId, insights.armId, insights.applicationInsightsName]).toEqual([id, id, 'appi-theirs']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});

describe('PrivateLinkScope', () => {
  function testScope(props: Partial<PrivateLinkScopeProps> = {}) {
    const { stack, resourceGroup, privateAccess, logAnalytics } = testLogs({ privateOnly: true });
    const insights = new ApplicationInsights(stack, 'Insights', { resourceGroup, logAnalytics, privateOnly: true });
    const scope = new PrivateLinkScope(stack, 'Scope', { resourceGroup, privateAccess, ...props });
    scope.addLogAnalytics(logAnalytics);
    scope.addLogAnalytics(logAnalytics);
    scope.addApplicationInsights(insights);
    return stack;
  }

  test('is the private way to logs and telemetry, each a member once', () => {
    const stack = testScope();
    expect(synthesized(stack, 'azurerm_monitor_private_link_scope.Scope')).toMatchObject({ ingestion_access_mode: 'Open' });
    expect(resourcesOf(stack, 'azurerm_monitor_private_link_scoped_service')).toHaveLength(2);
    expect(resourcesOf(stack, 'azurerm_private_endpoint')[0]?.private_service_connection).toMatchObject({
      subresource_names: ['azuremonitor'],
    });
    for (const address of ['azurerm_log_analytics_workspace.Logs', 'azurerm_application_insights.Insights']) {
      expect(synthesized(stack, address)).toMatchObject({ internet_ingestion_enabled: false, internet_query_enabled: false });
    }
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('can shut its networks off from everything else in Azure Monitor', () => {
    expect(synthesized(testScope({ privateOnly: true }), 'azurerm_monitor_private_link_scope.Scope')).toMatchObject({
      ingestion_access_mode: 'PrivateOnly',
      query_access_mode: 'PrivateOnly',
    });
  });
});
