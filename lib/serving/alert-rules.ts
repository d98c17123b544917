import type { CheckedServiceLevel } from './service-level-check';
import { rateOf, type ServiceMetrics } from './service-metrics';

export interface AlertContext {
  readonly serviceName: string;
  readonly namespace: string;
  readonly tenant: string;
  /** Whether the service asks for a GPU. */
  readonly gpu: boolean;
  /** Address of the generated runbook, or how to read it. */
  readonly runbook: string;
  /** Prefix of the names of its Deployments, e.g. "fraud-predictor". */
  readonly deployments: readonly string[];
  /** Whether no replica is a state that it may be in. */
  readonly scalesToZero: boolean;
}

type Rule = { [field: string]: unknown };

/** Windows of the ratios that burn rates are read from. */
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/**
 * A budget is spent at such a rate that somebody must look: two windows have to agree, the long one that it matters, the short one
 * that it goes on.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
const BURN_RATES = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'critical', hold: '2m' },
  { long: '6h', short: '30m', factor: 6, severity: 'critical', hold: '15m' },
  { long: '1d', short: '2h', factor: 3, severity: 'warning', hold: '1h' },
  { long: '3d', short: '6h', factor: 1, severity: 'warning', hold: '3h' },
];

/** Groups of rules for the PrometheusRule of a service. */
export function alertGroups(context: AlertContext, level: CheckedServiceLevel, metrics: ServiceMetrics): Rule[] {
  const name = (what: string) => `${context.namespace}-${context.serviceName}-${what}`;
  const groups = [
    { name: name('ratios'), rules: recordings(context, level, metrics) },
    { name: name('objectives'), rules: objectives(context, level, metrics) },
    { name: name('operation'), rules: [...traffic(context, metrics), ...drift(context, level), ...pods(context)] },
  ];
  return groups.filter(({ rules }) => rules.length > 0);
}

function selector({ serviceName, tenant }: AlertContext): string {
  return `{service="${serviceName}",tenant="${tenant}"}`;
}

function labels({ serviceName, tenant }: AlertContext): { [label: string]: string } {
  return { service: serviceName, tenant };
}

function recordings(context: AlertContext, level: CheckedServiceLevel, { errors, latency }: ServiceMetrics): Rule[] {
  return WINDOWS.flatMap((window) => [
    ...(errors
      ? [
          {
            record: `ml_service:error_ratio:rate${window}`,
            // Without a single failure there is no series to sum.
            expr: `(sum(rate(${errors.failed}[${window}])) or vector(0)) / ${rateOf(errors.all, window)}`,
            labels: labels(context),
          },
        ]
      : []),
    ...(latency
      ? [
          {
            record: `ml_service:slow_ratio:rate${window}`,
            expr: `1 - sum(rate(${latency.name}_bucket{${latency.labels},le=~"${le(level.latencySeconds * latency.perSecond)}"}[${window}])) / sum(rate(${latency.name}_count{${latency.labels}}[${window}]))`,
            labels: labels(context),
          },
        ]
      : []),
  ]);
}

/** "1" and "1.0" are one bound: clients write it either way. */
function le(bound: number): string {
  return Number.isInteger(bound) ? `${bound}(\\\\.0)?` : String(bound).replace('.', '\\\\.');
}

function objectives(context: AlertContext, level: CheckedServiceLevel, { errors, latency }: ServiceMetrics): Rule[] {
  const { serviceName, tenant } = context;
  const budgets = [
    ...(errors
      ? [
          {
            alert: 'ModelErrorBudgetBurn',
            series: 'error_ratio',
            percent: level.availabilityPercent,
            summary: `${tenant}/${serviceName} fails more requests than its ${level.availabilityPercent} % allow`,
            section: 'errors',
          },
        ]
      : []),
    ...(latency
      ? [
          {
            alert: 'ModelLatencyBudgetBurn',
            series: 'slow_ratio',
            percent: level.latencyPercent,
            summary: `${tenant}/${serviceName} answers fewer than ${level.latencyPercent} % of requests within ${level.latencySeconds} s`,
            section: 'degraded-latency',
          },
        ]
      : []),
  ];
  return budgets.flatMap(({ alert, series, percent, summary, section }) =>
    BURN_RATES.map(({ long, short, factor, severity, hold }) => {
      const limit = Math.round(factor * (100 - percent) * 1e6) / 1e8;
      const over = (window: string) => `ml_service:${series}:rate${window}${selector(context)} > ${limit}`;
      return {
        alert,
        expr: `${over(long)} and ${over(short)}`,
        for: hold,
        labels: { ...labels(context), severity, window: long },
        annotations: {
          summary,
          description: `The budget of 30 days is spent ${factor} times as fast as it may be, over ${long} and over ${short}: {{ $value | humanizePercentage }} of requests.`,
          runbook_url: `${context.runbook}#${section}`,
        },
      };
    }),
  );
}

