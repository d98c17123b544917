import { ConfigurationError } from '../core/configuration-error';

/** Data that a signal looks at. */
export interface MonitorData {
  /** e.g. "azureml:fraud-inputs:1" or a URI of a datastore. */
  readonly uri: string;
  /** "mltable", "uri_folder" or "uri_file". @default mltable */
  readonly type?: string;
  /** What the data is: "inputs", "outputs", "model_inputs", "training", "test", "validation", "ground_truth". @default - by its use */
  readonly context?: string;
  /** Days that the window covers, for data that grows. @default - the data is compared as a whole */
  readonly windowDays?: number;
  /** Days by which the window lies back. @default 0 */
  readonly windowOffsetDays?: number;
  /** ARM id of a component that turns the data into a table. @default - it is one */
  readonly preprocessingComponentId?: string;
  /** Map from meaning to column, e.g. { target_column: "fraud" }. @default - none */
  readonly columns?: { [meaning: string]: string };
}

/** A measure and the value from which it alarms. */
export interface MetricThreshold {
  /** e.g. "JensenShannonDistance", "NullValueRate". */
  readonly metric: string;
  /** Whether it is about numbers or categories. @default false: numbers */
  readonly categorical?: boolean;
  readonly threshold: number;
}

export interface SignalOptions {
  /** What production sees. */
  readonly production: MonitorData;
  /** What it is compared with, e.g. the training data. */
  readonly reference: MonitorData;
  /** @default - by the kind of signal */
  readonly thresholds?: MetricThreshold[];
  /** Look only at the features that matter most, so many of them. @default - all */
  readonly topFeatures?: number;
  /** Column that the model predicts; features are ranked by it. @default - not ranked */
  readonly targetColumn?: string;
}

export interface FeatureAttributionOptions {
  /** What production sees. */
  readonly inputs: MonitorData;
  /** What the model answered. */
  readonly outputs: MonitorData;
  /** What the model was trained on. */
  readonly reference: MonitorData;
  /** Column that the model predicts. */
  readonly targetColumn: string;
  /** Normalized discounted cumulative gain below which it alarms, above 0 to 1. @default 0.9 */
  readonly threshold?: number;
}

const DRIFT_NUMERICAL = [
  'JensenShannonDistance',
  'PopulationStabilityIndex',
  'NormalizedWassersteinDistance',
  'TwoSampleKolmogorovSmirnovTest',
];
const DRIFT_CATEGORICAL = ['JensenShannonDistance', 'PopulationStabilityIndex', 'PearsonsChiSquaredTest'];
const QUALITY = ['NullValueRate', 'DataTypeErrorRate', 'OutOfBoundsRate'];

/** Something that a monitor watches. */
export class MonitorSignal {
  /** Whether inputs look like those that the model was trained on. Alarms from a Jensen-Shannon distance of 0.1. */
  public static dataDrift(options: SignalOptions): MonitorSignal {
    return MonitorSignal.compared('DataDrift', options, 'JensenShannonDistance', 0.1, DRIFT_NUMERICAL, DRIFT_CATEGORICAL, true);
  }

  /** Whether answers are spread as they were. Alarms from a Jensen-Shannon distance of 0.1. */
  public static predictionDrift(options: SignalOptions): MonitorSignal {
    return MonitorSignal.compared(
      'PredictionDrift',
      options,
      'JensenShannonDistance',
      0.1,
      DRIFT_NUMERICAL,
      DRIFT_CATEGORICAL,
      false,
    );
  }

  /** Whether values are missing, of the wrong type or out of bounds. Alarms from a null rate of 0.05. */
  public static dataQuality(options: SignalOptions): MonitorSignal {
    return MonitorSignal.compared('DataQuality', options, 'NullValueRate', 0.05, QUALITY, QUALITY, true);
  }

  /**
   * Whether the features that the model goes by are still the same ones.
   * @throws when the threshold is none
   */
  public static featureAttributionDrift(options: FeatureAttributionOptions): MonitorSignal {
    const threshold = options.threshold ?? 0.9;
    if (!(threshold > 0 && threshold <= 1)) {
      throw new ConfigurationError('MonitorSignal.featureAttributionDrift', {
        what: 'threshold is not valid',
        got: String(threshold),
        allowed: 'above 0, up to 1',
        fix: 'leave it out for 0.9',
      });
    }
    return new MonitorSignal({
      signalType: 'FeatureAttributionDrift',
      productionData: [dataBody(options.inputs, 'model_inputs'), dataBody(options.outputs, 'model_outputs')],
      referenceData: dataBody(options.reference, 'training'),
      featureImportanceSettings: { mode: 'Enabled', targetColumn: options.targetColumn },
      metricThreshold: { metric: 'NormalizedDiscountedCumulativeGain', threshold: { value: threshold } },
      notificationTypes: ['AmlNotification'],
    });
  }

  private static compared(
    signalType: string,
    options: SignalOptions,
    metric: string,
    threshold: number,
    numerical: string[],
    categorical: string[],
    hasFeatures: boolean,
  ): MonitorSignal {
    const thresholds = options.thresholds ?? [
      { metric, threshold },
      { metric, threshold, categorical: true },
    ];
    for (const one of thresholds) checkMetric(signalType, one, one.categorical ? categorical : numerical);
    return new MonitorSignal({
      signalType,
      productionData: dataBody(options.production, signalType === 'PredictionDrift' ? 'model_outputs' : 'model_inputs'),
      referenceData: dataBody(options.reference, 'training'),
      metricThresholds: thresholds.map((one) => ({
        dataType: one.categorical ? 'Categorical' : 'Numerical',
        metric: one.metric,
        threshold: { value: one.threshold },
      })),
      features:
        hasFeatures && options.topFeatures !== undefined
          ? { filterType: 'TopNByAttribution', top: options.topFeatures }
          : undefined,
      featureImportanceSettings:
        hasFeatures && options.targetColumn !== undefined ? { mode: 'Enabled', targetColumn: options.targetColumn } : undefined,
      notificationTypes: ['AmlNotification'],
    });
  }

  private constructor(
    /** As ARM has it. */
    public readonly body: { [key: string]: unknown },
  ) {}
}

function dataBody(data: MonitorData, context: string): { [key: string]: unknown } {
  const common = {
    uri: data.uri,
    jobInputType: data.type ?? 'mltable',
    dataContext: data.context ?? context,
    columns: data.columns,
  };
  if (data.windowDays === undefined) return { inputDataType: 'Fixed', ...common };
  return {
    inputDataType: 'Rolling',
    ...common,
    windowSize: `P${data.windowDays}D`,
    windowOffset: `P${data.windowOffsetDays ?? 0}D`,
    preprocessingComponentId: data.preprocessingComponentId,
  };
}

function checkMetric(signal: string, { metric, threshold, categorical }: MetricThreshold, allowed: string[]): void {
  const known = allowed.includes(metric);
  if (known && threshold > 0) return;
  throw new ConfigurationError(`MonitorSignal ${signal}`, {
    what: known ? `threshold of ${metric} is not valid` : `measure is not one for ${categorical ? 'categories' : 'numbers'}`,
    got: known ? String(threshold) : JSON.stringify(metric),
    allowed: known ? 'a number above 0' : allowed.join(', '),
    fix: known ? 'e.g. 0.1' : `use one of them, e.g. ${allowed[0]}`,
  });
}
