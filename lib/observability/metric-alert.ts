import { MonitorMetricAlert } from '@cdktf/provider-azurerm/lib/monitor-metric-alert';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import type { AlertRouting } from './alert-routing';
import type { AlertSeverity } from './alert-severity';

/** A metric of Azure Monitor and when it alarms. */
export interface MetricAlertOptions {
  /** e.g. "Microsoft.MachineLearningServices/workspaces/onlineEndpoints". */
  readonly metricNamespace: string;
  /** e.g. "RequestLatency_P95". */
  readonly metricName: string;
  /** "Average", "Count", "Maximum", "Minimum" or "Total". @default Average */
  readonly aggregation?: string;
  /** "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"; for learned thresholds "GreaterOrLessThan" too. @default GreaterThan */
  readonly operator?: string;
  /** A fixed threshold. @default - learned from how the metric behaves by hour and day */
  readonly threshold?: number;
  /** How closely a learned threshold follows: "Low", "Medium" or "High". @default Medium */
  readonly sensitivity?: string;
  /** Map from dimension to values, e.g. { statusCodeClass: ["5xx"] }. @default - all values together */
  readonly dimensions?: { [name: string]: string[] };
  /** Minutes of data that are looked at: 1, 5, 15, 30, 60, 360, 720 or 1440. @default 15 */
  readonly windowMinutes?: number;
  /** Minutes between two looks: 1, 5, 15, 30 or 60. @default 5 */
  readonly frequencyMinutes?: number;
}

export interface MetricAlertProps extends MetricAlertOptions {
  readonly resourceGroup: IResourceGroup;
  /** ARM id of what is watched, as a reference to the resource. */
  readonly targetId: string;
  /** Unique in the group, e.g. "fraud-latency". */
  readonly alertName: string;
  readonly severity: AlertSeverity;
  readonly routing: AlertRouting;
}

const WINDOWS = [1, 5, 15, 30, 60, 360, 720, 1440];
const FREQUENCIES = [1, 5, 15, 30, 60];

/** An alert on a metric, by a fixed threshold or one that Azure learns. */
export class MetricAlert extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly alertId: string;

  constructor(scope: Construct, id: string, props: MetricAlertProps) {
    super(scope, id);
    const window = props.windowMinutes ?? 15;
    const frequency = props.frequencyMinutes ?? 5;
    this.check(props, window, frequency);
    const common = {
      metricNamespace: props.metricNamespace,
      metricName: props.metricName,
      aggregation: props.aggregation ?? 'Average',
      operator: props.operator ?? 'GreaterThan',
      dimension: Object.entries(props.dimensions ?? {}).map(([name, values]) => ({ name, operator: 'Include', values })),
      // The target may have sent nothing yet.
      skipMetricValidation: true,
    };
    this.alertId = new MonitorMetricAlert(this, 'Default', {
      name: props.alertName,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      scopes: [props.targetId],
      severity: props.severity,
      windowSize: isoMinutes(window),
      frequency: isoMinutes(frequency),
      autoMitigate: true,
      ...(props.threshold === undefined
        ? { dynamicCriteria: { ...common, alertSensitivity: props.sensitivity ?? 'Medium' } }
        : { criteria: [{ ...common, threshold: props.threshold }] }),
      action: [{ actionGroupId: props.routing.actionGroupId(props.severity) }],
      tags: Environment.of(this).tags,
    }).id;
  }

  private check(props: MetricAlertProps, window: number, frequency: number): void {
    if (!WINDOWS.includes(window) || !FREQUENCIES.includes(frequency) || frequency > window) {
      throw new ConfigurationError(this.node.path, {
        what: 'windowMinutes and frequencyMinutes do not fit',
        got: `window ${window}, frequency ${frequency}`,
        allowed: `windows ${WINDOWS.join(', ')}; frequencies ${FREQUENCIES.join(', ')}, not longer than the window`,
        fix: 'leave them out for 15 and 5',
      });
    }
    const dynamic = props.threshold === undefined;
    if (dynamic && (window < 5 || frequency < 5)) {
      throw new ConfigurationError(this.node.path, {
        what: 'a learned threshold looks at five minutes at least',
        got: `window ${window}, frequency ${frequency}`,
        allowed: 'windows and frequencies of 5 minutes or more, or a fixed threshold',
        fix: 'raise both to 5, or give threshold',
      });
    }
  }
}

function isoMinutes(minutes: number): string {
  if (minutes === 1440) return 'P1D';
  return minutes >= 60 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}
