import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import type { PlatformContractAttributes } from '../../lib/contract';
import { ImageLock } from '../../lib/core';
import { LLM_SERVER_IMAGE, MODEL_SERVERS } from '../../lib/core/model-servers';
import { GpuRequest, MigProfile } from '../../lib/gpu';
import { InferenceService, LlmInferenceService, ModelFormat, ModelSource } from '../../lib/serving';
import { fullContract } from '../helpers/contract';
import { objectOf } from '../helpers/manifests';
import { appStack, RISK_OWNER } from './platform';

const DIGEST = `sha256:${'d'.repeat(64)}`;
const GPU = GpuRequest.mig(MigProfile.of('3g.40gb'));
const FORMATS = ['SKLEARN', 'XGBOOST', 'LIGHTGBM', 'MLFLOW', 'ONNX', 'TENSORRT', 'TENSORFLOW', 'HUGGINGFACE', 'VLLM'] as const;

type Overrides = Partial<PlatformContractAttributes>;

function lock(stack: TerraformStack, images: string[]): void {
  const file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'images.lock.json');
  writeFileSync(file, JSON.stringify({ images: Object.fromEntries(images.map((image) => [image, DIGEST])) }));
  ImageLock.fromFile(file).attach(stack);
}

function serve(format: ModelFormat, overrides: Overrides = {}, images?: string[], gpu: GpuRequest | undefined = undefined) {
  const { stack, platform } = appStack(overrides);
  if (images) lock(stack, images);
  const model = ModelSource.azureBlob('models', 'fraud/7', format);
  return new InferenceService(stack, 'Fraud', { platform, tenant: 'risk', model, gpu, owner: RISK_OWNER });
}

function inStage(stage: string, runtimes?: Record<string, string>): Overrides {
  const { environment, serving } = fullContract();
  return {
    environment: { ...environment, stage, strictness: stage },
    serving: { ...serving, ...(runtimes ? { runtimes } : {}) },
  };
}

describe('the model server of a format', () => {
  test('in prod is one with a digest', () => {
    const served = FORMATS.filter((name) => {
      try {
        serve(ModelFormat[name], {}, undefined, ModelFormat[name].needsGpu ? GPU : undefined);
        return true;
      } catch {
        return false;
      }
    });
    expect(served).toEqual(['SKLEARN', 'MLFLOW', 'ONNX', 'TENSORRT', 'VLLM']);
  });

  test('is refused in prod with its path, its image, the formats that are served and the fix', () => {
    expect(() => serve(ModelFormat.XGBOOST)).toThrow(
      "risk-prod/Fraud: contoso-ml-prod has no model server for xgboost whose image is pinned by its digest, got kserve-xgbserver: docker.io/kserve/xgbserver:v0.20.0\n  allowed: ModelFormat.SKLEARN, ModelFormat.MLFLOW, ModelFormat.ONNX, ModelFormat.TENSORRT, ModelFormat.VLLM, or a ServingRuntime of your own, whose image is a ContainerImage\n  fix: ml-platform images lock and ImageLock.fromFile('images.lock.json').attach(app)",
    );
  });

  test('comes with a lock around the service where the contract tells of none', () => {
    expect(() => serve(ModelFormat.XGBOOST, {}, [MODEL_SERVERS.xgbserver.image])).not.toThrow();
    expect(() => serve(ModelFormat.XGBOOST, {}, [MODEL_SERVERS.lgbserver.image])).toThrow(/no model server for xgboost/);
  });

  test('is what the contract tells, whatever the app team has locked', () => {
    const offered = inStage('prod', { 'kserve-xgbserver': 'digest' });
    expect(() => serve(ModelFormat.XGBOOST, offered)).not.toThrow();
    expect(() => serve(ModelFormat.SKLEARN, offered, [MODEL_SERVERS.sklearnserver.image])).toThrow(
      /no model server for sklearn.*allowed: ModelFormat\.XGBOOST, or .*fix: take one of them, or have the platform team add the digest: ml-platform images lock/s,
    );
  });

  test.each(['dev', 'staging'])('runs by its tag in %s', (stage) => {
    expect(() => serve(ModelFormat.XGBOOST, inStage(stage))).not.toThrow();
    expect(() => serve(ModelFormat.XGBOOST, inStage(stage, { 'kserve-xgbserver': 'tag' }))).not.toThrow();
    expect(() => serve(ModelFormat.XGBOOST, inStage('prod', { 'kserve-xgbserver': 'tag' }))).toThrow(/no model server/);
  });

  test('is missing in any stage where the contract does not have it', () => {
    expect(() => serve(ModelFormat.XGBOOST, inStage('dev', { 'kserve-sklearnserver': 'tag' }))).toThrow(
      /no model server for xgboost/,
    );
  });

  test('of your own is not looked for', () => {
    const format = ModelFormat.custom({ formatName: 'risk', runtime: 'risk-server', protocolVersion: 'v2' });
    expect(() => serve(format, inStage('prod', {}))).not.toThrow();
  });

  test('has no build for GPUs by digest where KServe finds that by the tag', () => {
    const { image } = MODEL_SERVERS.huggingfaceserver;
    expect(() => serve(ModelFormat.HUGGINGFACE, {}, [image], GPU)).toThrow(
      /the model would not use the GPU, got a GPU for format huggingface.*fix: ServingRuntime with the digest of docker\.io\/kserve\/huggingfaceserver:v0\.20\.0-gpu/s,
    );
    expect(() => serve(ModelFormat.HUGGINGFACE, {}, [image])).not.toThrow();
    expect(() => serve(ModelFormat.HUGGINGFACE, inStage('dev'), undefined, GPU)).not.toThrow();
    expect(() =>
      serve(ModelFormat.HUGGINGFACE, inStage('dev', { 'kserve-huggingfaceserver': 'digest' }), undefined, GPU),
    ).toThrow(/would not use the GPU/);
  });

  test("warns of formats that MLServer's image for MLflow cannot serve", () => {
    const warnings = (formatName: string) =>
      serve(ModelFormat.custom({ formatName, runtime: 'kserve-mlserver', protocolVersion: 'v2' })).node.metadata.map(({ data }) =>
        String(data),
      );
    expect(warnings('xgboost').join()).toContain("has MLflow's libraries only, and serves no xgboost");
    expect(warnings('mlflow')).toEqual([]);
  });
});

describe('vLLM of an LLMInferenceService', () => {
  function assistant(overrides: Overrides = {}, images?: string[]) {
    const { stack, platform } = appStack(overrides);
    if (images) lock(stack, images);
    const model = ModelSource.azureBlob('models', 'llm/1', ModelFormat.VLLM);
    const service = new LlmInferenceService(stack, 'Assistant', { platform, tenant: 'risk', model, gpu: GPU, owner: RISK_OWNER });
    const { template } = objectOf(service, 'LLMInferenceService').spec as { template: { containers: { image?: string }[] } };
    return template.containers[0]?.image;
  }

  test('in prod needs a digest: one stated, or in a lock', () => {
    expect(() => assistant()).toThrow(
      /risk-prod\/Assistant: the image of KServe's preset has no digest.*got ghcr\.io\/llm-d\/llm-d-cuda:v0\.8\.0.*fix: state image, or ml-platform images lock/s,
    );
    expect(assistant({}, [LLM_SERVER_IMAGE])).toBe(`${LLM_SERVER_IMAGE}@${DIGEST}`);
  });

  test('is the preset of KServe elsewhere', () => {
    expect(assistant(inStage('staging'))).toBeUndefined();
  });
});
