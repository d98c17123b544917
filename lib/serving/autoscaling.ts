import type { IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';

export interface KedaPrometheusOptions {
  /** PromQL that gives one number, e.g. the length of a queue. It must not come from the pods it scales: at zero there are none. */
  readonly query: string;
  /** How much of it one replica takes. */
  readonly perReplica: number;
  /** Address of Prometheus. @default - the platform's */
  readonly serverAddress?: string;
}

/** What decides how many replicas run. */
export class Autoscaling {
  /** Average CPU use in percent of the request. @throws when it is not 1-100 */
  public static cpu(percent: number): Autoscaling {
    return new Autoscaling('cpu', inRange('Autoscaling.cpu', percent, 100));
  }

  /** Average memory use in percent of the request. @throws when it is not 1-100 */
  public static memory(percent: number): Autoscaling {
    return new Autoscaling('memory', inRange('Autoscaling.memory', percent, 100));
  }

  /** Requests that one replica works on at a time. Knative mode only. */
  public static concurrency(perReplica: number): Autoscaling {
    return new Autoscaling('concurrency', inRange('Autoscaling.concurrency', perReplica, 100_000));
  }

  /**
   * Requests a second for one replica, counted at the gateway, so that a service can wake from zero. By KEDA in Standard mode. A
   * request that finds no replica fails: callers must try again.
   */
  public static requestRate(perReplica: number): Autoscaling {
    return new Autoscaling('rps', inRange('Autoscaling.requestRate', perReplica, 100_000));
  }

  /** A number that Prometheus knows, by KEDA. Standard mode only. */
  public static kedaPrometheus(options: KedaPrometheusOptions): Autoscaling {
    return new Autoscaling('keda', inRange('Autoscaling.kedaPrometheus', options.perReplica, 1_000_000_000), options);
  }

  /** As many replicas as stated. */
  public static none(): Autoscaling {
    return new Autoscaling('none', 0);
  }

  private constructor(
    /** "cpu", "memory", "concurrency", "rps", "keda" or "none". */
    public readonly kind: string,
    public readonly target: number,
    public readonly keda?: KedaPrometheusOptions,
  ) {}
}

function inRange(where: string, value: number, most: number): number {
  if (value > 0 && value <= most && Number.isFinite(value)) return value;
  throw new ConfigurationError(where, {
    what: 'target is not valid',
    got: String(value),
    allowed: most === 100 ? 'percent, 1-100' : 'a number above 0',
    fix: most === 100 ? 'e.g. 70' : 'e.g. 10',
  });
}

/** Where KEDA looks, and for what. */
export interface PrometheusTrigger {
  readonly serverAddress: string;
  readonly query: string;
  readonly perReplica: number;
}

export interface ScaledService {
  readonly path: string;
  readonly platform: IMlPlatform;
  readonly namespace: string;
  readonly routeName: string;
  readonly routed: boolean;
}

/** What KEDA scales by; undefined where KEDA does not scale. */
export function prometheusTrigger(autoscaling: Autoscaling, service: ScaledService): PrometheusTrigger | undefined {
  const { path, platform, namespace, routeName, routed } = service;
  if (autoscaling.kind !== 'keda' && autoscaling.kind !== 'rps') return undefined;
  const serverAddress = autoscaling.keda?.serverAddress ?? platform.attributes.monitoring?.prometheusUrl;
  if (serverAddress === undefined || (autoscaling.kind === 'rps' && !routed)) {
    throw new ConfigurationError(path, {
      what: 'nothing to scale by',
      got:
        serverAddress === undefined ? 'a platform without Prometheus' : 'a service without a route, whose requests nobody counts',
      allowed: 'Autoscaling.cpu(…), memory(…)',
      fix:
        serverAddress === undefined
          ? 'state serverAddress, or have the platform team add Prometheus'
          : 'use Autoscaling.kedaPrometheus({ query, perReplica })',
    });
  }
  const query =
    autoscaling.keda?.query ??
    `sum(rate(envoy_cluster_upstream_rq_total{envoy_cluster_name=~"httproute/${namespace}/${routeName}/.*"}[2m]))`;
  return { serverAddress, query, perReplica: autoscaling.target };
}

/** How many copies run, at least and at most. */
export interface ReplicaRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Refuses numbers of replicas that make no sense or that the way of scaling cannot reach.
 * @param defaultMin what the profile says
 */
export function checkReplicas(
  path: string,
  given: { readonly min?: number; readonly max?: number } | undefined,
  defaultMin: number,
  autoscaling: Autoscaling,
  knative: boolean,
): ReplicaRange {
  const min = given?.min ?? defaultMin;
  const max = given?.max ?? Math.max(min, 1);
  if (autoscaling.kind === (knative ? 'keda' : 'concurrency')) {
    throw new ConfigurationError(path, {
      what: `${knative ? 'Knative' : 'Standard'} mode cannot scale by ${autoscaling.kind}`,
      got: autoscaling.kind,
      allowed: knative
        ? 'Autoscaling.concurrency(…), requestRate(…), cpu(…)'
        : 'Autoscaling.cpu(…), memory(…), requestRate(…), kedaPrometheus(…)',
      fix: knative ? 'use Autoscaling.concurrency(…)' : 'use Autoscaling.requestRate(…)',
    });
  }
  if (min === 0 && !['keda', 'rps', 'concurrency'].includes(autoscaling.kind)) {
    throw new ConfigurationError(path, {
      what: `a service in ${knative ? 'Knative' : 'Standard'} mode cannot scale to zero on ${autoscaling.kind === 'none' ? 'nothing' : `${autoscaling.kind} use`}`,
      got: 'replicas.min 0',
      allowed: knative
        ? '1 or more, or Autoscaling.concurrency(…)'
        : '1 or more, or KEDA: Autoscaling.requestRate(…), kedaPrometheus(…)',
      fix: 'keep one replica, e.g. replicas: { min: 1, max: 4 }',
    });
  }
  if (Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= min && max > 0) return { min, max };
  throw new ConfigurationError(path, {
    what: 'replicas do not fit together',
    got: `min ${min}, max ${max}`,
    allowed: 'whole numbers, min not above max',
    fix: 'e.g. replicas: { min: 1, max: 4 }',
  });
}
