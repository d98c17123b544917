import { ConfigurationError } from '../core/configuration-error';

/** A format that the library does not know, or a runtime of your own for one that it knows. */
export interface CustomModelFormat {
  /** As the runtime lists it, e.g. "sklearn". */
  readonly formatName: string;
  /** Version of the format, e.g. "1". @default - any */
  readonly formatVersion?: string;
  /** Name of the ServingRuntime or ClusterServingRuntime. */
  readonly runtime: string;
  /** "v1" (KServe), "v2" (Open Inference Protocol) or "grpc-v2". */
  readonly protocolVersion: string;
  /** Whether it runs on a GPU only. @default false */
  readonly needsGpu?: boolean;
  /** Path that answers 200 once the model is loaded; `{name}` becomes the name of the service. @default - none: the port alone is probed */
  readonly readinessPath?: string;
  /** What its metrics look like: "kserve", "triton", "mlserver", "vllm" or "none". @default "none" */
  readonly metrics?: string;
}

/**
 * What a model is saved as. It picks the runtime that serves it and the protocol that it speaks.
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/frameworks/overview
 */
export class ModelFormat {
  public static readonly SKLEARN = ModelFormat.kserve('sklearn', 'kserve-sklearnserver');
  public static readonly XGBOOST = ModelFormat.kserve('xgboost', 'kserve-xgbserver');
  public static readonly LIGHTGBM = ModelFormat.kserve('lightgbm', 'kserve-lgbserver');
  /** A model folder of MLflow, with its `MLmodel` file. The runtime has MLServer's image for MLflow, which serves nothing else. */
  public static readonly MLFLOW = new ModelFormat({
    formatName: 'mlflow',
    runtime: 'kserve-mlserver',
    protocolVersion: 'v2',
    readinessPath: '/v2/health/ready',
    metrics: 'mlserver',
  });
  /** Served by Triton: a model repository with `config.pbtxt`. */
  public static readonly ONNX = ModelFormat.triton('onnx', false);
  public static readonly TENSORRT = ModelFormat.triton('tensorrt', true);
  /** A TensorFlow SavedModel. */
  public static readonly TENSORFLOW = new ModelFormat({
    formatName: 'tensorflow',
    runtime: 'kserve-tensorflow-serving',
    protocolVersion: 'v1',
    readinessPath: '/v1/models/{name}',
  });
  public static readonly HUGGINGFACE = new ModelFormat({
    formatName: 'huggingface',
    runtime: 'kserve-huggingfaceserver',
    protocolVersion: 'v2',
    readinessPath: '/v2/health/ready',
    metrics: 'kserve',
  });
  /** A large language model for vLLM, with an OpenAI-compatible API. */
  public static readonly VLLM = new ModelFormat(
    {
      formatName: 'vLLM',
      runtime: 'kserve-vllmserver',
      protocolVersion: 'v1',
      needsGpu: true,
      readinessPath: '/v1/models',
      metrics: 'vllm',
    },
    true,
  );

  /**
   * A format with a runtime of your own.
   * @throws when the protocol or the kind of metrics is not known
   */
  public static custom(format: CustomModelFormat): ModelFormat {
    const known: [string, string, string[]][] = [
      ['protocolVersion', format.protocolVersion, ['v1', 'v2', 'grpc-v2']],
      ['metrics', format.metrics ?? 'none', ['kserve', 'triton', 'mlserver', 'vllm', 'none']],
    ];
    for (const [field, value, allowed] of known) {
      if (allowed.includes(value)) continue;
      throw new ConfigurationError('ModelFormat.custom', {
        what: `${field} is not known`,
        got: JSON.stringify(value),
        allowed: allowed.join(', '),
        fix: `take one of them`,
      });
    }
    return new ModelFormat(format);
  }

  private static kserve(formatName: string, runtime: string): ModelFormat {
    const readinessPath = '/v1/models/{name}';
    return new ModelFormat({ formatName, runtime, protocolVersion: 'v1', readinessPath, metrics: 'kserve' });
  }

  private static triton(formatName: string, needsGpu: boolean): ModelFormat {
    const readinessPath = '/v2/health/ready';
    const runtime = 'kserve-tritonserver';
    return new ModelFormat({ formatName, runtime, protocolVersion: 'v2', needsGpu, readinessPath, metrics: 'triton' });
  }

  /** Name that KServe knows it by. */
  public readonly formatName: string;
  public readonly formatVersion?: string;
  /** Serving runtime that serves it. */
  public readonly runtime: string;
  /** "v1" (KServe) or "v2" (Open Inference Protocol). */
  public readonly protocolVersion: string;
  /** Whether it runs on a GPU only. */
  public readonly needsGpu: boolean;
  public readonly readinessPath?: string;
  /** What its metrics look like. */
  public readonly metrics: string;

  private constructor(
    format: CustomModelFormat,
    /** Whether the runtime's image starts as root, which a "restricted" namespace refuses. */
    public readonly runsAsRoot: boolean = false,
  ) {
    this.formatName = format.formatName;
    this.formatVersion = format.formatVersion;
    this.runtime = format.runtime;
    this.protocolVersion = format.protocolVersion;
    this.needsGpu = format.needsGpu ?? false;
    this.readinessPath = format.readinessPath;
    this.metrics = format.metrics ?? 'none';
  }
}
