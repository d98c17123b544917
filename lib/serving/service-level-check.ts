import { ConfigurationError } from '../core/configuration-error';
import type { ServiceLevel } from './service-level';
import type { ServiceMetrics } from './service-metrics';

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
