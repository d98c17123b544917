import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractGateway, ContractTenant, IMlPlatform } from '../contract';
import type { Owner } from '../core';
import { onSynthesize } from '../core/framework-internals';
import type { GpuRequest } from '../gpu';
import { Manifests } from '../manifests';
import { alertGroups } from './alert-rules';
import { dashboard } from './dashboard';
import { runbook } from './runbook';
import type { ServiceLevel } from './service-level';
import { type CheckedServiceLevel, checkServiceLevel } from './service-level-check';
import { type ServiceMetrics, serviceMetrics } from './service-metrics';
import type { TrafficSplit } from './traffic-split';

export interface ServiceOperationsProps {
  readonly platform: IMlPlatform;
  readonly tenant: ContractTenant;
  readonly owner: Owner;
  readonly serviceName: string;
  readonly labels: { [key: string]: string };
  readonly gateway?: ContractGateway;
  readonly url?: string;
  readonly gpu?: GpuRequest;
  readonly minReplicas: number;
  /** Kind of metrics, see `serviceMetrics`. */
  readonly metrics: string;
  /** Where pods serve metrics. @default - where that kind does */
  readonly metricsEndpoint?: { readonly port: number; readonly path: string };
  readonly level?: ServiceLevel;
  readonly defaultLatencySeconds: number;
  readonly defaultPredictionMetric?: string;
  /** Name of the Deployment of a version; of the declared one without its name. */
  readonly deploymentOf: (revisionName?: string) => string;
  /** What describes the service to kubectl: "inferenceservice" or "deployment". */
  readonly kind: string;
  readonly traffic: TrafficSplit;
  readonly dependsOn: ITerraformDependable[];
}

type KubernetesObject = { [key: string]: unknown };

/**
 * What keeps a service running: a disruption budget, and where the platform has Prometheus a monitor, alerts, a dashboard and the
 * runbook that the alerts lead to. The runbook is also written to `runbooks/` of the output folder.
 */
export class ServiceOperations extends Construct {
  private readonly props: ServiceOperationsProps;
  private readonly measured: ServiceMetrics;
  private readonly level: CheckedServiceLevel;
  private readonly manifests?: Manifests;

  constructor(scope: Construct, id: string, props: ServiceOperationsProps) {
    super(scope, id);
    this.props = props;
    const { platform, tenant, serviceName, gateway } = props;
    const measured = serviceMetrics(props.metrics, { serviceName, namespace: tenant.namespace, gateway });
    this.measured = { ...measured, ...props.metricsEndpoint };
    const defaults = { latencySeconds: props.defaultLatencySeconds, predictionMetric: props.defaultPredictionMetric };
    this.level = checkServiceLevel(scope.node.path, props.level, defaults, this.measured);
    const objects = this.objects();
    if (objects.length > 0) {
      this.manifests = new Manifests(this, 'Default', {
        platform,
        namespace: tenant.namespace,
        releaseName: `${serviceName}-operations`,
        dependsOn: props.dependsOn,
        objects,
      });
    }
    onSynthesize(this, (outdir) => {
      const folder = join(outdir, 'runbooks', platform.environment.stage.name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, this.runbookFile()), `${this.runbook()}\n`);
    });
  }

  /** Watches the versions of now. */
  public refresh(): void {
    this.manifests?.replaceObjects(this.objects());
  }

  /** The runbook with the versions of now. */
  public runbook(): string {
    const { platform, tenant, owner, serviceName, deploymentOf, kind, gpu, url, traffic } = this.props;
    const { cluster } = platform.attributes;
    return runbook({
      serviceName,
      namespace: tenant.namespace,
      tenant: tenant.name,
      environment: platform.environment.environmentName,
      cluster: cluster.name,
      resourceGroup: cluster.resourceGroup,
      owner,
      deployment: deploymentOf(),
      kind,
      gpu: gpu?.toString(),
      url,
      revisions: traffic.revisions(),
      stablePercent: traffic.stablePercent(),
      latencySeconds: this.level.latencySeconds,
    });
  }

  private runbookFile(): string {
    return `${this.props.tenant.name}-${this.props.serviceName}.md`;
  }

  private objects(): KubernetesObject[] {
    const { platform, minReplicas } = this.props;
    return [...(minReplicas > 1 ? [this.budget()] : []), ...(platform.attributes.monitoring ? this.monitoring() : [])];
  }

  /** One replica at a time may be taken away by an upgrade of the nodes. */
  private budget(): KubernetesObject {
    return this.object('policy/v1', 'PodDisruptionBudget', this.props.serviceName, {
      // Pods that do not work anyway must not hold an upgrade of the nodes up.
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: this.selector() },
    });
  }

  private monitoring(): KubernetesObject[] {
    const { platform, tenant, serviceName, gpu, deploymentOf, minReplicas, traffic } = this.props;
    const base = platform.attributes.monitoring?.runbookUrl;
    const context = {
      serviceName,
      namespace: tenant.namespace,
      tenant: tenant.name,
      environment: platform.environment.stage.name,
      gpu: gpu !== undefined,
      runbook:
        base === undefined
          ? `runbooks/${this.runbookFile()}`
          : `${base}/${platform.environment.stage.name}/${this.runbookFile()}`,
      deployments: [undefined, ...traffic.revisions().map(({ name }) => name)].map((name) => deploymentOf(name)),
      scalesToZero: minReplicas === 0,
    };
    return [
      this.object('monitoring.coreos.com/v1', 'PodMonitor', serviceName, {
        spec: {
          selector: this.selector(),
          podTargetLabels: ['ml-platform/service', 'ml-platform/revision'],
          podMetricsEndpoints: [{ portNumber: this.measured.port, path: this.measured.path, interval: '30s' }],
        },
      }),
      this.object('monitoring.coreos.com/v1', 'PrometheusRule', serviceName, {
        spec: { groups: alertGroups(context, this.level, this.measured) },
      }),
      this.object(
        'v1',
        'ConfigMap',
        `${serviceName}-dashboard`,
        {
          data: {
            [`${tenant.name}-${serviceName}.json`]: JSON.stringify(dashboard(context, this.level, this.measured), null, 2),
          },
        },
        { grafana_dashboard: '1' },
      ),
    ];
  }

  private selector(): KubernetesObject {
    return { matchLabels: { 'ml-platform/service': this.props.serviceName } };
  }

  private object(
    apiVersion: string,
    kind: string,
    name: string,
    rest: KubernetesObject,
    labels: { [key: string]: string } = {},
  ): KubernetesObject {
    const { tenant } = this.props;
    return {
      apiVersion,
      kind,
      metadata: { name, namespace: tenant.namespace, labels: { ...this.props.labels, ...labels } },
      ...rest,
    };
  }
}
