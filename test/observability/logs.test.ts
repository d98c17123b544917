import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { ApplicationInsights, LogAnalytics, type LogAnalyticsProps } from '../../lib/observability';
import { azureStack } from '../helpers/azure';
import { synth, synthesized } from '../helpers/synth';

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
