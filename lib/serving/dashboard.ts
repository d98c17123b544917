import type { CheckedServiceLevel } from './service-level-check';
import { rateOf, type ServiceMetrics } from './service-metrics';

export interface DashboardContext {
  readonly serviceName: string;
  readonly namespace: string;
  readonly tenant: string;
  readonly environment: string;
  readonly gpu: boolean;
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  /** Query and legend of each line. */
  readonly targets: readonly (readonly [string, string])[];
}

/** The dashboard of a service as Grafana's model, for a ConfigMap that its sidecar reads. */
export function dashboard(
  context: DashboardContext,
  level: CheckedServiceLevel,
  metrics: ServiceMetrics,
): { [key: string]: unknown } {
  const { serviceName, tenant, environment } = context;
  return {
    uid: `ml-${environment}-${tenant}-${serviceName}`.slice(0, 40),
    title: `${tenant} / ${serviceName} (${environment})`,
    tags: ['ml-platform', tenant],
    timezone: 'utc',
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    schemaVersion: 39,
    panels: panels(context, level, metrics).map((panel, index) => ({
      id: index + 1,
      type: 'timeseries',
      title: panel.title,
      datasource: { type: 'prometheus', uid: '${datasource}' },
      gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
      fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
      targets: panel.targets.map(([expr, legendFormat], number) => ({
        refId: String.fromCharCode(65 + number),
        expr,
        legendFormat,
      })),
    })),
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', current: {} }] },
  };
}

function panels(context: DashboardContext, level: CheckedServiceLevel, { requests, errors, latency }: ServiceMetrics): Panel[] {
  const { serviceName, namespace, gpu } = context;
  const pods = `namespace="${namespace}",ml_platform_service="${serviceName}"`;
  const quantile = (q: number, metric: NonNullable<ServiceMetrics['latency']>): [string, string] => [
    `histogram_quantile(${q}, sum by (le) (rate(${metric.name}_bucket{${metric.labels}}[5m]))) / ${metric.perSecond}`,
    `p${q * 100}`,
  ];
  const budget = (series: string, percent: number) =>
    `1 - ml_service:${series}:rate3d{service="${serviceName}",tenant="${context.tenant}"} / ${Math.round((100 - percent) * 1e6) / 1e8}`;
  return [
    ...(requests ? [{ title: 'Requests', unit: 'reqps', targets: [[`sum(rate(${requests}[5m]))`, 'requests'] as const] }] : []),
    ...(errors
      ? [
          {
            title: 'Failed requests',
            unit: 'percentunit',
            targets: [[`(sum(rate(${errors.failed}[5m])) or vector(0)) / ${rateOf(errors.all, '5m')}`, 'failed'] as const],
          },
          {
            title: `Error budget left at the rate of 3 days (${level.availabilityPercent} %)`,
            unit: 'percentunit',
            targets: [[budget('error_ratio', level.availabilityPercent), 'left'] as const],
          },
        ]
      : []),
    ...(latency
      ? [
          { title: 'Latency', unit: 's', targets: [quantile(0.5, latency), quantile(0.95, latency), quantile(0.99, latency)] },
          {
            title: `Latency budget left at the rate of 3 days (${level.latencyPercent} % within ${level.latencySeconds} s)`,
            unit: 'percentunit',
            targets: [[budget('slow_ratio', level.latencyPercent), 'left'] as const],
          },
        ]
      : []),
    ...(level.predictionMetric === undefined
      ? []
      : [
          {
            title: 'Predictions: mean of an hour',
            unit: 'none',
            targets: [
              [`ml_service:prediction_mean:rate1h{service="${serviceName}",tenant="${context.tenant}"}`, 'mean'] as const,
            ],
          },
        ]),
    {
      title: 'CPU by version',
      unit: 'cores',
      targets: [
        [
          `sum by (ml_platform_revision) (rate(container_cpu_usage_seconds_total{namespace="${namespace}",container!=""}[5m]) * on (namespace, pod) group_left (ml_platform_revision) max by (namespace, pod, ml_platform_revision) (up{${pods}}))`,
          '{{ml_platform_revision}}',
        ],
      ],
    },
    ...(gpu
      ? [
          {
            title: 'GPU use',
            unit: 'percent',
            targets: [
              [
                `avg by (pod) (DCGM_FI_DEV_GPU_UTIL{exported_namespace="${namespace}",exported_pod=~"${serviceName}-.*"})`,
                '{{pod}}',
              ] as const,
            ],
          },
        ]
      : []),
  ];
}
