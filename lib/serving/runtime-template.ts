import { MODEL_SERVERS } from '../core/model-servers';

interface RuntimeFacts {
  readonly templateName: string;
  readonly formats: string[];
  readonly protocolVersion: string;
  readonly metrics: string;
  readonly readinessPath: string;
  readonly command?: string[];
  readonly args: string[];
  readonly env?: { [name: string]: string };
  readonly metricsPort?: number;
  readonly sharedMemory?: boolean;
  readonly needsGpu?: boolean;
  readonly upstreamImage: string;
}

const PYTHON_ARGS = ['--model_name={{.Name}}', '--model_dir=/mnt/models', '--http_port=8080'];

/** How the well-known model servers are started. State: KServe 0.20. */
export class RuntimeTemplate {
  public static readonly SKLEARN = RuntimeTemplate.python('sklearn', MODEL_SERVERS.sklearnserver.image);
  public static readonly XGBOOST = RuntimeTemplate.python('xgboost', MODEL_SERVERS.xgbserver.image);
  public static readonly LIGHTGBM = RuntimeTemplate.python('lightgbm', MODEL_SERVERS.lgbserver.image);
  /** MLServer, for model folders of MLflow; its image has MLflow's runtime only. */
  public static readonly MLFLOW = new RuntimeTemplate({
    templateName: 'mlflow',
    formats: ['mlflow'],
    protocolVersion: 'v2',
    metrics: 'mlserver',
    readinessPath: '/v2/health/ready',
    args: [],
    env: {
      MLSERVER_MODEL_IMPLEMENTATION: 'mlserver_mlflow.MLflowRuntime',
      MLSERVER_HTTP_PORT: '8080',
      MLSERVER_GRPC_PORT: '9000',
      MLSERVER_METRICS_PORT: '8082',
      MLSERVER_MODEL_URI: '/mnt/models',
      MLSERVER_MODEL_NAME: '{{.Name}}',
    },
    metricsPort: 8082,
    upstreamImage: MODEL_SERVERS.mlserver.image,
  });
  /** NVIDIA Triton, for ONNX, TensorRT and its own repositories. */
  public static readonly TRITON = new RuntimeTemplate({
    templateName: 'triton',
    formats: ['onnx', 'tensorrt', 'triton'],
    protocolVersion: 'v2',
    metrics: 'triton',
    readinessPath: '/v2/health/ready',
    command: ['tritonserver'],
    args: [
      '--model-store=/mnt/models',
      '--grpc-port=9000',
      '--http-port=8080',
      '--metrics-port=8002',
      '--allow-grpc=true',
      '--allow-http=true',
    ],
    metricsPort: 8002,
    upstreamImage: MODEL_SERVERS.tritonserver.image,
  });
  public static readonly HUGGINGFACE = new RuntimeTemplate({
    templateName: 'huggingface',
    formats: ['huggingface'],
    protocolVersion: 'v2',
    metrics: 'kserve',
    readinessPath: '/v2/health/ready',
    args: ['--model_name={{.Name}}', '--model_dir=/mnt/models'],
    env: { HF_HOME: '/tmp' },
    sharedMemory: true,
    upstreamImage: MODEL_SERVERS.huggingfaceserver.image,
  });
  /** vLLM with its OpenAI-compatible API, for large language models on GPUs. */
  public static readonly VLLM = new RuntimeTemplate({
    templateName: 'vllm',
    formats: ['vLLM'],
    protocolVersion: 'v1',
    metrics: 'vllm',
    readinessPath: '/v1/models',
    command: ['python3', '-m', 'vllm.entrypoints.openai.api_server'],
    args: ['--port=8080', '--served-model-name={{.Name}}', '--model=/mnt/models'],
    // A user without an entry in /etc/passwd has no home: caches and the name of the user are stated.
    env: {
      HOME: '/tmp',
      USER: 'vllm',
      HF_HOME: '/tmp',
      VLLM_CONFIG_ROOT: '/tmp',
      VLLM_CACHE_ROOT: '/tmp',
      TORCHINDUCTOR_CACHE_DIR: '/tmp/inductor',
      VLLM_WORKER_MULTIPROC_METHOD: 'spawn',
    },
    sharedMemory: true,
    needsGpu: true,
    upstreamImage: MODEL_SERVERS.vllmserver.image,
  });

  private static python(formatName: string, upstreamImage: string): RuntimeTemplate {
    return new RuntimeTemplate({
      templateName: formatName,
      formats: [formatName],
      protocolVersion: 'v1',
      metrics: 'kserve',
      readinessPath: '/v1/models/{name}',
      args: PYTHON_ARGS,
      upstreamImage,
    });
  }

  public readonly templateName: string;
  /** Names of the formats that it serves. */
  public readonly formats: string[];
  public readonly protocolVersion: string;
  /** What its metrics look like. */
  public readonly metrics: string;
  public readonly metricsPort: number;
  public readonly readinessPath: string;
  public readonly command: string[];
  public readonly args: string[];
  public readonly env: { [name: string]: string };
  /** Whether its workers talk through shared memory. */
  public readonly sharedMemory: boolean;
  public readonly needsGpu: boolean;
  /** Where to copy the image from into your registry: `az acr import` keeps its digest, and `ContainerImage.locked` names the copy. */
  public readonly upstreamImage: string;

  private constructor(facts: RuntimeFacts) {
    this.templateName = facts.templateName;
    this.formats = facts.formats;
    this.protocolVersion = facts.protocolVersion;
    this.metrics = facts.metrics;
    this.metricsPort = facts.metricsPort ?? 8080;
    this.readinessPath = facts.readinessPath;
    this.command = facts.command ?? [];
    this.args = facts.args;
    this.env = facts.env ?? {};
    this.sharedMemory = facts.sharedMemory ?? false;
    this.needsGpu = facts.needsGpu ?? false;
    this.upstreamImage = facts.upstreamImage;
  }
}
