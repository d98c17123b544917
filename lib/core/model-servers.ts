/** A model server that KServe's chart installs as a ClusterServingRuntime. */
export interface ModelServerImage {
  /** Name of the ClusterServingRuntime. */
  readonly runtime: string;
  /** "<registry>/<repository>:<tag>" */
  readonly image: string;
  /** Whether KServe takes its build for GPUs by "-gpu" at the end of the tag, which it leaves alone where there is a digest. */
  readonly gpuByTag: boolean;
}

/**
 * Model servers that formats of the library name, by their key in the values of kserve-runtime-configs. The chart itself takes
 * vLLM's newest, and years-old ones of MLServer, Triton and TensorFlow; KServe 0.20 is built with vLLM 0.24.
 */
export const MODEL_SERVERS = {
  // Not 0.20.0, whose digest is not known. Between the two the server's code, scikit-learn (1.5.2) and the protocols are the same.
  sklearnserver: server('kserve-sklearnserver', 'docker.io/kserve/sklearnserver:v0.19.0'),
  xgbserver: server('kserve-xgbserver', 'docker.io/kserve/xgbserver:v0.20.0'),
  lgbserver: server('kserve-lgbserver', 'docker.io/kserve/lgbserver:v0.20.0'),
  huggingfaceserver: server('kserve-huggingfaceserver', 'docker.io/kserve/huggingfaceserver:v0.20.0', true),
  // The build with MLflow's runtime only: it is what ModelFormat.MLFLOW needs, and has none of the others' libraries.
  mlserver: server('kserve-mlserver', 'docker.io/seldonio/mlserver:1.7.1-mlflow'),
  tritonserver: server('kserve-tritonserver', 'nvcr.io/nvidia/tritonserver:25.08-py3'),
  vllmserver: server('kserve-vllmserver', 'docker.io/vllm/vllm-openai:v0.24.0'),
  tensorflow: server('kserve-tensorflow-serving', 'docker.io/tensorflow/serving:2.19.0', true),
} as const;

/** vLLM of KServe's presets for LLMInferenceService, in kserve-runtime-configs 0.20. */
export const LLM_SERVER_IMAGE = 'ghcr.io/llm-d/llm-d-cuda:v0.8.0';

function server(runtime: string, image: string, gpuByTag = false): ModelServerImage {
  return { runtime, image, gpuByTag };
}
