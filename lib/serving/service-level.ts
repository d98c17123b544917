import { ConfigurationError } from '../core/configuration-error';
import type { ServiceMetrics } from './service-metrics';

/** What a service promises to its users; alerts follow from it. */
export interface ServiceLevel {
  /** Share of requests without a server error over 30 days, 90-99.99. @default 99.5 */
  readonly availabilityPercent?: number;
  /** Seconds within which most requests are answered: a bucket of the server's histogram. @default - 0.5, or 10 for vLLM */
  readonly latencySeconds?: number;
  /** Share of requests answered within `latencySeconds`, 50-99.9. @default 99 */
  readonly latencyPercent?: number;
  /**
   * Histogram of the values that the model predicts, without "_bucket". Its mean is watched against the week before.
   * @default - for a ModelServer "prediction_value", else none
   */
  readonly predictionMetric?: string;
}

/** A promise with all its numbers. */
export interface CheckedServiceLevel {
  readonly availabilityPercent: number;
  readonly latencySeconds: number;
  readonly latencyPercent: number;
  readonly predictionMetric?: string;
}

/** Fills in what is not stated and refuses what could never be measured. */
export function checkServiceLevel(
  path: string,
  level: ServiceLevel | undefined,
  defaults: { readonly latencySeconds: number; readonly predictionMetric?: string },
  metrics: ServiceMetrics,
): CheckedServiceLevel {
  const checked = {
    availabilityPercent: level?.availabilityPercent ?? 99.5,
    latencySeconds: level?.latencySeconds ?? defaults.latencySeconds,
    latencyPercent: level?.latencyPercent ?? 99,
    predictionMetric: level?.predictionMetric ?? defaults.predictionMetric,
  };
  inRange(path, 'availabilityPercent', checked.availabilityPercent, 90, 99.99);
  inRange(path, 'latencyPercent', checked.latencyPercent, 50, 99.9);
  const buckets = metrics.latency?.bucketSeconds;
  if (buckets && !buckets.includes(checked.latencySeconds)) {
    throw new ConfigurationError(path, {
      what: 'latencySeconds is not a bucket of the histogram: nobody could tell',
      got: String(checked.latencySeconds),
      allowed: buckets.join(', '),
      fix: `e.g. ${buckets.find((bucket) => bucket >= checked.latencySeconds) ?? buckets.at(-1)}`,
    });
  }
  if (checked.predictionMetric !== undefined && !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(checked.predictionMetric)) {
    throw new ConfigurationError(path, {
      what: 'predictionMetric is not the name of a metric',
      got: JSON.stringify(checked.predictionMetric),
      allowed: 'letters, digits, "_" and ":"',
      fix: 'e.g. "prediction_value"',
    });
  }
  return checked;
}

function inRange(path: string, field: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new ConfigurationError(path, {
    what: `${field} is not valid`,
    got: String(value),
    allowed: `percent, ${least}-${most}`,
    fix: value < 1 ? `a share of ${value} is ${value * 100} percent` : `e.g. ${Math.min(most, Math.max(least, 99))}`,
  });
}
