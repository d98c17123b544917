import { describe, expect, test } from 'vitest';
import {
  AlertRouting,
  type AlertRoutingProps,
  AlertSeverity,
  Budget,
  type BudgetProps,
  MetricAlert,
  type MetricAlertProps,
  MonitorWorkspace,
  OnlineEndpointAlerts,
  PrometheusAlerts,
  type PrometheusAlertsProps,
  PrometheusRule,
  RequestMetrics,
} from '../../lib/observability';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resolved } from '../helpers/resolve';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

function testRouting(overrides: Partial<AlertRoutingProps> = {}) {
  const azure = azureStack();
  const routing = new AlertRouting(azure.stack, 'Alerts', { resourceGroup: azure.resourceGroup, ...overrides });
  return { ...azure, routing };
}

describe('AlertRouting', () => {
  test('writes to the owner of the environment, by a group for each severity', () => {
    const { stack } = testRouting();
    expect(resourcesOf(stack, 'azurerm_monitor_action_group').map((group) => [group.short_name, group.email_receiver])).toEqual(
      ['ml-critical', 'ml-error', 'ml-warning'].map((name) => [
        name,
        [{ name: 'email-1', email_address: 'ml-platform@contoso.example', use_common_alert_schema: true }],
      ]),
    );
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('wakes somebody else for what is critical', () => {
    const { stack, routing } = testRouting({ critical: { webhooks: ['https://oncall.contoso.example/hook'] } });
    const groups = resourcesOf(stack, 'azurerm_monitor_action_group');
    expect(groups.find((group) => group.short_name === 'ml-critical')?.webhook_receiver).toEqual([
      { name: 'webhook-1', service_uri: 'https://oncall.contoso.example/hook', use_common_alert_schema: true },
    ]);
    expect(resolved(stack, routing.actionGroupId(AlertSeverity.INFORMATIONAL))).toBe(
      resolved(stack, routing.actionGroupId(AlertSeverity.WARNING)),
    );
  });

  test('refuses alerts that reach nobody', () => {
    expect(() => testRouting({ critical: {} })).toThrow(/severity critical reach nobody/);
  });
});

describe('MetricAlert', () => {
  function testAlert(overrides: Partial<MetricAlertProps> = {}) {
    const { stack, resourceGroup, routing } = testRouting();
    new MetricAlert(stack, 'Alert', {
      resourceGroup,
      routing,
      targetId: '/id/endpoint',
      alertName: 'slow',
      metricNamespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
      metricName: 'RequestLatency_P95',
      severity: AlertSeverity.ERROR,
      ...overrides,
    });
    return stack;
  }

  test('learns its threshold where none is given', () => {
    const stack = testAlert();
    expect(synthesized(stack, 'azurerm_monitor_metric_alert.Alert')).toMatchObject({
      scopes: ['/id/endpoint'],
      severity: 1,
      window_size: 'PT15M',
      frequency: 'PT5M',
      dynamic_criteria: { metric_name: 'RequestLatency_P95', alert_sensitivity: 'Medium', operator: 'GreaterThan' },
      action: [{ action_group_id: expect.stringMatching(/azurerm_monitor_action_group\.Alerts_error_/) }],
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('takes a fixed threshold, dimensions and a longer window', () => {
    const stack = testAlert({ threshold: 500, dimensions: { deployment: ['blue'] }, windowMinutes: 1440, frequencyMinutes: 60 });
    expect(synthesized(stack, 'azurerm_monitor_metric_alert.Alert')).toMatchObject({
      criteria: [{ threshold: 500, dimension: [{ name: 'deployment', operator: 'Include', values: ['blue'] }] }],
      window_size: 'P1D',
      frequency: 'PT1H',
    });
  });

  test.each([
    [{ windowMinutes: 10 }, /windowMinutes and frequencyMinutes do not fit, got window 10/],
    [{ windowMinutes: 5, frequencyMinutes: 15 }, /do not fit/],
    [{ windowMinutes: 1, frequencyMinutes: 1 }, /learned threshold looks at five minutes/],
  ])('refuses %o', (props, message) => {
    expect(() => testAlert(props)).toThrow(message);
  });
});

describe('OnlineEndpointAlerts', () => {
  test('watch latency, failures and callers turned away', () => {
    const { stack, resourceGroup, routing } = testRouting();
    const endpoint = { endpointId: '/id/fraud', endpointName: 'fraud' };
    new OnlineEndpointAlerts(stack, 'Fraud', { resourceGroup, routing, endpoint, latencyP95Milliseconds: 300 });
    const alerts = resourcesOf(stack, 'azurerm_monitor_metric_alert');
    expect(alerts.map((alert) => [alert.name, alert.severity]).sort()).toEqual([
      ['fraud-failures', 0],
      ['fraud-latency-p95', 1],
      ['fraud-throttled', 1],
    ]);
    expect(alerts.find((alert) => alert.name === 'fraud-latency-p95')?.criteria).toEqual([
      expect.objectContaining({ threshold: 300 }),
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });
});

describe('PrometheusAlerts', () => {
  function testAlerts(overrides: Partial<PrometheusAlertsProps> = {}) {
    const { stack, resourceGroup, privateAccess, routing } = testRouting();
    const monitorWorkspace = new MonitorWorkspace(stack, 'Metrics', { resourceGroup, privateAccess });
    new PrometheusAlerts(stack, 'Rules', { resourceGroup, monitorWorkspace, routing, ...overrides });
    return stack;
  }

  test('watch latency, errors and GPUs by default', () => {
    const stack = testAlerts();
    const group = synthesized(stack, 'azurerm_monitor_alert_prometheus_rule_group.Rules');
    expect(group).toMatchObject({ interval: 'PT1M', scopes: ['${azurerm_monitor_workspace.Metrics.id}'] });
    const rules = group.rule as Record<string, unknown>[];
    expect(rules.map((rule) => rule.alert)).toEqual([
      'ModelLatencyP95High',
      'ModelErrorRatioHigh',
      'GpuIdle',
      'GpuMemorySaturated',
      'GpuPodsPending',
      'GpuXidError',
    ]);
    expect(rules[1]).toMatchObject({
      for: 'PT5M',
      severity: 0,
      action: [{ action_group_id: expect.stringMatching(/Alerts_critical_/) }],
      labels: { team: 'ml-platform' },
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('measure requests at the gateway, or beside pods of Knative', () => {
    expect(PrometheusRule.latencyP95(0.5).options.expression).toBe(
      'histogram_quantile(0.95, sum by (envoy_cluster_name, le) (rate(envoy_cluster_upstream_rq_time_bucket[5m]))) > 500',
    );
    expect(PrometheusRule.errorRatio(2, 10, RequestMetrics.KNATIVE).options.expression).toMatch(
      /revision_request_count\{response_code_class="5xx"\}\[5m\]\)\) \/ .* > 0\.02 and .* \* 60 > 10$/,
    );
  });

  test.each([
    ['no rules', [], /has none, or too many, got 0/],
    ['two rules of one name', [PrometheusRule.gpuIdle(), PrometheusRule.gpuIdle(4)], /two rules have one name, got GpuIdle/],
  ])('refuse %s', (_, rules, message) => {
    expect(() => testAlerts({ rules })).toThrow(message);
  });

  test('refuse a name that is none', () => {
    const rule = { name: 'gpu idle', expression: 'x', severity: AlertSeverity.WARNING, summary: '' };
    expect(() => PrometheusRule.of(rule)).toThrow(/name of the rule is not valid, got "gpu idle"/);
  });
});

describe('Budget', () => {
  function testBudget(overrides: Partial<BudgetProps> = {}) {
    const { stack, resourceGroup } = azureStack();
    new Budget(stack, 'Budget', { resourceGroup, monthlyAmount: 5000, startMonth: '2026-12', ...overrides });
    return stack;
  }

  test('warns when money is spent, and before that when it will be', () => {
    const stack = testBudget();
    const contact_emails = ['ml-platform@contoso.example'];
    const operator = 'GreaterThanOrEqualTo';
    expect(synthesized(stack, 'azurerm_consumption_budget_resource_group.Budget')).toMatchObject({
      amount: 5000,
      time_grain: 'Monthly',
      time_period: { start_date: '2026-12-01T00:00:00Z' },
      resource_group_id: expect.stringMatching(/azurerm_resource_group\.Group\.name/),
      notification: [
        { threshold: 80, threshold_type: 'Actual', operator, contact_emails },
        { threshold: 100, threshold_type: 'Actual', operator, contact_emails },
        { threshold: 100, threshold_type: 'Forecasted', operator, contact_emails },
      ],
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([
    [{ monthlyAmount: 0 }, /monthlyAmount is not valid, got 0/],
    [{ startMonth: '2026-13' }, /startMonth is not a month, got "2026-13".*yyyy-mm/s],
    [{ actualPercents: [0] }, /percent of the budget is out of range, got 0/],
    [{ actualPercents: [], forecastPercents: [] }, /one to five warnings, got 0/],
  ])('refuses %o', (props, message) => {
    expect(() => testBudget(props)).toThrow(message);
  });
});
