import { Construct } from 'constructs';
import type { MlCluster } from '../cluster';
import type { IResourceGroup } from '../core';
import { Principal } from '../identity';
import type { IPrivateAccess } from '../network';
import {
  type AlertRouting,
  type ApplicationInsights,
  type ILogAnalytics,
  ManagedGrafana,
  MonitorWorkspace,
  PrivateLinkScope,
  PrometheusAlerts,
} from '../observability';
import type { ManagedMetricsOptions } from './ml-platform-props';

interface ManagedMetricsInput extends ManagedMetricsOptions {
  readonly resourceGroup: IResourceGroup;
  readonly privateAccess: IPrivateAccess;
  readonly logAnalytics: ILogAnalytics;
  readonly applicationInsights: ApplicationInsights;
  readonly cluster: MlCluster;
  readonly routing: AlertRouting;
}

/** Where managed Prometheus keeps the cluster's metrics, what it warns of, and who sees them. */
export function addManagedMetrics(platform: Construct, input: ManagedMetricsInput): MonitorWorkspace {
  const scope = new Construct(platform, 'Metrics');
  const { resourceGroup, privateAccess, cluster } = input;
  const privateLinkScope = input.privateLink
    ? new PrivateLinkScope(scope, 'PrivateLink', { resourceGroup, privateAccess })
    : undefined;
  privateLinkScope?.addLogAnalytics(input.logAnalytics);
  privateLinkScope?.addApplicationInsights(input.applicationInsights);
  const monitorWorkspace = new MonitorWorkspace(scope, 'Workspace', { resourceGroup, privateAccess, privateLinkScope });
  monitorWorkspace.collectFrom(cluster.clusterName, cluster.clusterId);
  new PrometheusAlerts(scope, 'Alerts', { resourceGroup, monitorWorkspace, routing: input.routing });
  const viewers = Object.entries(input.grafanaViewers ?? {});
  if (viewers.length > 0) {
    const grafana = new ManagedGrafana(scope, 'Grafana', { resourceGroup, privateAccess, monitorWorkspaces: [monitorWorkspace] });
    for (const [name, objectId] of viewers) grafana.grantView(Principal.group(name, objectId));
  }
  return monitorWorkspace;
}
