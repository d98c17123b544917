import { ConfigurationError } from '../core/configuration-error';
import { AlertSeverity } from './alert-severity';
import { RequestMetrics } from './request-metrics';

export interface PrometheusRuleOptions {
  /** Words in camel case, e.g. "GpuIdle". */
  readonly name: string;
  /** PromQL that has a result while the alert is on. */
  readonly expression: string;
  /** Minutes for which it must hold. @default 10 */
  readonly forMinutes?: number;
  readonly severity: AlertSeverity;
  /** What happened, in one sentence; may name labels, e.g. "{{ $labels.namespace }}". */
  readonly summary: string;
}

/** An alert on metrics of Prometheus. */
export class PrometheusRule {
  /**
   * A rule of your own.
   * @throws when its name is not valid, or it never has to hold
   */
  public static of(options: PrometheusRuleOptions): PrometheusRule {
    if (!/^[A-Z][a-zA-Z0-9]+$/.test(options.name)) {
      throw new ConfigurationError('PrometheusRule', {
        what: 'name of the rule is not valid',
        got: JSON.stringify(options.name),
        allowed: 'letters and digits in camel case, capital first',
        fix: 'e.g. "GpuIdle"',
      });
    }
    return new PrometheusRule(options);
  }

  /** 95 of 100 requests to a model take longer than so many seconds. */
  public static latencyP95(seconds: number, metrics: RequestMetrics = RequestMetrics.ENVOY): PrometheusRule {
    const rate = `sum by (${metrics.by}, le) (rate(${metrics.latencyMilliseconds}[5m]))`;
    return PrometheusRule.of({
      name: 'ModelLatencyP95High',
      expression: `histogram_quantile(0.95, ${rate}) > ${seconds * 1000}`,
      severity: AlertSeverity.ERROR,
      summary: `${metrics.subject} answers 5 of 100 requests later than ${seconds} s`,
    });
  }

  /** More than so many percent of requests to a model fail. Few requests do not count: one failure of two is no outage. */
  public static errorRatio(
    percent: number,
    atLeastPerMinute = 10,
    metrics: RequestMetrics = RequestMetrics.ENVOY,
  ): PrometheusRule {
    const all = `sum by (${metrics.by}) (rate(${metrics.requests}[5m]))`;
    const failed = `sum by (${metrics.by}) (rate(${metrics.failures}[5m]))`;
    return PrometheusRule.of({
      name: 'ModelErrorRatioHigh',
      expression: `${failed} / ${all} > ${percent / 100} and ${all} * 60 > ${atLeastPerMinute}`,
      forMinutes: 5,
      severity: AlertSeverity.CRITICAL,
      summary: `more than ${percent} % of requests to ${metrics.subject} fail`,
    });
  }

  /** A GPU that somebody holds does next to nothing for hours: it costs as if it worked. */
  public static gpuIdle(hours = 2, belowPercent = 5): PrometheusRule {
    const used = `avg by (exported_namespace, exported_pod, gpu, Hostname) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{exported_pod!=""}[${hours}h]))`;
    return PrometheusRule.of({
      name: 'GpuIdle',
      expression: `${used} < ${belowPercent}`,
      forMinutes: 30,
      severity: AlertSeverity.WARNING,
      summary: `{{ $labels.exported_pod }} in {{ $labels.exported_namespace }} holds a GPU that works less than ${belowPercent} %`,
    });
  }

  /** The memory of a GPU is nearly full: the next batch may not fit. */
  public static gpuMemorySaturated(percent = 95): PrometheusRule {
    const share = 'DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)';
    return PrometheusRule.of({
      name: 'GpuMemorySaturated',
      expression: `max by (exported_namespace, exported_pod, gpu, Hostname) (${share}) > ${percent / 100}`,
      severity: AlertSeverity.WARNING,
      summary: `memory of GPU {{ $labels.gpu }} on {{ $labels.Hostname }} is more than ${percent} % full`,
    });
  }

  /** Pods that want a GPU wait for one. */
  public static gpuPodsPending(minutes = 15): PrometheusRule {
    const wanting = 'kube_pod_container_resource_requests{resource=~"nvidia_com_.*"}';
    return PrometheusRule.of({
      name: 'GpuPodsPending',
      expression: `sum by (namespace) (kube_pod_status_phase{phase="Pending"} * on (namespace, pod) group_left() max by (namespace, pod) (${wanting} > bool 0)) > 0`,
      forMinutes: minutes,
      severity: AlertSeverity.WARNING,
      summary: `pods in {{ $labels.namespace }} have waited for a GPU for ${minutes} minutes`,
    });
  }

  /** A GPU reports an error that takes it out of service (XID). */
  public static gpuErrors(): PrometheusRule {
    return PrometheusRule.of({
      name: 'GpuXidError',
      expression: 'max by (Hostname, gpu) (DCGM_FI_DEV_XID_ERRORS) > 0',
      forMinutes: 1,
      severity: AlertSeverity.ERROR,
      summary: 'GPU {{ $labels.gpu }} on {{ $labels.Hostname }} reports XID {{ $value }}',
    });
  }

  private constructor(public readonly options: PrometheusRuleOptions) {}
}
