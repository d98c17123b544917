/**
 * What a model is saved as. It picks the runtime that serves it and the protocol that it speaks.
 * @see https://kserve.github.io/website/docs/model-serving/predictive-inference/frameworks/overview
 */
export class ModelFormat {
  public static readonly SKLEARN = new ModelFormat('sklearn', 'kserve-sklearnserver', 'v1');
  public static readonly XGBOOST = new ModelFormat('xgboost', 'kserve-xgbserver', 'v1');
  public static readonly LIGHTGBM = new ModelFormat('lightgbm', 'kserve-lgbserver', 'v1');
  /** A model folder of MLflow, with its `MLmodel` file. */
  public static readonly MLFLOW = new ModelFormat('mlflow', 'kserve-mlserver', 'v2');
  /** Served by Triton: a model repository with `config.pbtxt`. */
  public static readonly ONNX = new ModelFormat('onnx', 'kserve-tritonserver', 'v2');
  public static readonly TENSORRT = new ModelFormat('tensorrt', 'kserve-tritonserver', 'v2', true);
  /** A TensorFlow SavedModel. */
  public static readonly TENSORFLOW = new ModelFormat('tensorflow', 'kserve-tensorflow-serving', 'v1');
  public static readonly HUGGINGFACE = new ModelFormat('huggingface', 'kserve-huggingfaceserver', 'v2');
  /** A large language model for vLLM, with an OpenAI-compatible API. */
  public static readonly VLLM = new ModelFormat('vLLM', 'kserve-vllmserver', 'v1', true);

  private constructor(
    /** Name that KServe knows it by. */
    public readonly formatName: string,
    /** Cluster serving runtime that serves it. */
    public readonly runtime: string,
    /** "v1" (KServe) or "v2" (Open Inference Protocol). */
    public readonly protocolVersion: string,
    /** Whether it runs on a GPU only. */
    public readonly needsGpu: boolean = false,
  ) {}
}