/** Silence is told from a quiet hour by the same hour a week before. */
function traffic(context: AlertContext, { requests }: ServiceMetrics): Rule[] {
  if (!requests) return [];
  return [
    {
      alert: 'ModelNoTraffic',
      expr: `(sum(rate(${requests}[30m])) or vector(0)) == 0 and sum(rate(${requests}[30m] offset 1w)) > 0`,
      for: '30m',
      labels: { ...labels(context), severity: 'warning' },
      annotations: {
        summary: `${context.tenant}/${context.serviceName} gets no requests, a week ago it did`,
        description: 'No request in 30 minutes, while the same time a week before had some: callers, the route or the gateway.',
        runbook_url: `${context.runbook}#no-traffic`,
      },
    },
  ];
}

/** The mean of what the model predicts leaves what it was in the week before by more than three standard deviations. */
function drift(context: AlertContext, { predictionMetric }: CheckedServiceLevel): Rule[] {
  if (predictionMetric === undefined) return [];
  const pods = `namespace="${context.namespace}",ml_platform_service="${context.serviceName}"`;
  const mean = `ml_service:prediction_mean:rate1h${selector(context)}`;
  const rate = (part: string) => `sum(rate(${predictionMetric}_${part}{${pods}}[1h]))`;
  return [
    { record: 'ml_service:prediction_mean:rate1h', expr: `${rate('sum')} / ${rate('count')}`, labels: labels(context) },
    {
      alert: 'ModelPredictionDrift',
      expr: `abs(${mean} - avg_over_time(${mean}[1w] offset 1d)) > 3 * stddev_over_time(${mean}[1w] offset 1d)`,
      for: '2h',
      labels: { ...labels(context), severity: 'warning' },
      annotations: {
        summary: `${context.tenant}/${context.serviceName} predicts otherwise than in the week before`,
        description:
          'The mean of the predictions is more than three standard deviations from its mean of last week: {{ $value }}.',
        runbook_url: `${context.runbook}#drift`,
      },
    },
  ];
}

function pods(context: AlertContext): Rule[] {
  const { namespace, tenant, serviceName, deployments, gpu, runbook, scalesToZero } = context;
  const deployment = `namespace="${namespace}",deployment=~"${deployments.join('|')}"`;
  const pod = `namespace="${namespace}",pod=~"(${deployments.join('|')})-.*"`;
  return [
    {
      alert: 'ModelDeploymentFailed',
      expr: `kube_deployment_status_replicas_unavailable{${deployment}} > 0${scalesToZero ? '' : ` or kube_deployment_status_replicas_available{${deployment}} == 0`}`,
      for: '15m',
      labels: { ...labels(context), severity: 'critical' },
      annotations: {
        summary: `${tenant}/${serviceName} has replicas that do not come up`,
        description: '{{ $labels.deployment }} has replicas that are not available for 15 minutes.',
        runbook_url: `${runbook}#failed-deployment`,
      },
    },
    {
      alert: gpu ? 'ModelGpuPending' : 'ModelPodPending',
      expr: `sum by (pod) (kube_pod_status_phase{${pod},phase="Pending"}) > 0`,
      // A GPU node takes its time to start: driver, image and model.
      for: gpu ? '20m' : '10m',
      labels: { ...labels(context), severity: 'warning' },
      annotations: {
        summary: `${tenant}/${serviceName} waits for ${gpu ? 'a GPU' : 'a node'}`,
        description: '{{ $labels.pod }} is pending.',
        runbook_url: `${runbook}#${gpu ? 'gpu-pending' : 'pending'}`,
      },
    },
  ];
}
