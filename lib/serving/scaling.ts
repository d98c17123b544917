import type { IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import type { Autoscaling } from './autoscaling';

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
