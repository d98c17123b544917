import { MonitorAlertPrometheusRuleGroup } from '@cdktf/provider-azurerm/lib/monitor-alert-prometheus-rule-group';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import type { AlertRouting } from './alert-routing';
import type { IMonitorWorkspace } from './monitor-workspace';
import { PrometheusRule } from './prometheus-rule';

export interface PrometheusAlertsProps {
  readonly resourceGroup: IResourceGroup;
  readonly monitorWorkspace: IMonitorWorkspace;
  readonly routing: AlertRouting;
  /** Cluster whose metrics count, by name. @default - all clusters of the workspace */
  readonly clusterName?: string;
  /** Unique in the group. @default "ml-platform" */
  readonly groupName?: string;
  /** @default - latency over 1 s, errors over 1 %, idle, full and failing GPUs, pods that wait for one */
  readonly rules?: PrometheusRule[];
}

/** Alerts on metrics of clusters, evaluated by managed Prometheus. */
export class PrometheusAlerts extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly ruleGroupId: string;

  constructor(scope: Construct, id: string, props: PrometheusAlertsProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const rules = props.rules ?? [
      PrometheusRule.latencyP95(1),
      PrometheusRule.errorRatio(1),
      PrometheusRule.gpuIdle(),
      PrometheusRule.gpuMemorySaturated(),
      PrometheusRule.gpuPodsPending(),
      PrometheusRule.gpuErrors(),
    ];
    const names = rules.map(({ options }) => options.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined || rules.length === 0 || rules.length > 20) {
      throw new ConfigurationError(this.node.path, {
        what: twice === undefined ? 'a group of rules has none, or too many' : 'two rules have one name',
        got: twice ?? String(rules.length),
        allowed: '1-20 rules with names of their own',
        fix: twice === undefined ? 'split them into groups' : 'drop one of them',
      });
    }
    this.ruleGroupId = new MonitorAlertPrometheusRuleGroup(this, 'Default', {
      name: props.groupName ?? 'ml-platform',
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      clusterName: props.clusterName,
      scopes: [props.monitorWorkspace.monitorWorkspaceId],
      interval: 'PT1M',
      ruleGroupEnabled: true,
      rule: rules.map(({ options }) => ({
        alert: options.name,
        enabled: true,
        expression: options.expression,
        for: `PT${options.forMinutes ?? 10}M`,
        severity: options.severity,
        annotations: { summary: options.summary },
        labels: { team: environment.owner.team },
        alertResolution: { autoResolved: true, timeToResolve: 'PT10M' },
        action: [{ actionGroupId: props.routing.actionGroupId(options.severity) }],
      })),
      tags: environment.tags,
    }).id;
  }
}
