import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { ImageLock, Stage } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { LLM_SERVER_IMAGE, MODEL_SERVERS, type ModelServerImage } from '../core/model-servers';
import type { GpuRequest } from '../gpu';
import { ModelFormat } from './model-format';

/** Formats whose model servers come with KServe. */
const FORMATS: { readonly [name: string]: ModelFormat } = {
  SKLEARN: ModelFormat.SKLEARN,
  XGBOOST: ModelFormat.XGBOOST,
  LIGHTGBM: ModelFormat.LIGHTGBM,
  MLFLOW: ModelFormat.MLFLOW,
  ONNX: ModelFormat.ONNX,
  TENSORRT: ModelFormat.TENSORRT,
  TENSORFLOW: ModelFormat.TENSORFLOW,
  HUGGINGFACE: ModelFormat.HUGGINGFACE,
  VLLM: ModelFormat.VLLM,
};
const OWN_RUNTIME = 'a ServingRuntime of your own, whose image is a ContainerImage';

/**
 * Sees that the platform has the model server of a format: in prod those run by digest only.
 * @throws when it has not, or has no build of it for GPUs
 */
export function checkRuntime(scope: Construct, platform: IMlPlatform, format: ModelFormat, gpu: GpuRequest | undefined): void {
  const server = Object.values(MODEL_SERVERS).find(({ runtime }) => runtime === format.runtime);
  if (!server) return;
  const pinned = pinnedBy(scope, platform, server);
  if (pinned === undefined) throw notOffered(scope, platform, format, server);
  if (gpu && pinned === 'digest' && server.gpuByTag) {
    throw new ConfigurationError(scope.node.path, {
      what: `${server.runtime} runs by digest, and KServe finds its build for GPUs by the tag alone: the model would not use the GPU`,
      got: `a GPU for format ${format.formatName}`,
      allowed: OWN_RUNTIME,
      fix: `ServingRuntime with the digest of ${server.image}-gpu, and its format(${JSON.stringify(format.formatName)})`,
    });
  }
  if (server === MODEL_SERVERS.mlserver && format.formatName !== 'mlflow') {
    Annotations.of(scope).addWarning(
      `${scope.node.path}: the platform's ${server.runtime} has MLflow's libraries only, and serves no ${format.formatName}; take ModelFormat.${format.formatName.toUpperCase()}, or ${OWN_RUNTIME}`,
    );
  }
}

/**
 * vLLM for an LLMInferenceService that states none; undefined leaves KServe's preset as it is.
 * @throws in prod, when the preset's image has no digest
 */
export function llmServerImage(scope: Construct, platform: IMlPlatform): string | undefined {
  const digest = ImageLock._known(scope, LLM_SERVER_IMAGE);
  if (digest !== undefined) return `${LLM_SERVER_IMAGE}@${digest}`;
  if (!isStrict(platform)) return undefined;
  throw new ConfigurationError(scope.node.path, {
    what: "the image of KServe's preset has no digest, and it would run in prod",
    got: LLM_SERVER_IMAGE,
    allowed: 'an image by digest',
    fix: "state image, or ml-platform images lock and ImageLock.fromFile('images.lock.json').attach(app)",
  });
}

/** "digest" or "tag", as the platform says, else as it is known here; undefined where the server is not to be had. */
function pinnedBy(scope: Construct, platform: IMlPlatform, { runtime, image }: ModelServerImage): string | undefined {
  const { runtimes } = platform.attributes.serving;
  const here = ImageLock._known(scope, image) === undefined ? 'tag' : 'digest';
  const pinned = runtimes ? runtimes[runtime] : here;
  return pinned === 'tag' && isStrict(platform) ? undefined : pinned;
}

function notOffered(scope: Construct, platform: IMlPlatform, format: ModelFormat, server: ModelServerImage): ConfigurationError {
  const offered = Object.entries(FORMATS).filter(([, { runtime }]) => {
    const other = Object.values(MODEL_SERVERS).find((one) => one.runtime === runtime);
    return other && pinnedBy(scope, platform, other) !== undefined;
  });
  const lock = "ml-platform images lock and ImageLock.fromFile('images.lock.json').attach(app)";
  return new ConfigurationError(scope.node.path, {
    what: `${platform.environment.environmentName} has no model server for ${format.formatName} whose image is pinned by its digest`,
    got: `${server.runtime}: ${server.image}`,
    allowed: `${offered.map(([name]) => `ModelFormat.${name}`).join(', ')}, or ${OWN_RUNTIME}`,
    fix: platform.attributes.serving.runtimes ? `take one of them, or have the platform team add the digest: ${lock}` : lock,
  });
}

function isStrict(platform: IMlPlatform): boolean {
  return platform.environment.stage.strictness === Stage.PROD.strictness;
}
