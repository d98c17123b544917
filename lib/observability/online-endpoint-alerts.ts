import { Construct } from 'constructs';
import type { IResourceGroup } from '../core';
import type { AlertRouting } from './alert-routing';
import { AlertSeverity } from './alert-severity';
import { MetricAlert } from './metric-alert';

/** What is watched of an endpoint. */
export interface WatchedEndpoint {
  /** ARM id as a reference to the resource. */
  readonly endpointId: string;
  readonly endpointName: string;
}

export interface OnlineEndpointAlertsProps {
  readonly resourceGroup: IResourceGroup;
  readonly endpoint: WatchedEndpoint;
  readonly routing: AlertRouting;
  /** Milliseconds that 95 of 100 requests may take. @default - learned from how the endpoint behaves */
  readonly latencyP95Milliseconds?: number;
  /** Failed requests (5xx) a minute that are too many. @default 5 */
  readonly failuresPerMinute?: number;
}

const NAMESPACE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

/** The alerts that every online endpoint of Azure ML should have: it is slow, it fails, callers are turned away. */
export class OnlineEndpointAlerts extends Construct {
  public readonly alerts: MetricAlert[];

  constructor(scope: Construct, id: string, props: OnlineEndpointAlertsProps) {
    super(scope, id);
    const { endpoint, routing, resourceGroup } = props;
    const common = { resourceGroup, routing, targetId: endpoint.endpointId, metricNamespace: NAMESPACE };
    this.alerts = [
      new MetricAlert(this, 'Latency', {
        ...common,
        alertName: `${endpoint.endpointName}-latency-p95`,
        metricName: 'RequestLatency_P95',
        threshold: props.latencyP95Milliseconds,
        severity: AlertSeverity.ERROR,
      }),
      new MetricAlert(this, 'Failures', {
        ...common,
        alertName: `${endpoint.endpointName}-failures`,
        metricName: 'RequestsPerMinute',
        dimensions: { statusCodeClass: ['5xx'] },
        threshold: props.failuresPerMinute ?? 5,
        windowMinutes: 5,
        severity: AlertSeverity.CRITICAL,
      }),
      new MetricAlert(this, 'Saturation', {
        ...common,
        alertName: `${endpoint.endpointName}-throttled`,
        metricName: 'RequestsPerMinute',
        dimensions: { statusCode: ['429'] },
        threshold: 1,
        severity: AlertSeverity.ERROR,
      }),
    ];
  }
}
