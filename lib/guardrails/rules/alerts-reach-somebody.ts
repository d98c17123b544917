import { absence, exists } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const RECEIVERS = [
  'email',
  'webhook',
  'arm_role',
  'azure_app_push',
  'logic_app',
  'azure_function',
  'event_hub',
  'automation_runbook',
  'itsm',
  'sms',
  'voice',
];
const ALERTS: readonly [type: string, path: string][] = [
  ['azurerm_monitor_metric_alert', 'scopes'],
  ['azurerm_monitor_alert_prometheus_rule_group', 'scopes'],
  ['azurerm_monitor_alert_prometheus_rule_group', 'cluster_name'],
  ['azurerm_monitor_scheduled_query_rules_alert_v2', 'scopes'],
  ['azurerm_monitor_activity_log_alert', 'scopes'],
];

export const alertsReachSomebody: IRule = {
  id: 'MLP-MON-003',
  title: 'clusters and endpoints have alerts, and alerts reach somebody',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_monitor_action_group', 'azurerm_kubernetes_cluster', 'azapi_resource'],
  why: 'An alert without a receiver is a log line.',
  fix: 'add an alert on the cluster or endpoint, and a receiver to its action group (alerts of the observability constructs)',
  check: (resource) => {
    if (resource.type === 'azurerm_monitor_action_group') {
      const receivers = RECEIVERS.map((kind) => resource.value(`${kind}_receiver`)).filter((receiver) => !receiver.isMissing);
      if (receivers.some((receiver) => receiver.length > 0)) return [Verdict.pass()];
      const unresolved = receivers.find((receiver) => receiver.isUnresolved);
      return [
        unresolved
          ? Verdict.unknown(unresolved, 'receiver')
          : Verdict.fail({ value: absence('receiver'), finding: 'receiver', allowed: 'one or more' }),
      ];
    }
    if (resource.type === 'azapi_resource' && !isArmType(resource, ML.onlineEndpoint)) return [];
    const alerts = ALERTS.flatMap(([type, path]) => resource.stack.referrers(type, path, resource));
    return [
      exists(
        alerts.map((alert) => alert.address),
        'alert',
        { finding: 'alert', what: 'nothing watches it' },
      ),
    ];
  },
};
