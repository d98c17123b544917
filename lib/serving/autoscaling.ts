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
