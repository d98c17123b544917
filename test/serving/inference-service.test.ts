import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { type ContractNodePool, PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import { GpuRequest, MigProfile } from '../../lib/gpu';
import { InferenceService, type InferenceServiceProps, ModelFormat, ModelSource } from '../../lib/serving';
import { contractAttributes } from '../helpers/contract';
import { synthesized } from '../helpers/synth';

const ONNX = ModelSource.azureBlob('models', 'fraud/7', ModelFormat.ONNX);

function service(
  props: Partial<InferenceServiceProps> = {},
  attributes: Partial<PlatformContractAttributes> = {},
): InferenceService {
  const stack = new TerraformStack(Testing.app(), 'risk-prod');
  const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes(attributes));
  return new InferenceService(stack, 'Fraud', {
    platform,
    tenant: 'risk',
    model: ONNX,
    owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
    ...props,
  });
}

interface Rendered {
  readonly metadata: Record<string, unknown>;
  readonly spec: { readonly predictor: Record<string, unknown> };
}

function rendered(subject: InferenceService): Rendered {
  const release = synthesized(TerraformStack.of(subject), 'helm_release.Fraud') as { values: [string] };
  const { objects } = JSON.parse(release.values[0]) as { objects: [Rendered] };
  return objects[0];
}

describe('InferenceService', () => {
  test('serves a model from the platform storage as the identity of the tenant', () => {
    const { metadata, spec } = rendered(service());
    expect(metadata).toMatchObject({
      name: 'fraud',
      namespace: 'risk',
      annotations: { 'serving.kserve.io/deploymentMode': 'Standard' },
      labels: { 'networking.kserve.io/visibility': 'cluster-local', 'ml-platform/owner': 'risk-ml' },
    });
    expect(spec.predictor).toMatchObject({
      serviceAccountName: 'workload',
      labels: { 'azure.workload.identity/use': 'true' },
      model: {
        modelFormat: { name: 'onnx' },
        runtime: 'kserve-tritonserver',
        protocolVersion: 'v2',
        storageUri: 'https://stcontoso.blob.core.windows.net/models/fraud/7',
      },
    });
  });

  test('runs on CPU with the replicas of the profile', () => {
    const { predictor } = rendered(service()).spec;
    expect(predictor).toMatchObject({ minReplicas: 2, maxReplicas: 2, scaleMetric: 'cpu', scaleTarget: 70 });
    expect(predictor).not.toHaveProperty('tolerations');
  });

  test('asks for the MIG instance, tolerates the pool that has it, and selects on our own label', () => {
    const { predictor } = rendered(service({ gpu: GpuRequest.mig(MigProfile.of('3g.40gb')) })).spec;
    const size = { cpu: '4', memory: '16Gi', 'nvidia.com/mig-3g.40gb': '1' };
    expect(predictor).toMatchObject({
      nodeSelector: { 'ml-platform/gpu-access': 'mig' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
      model: { resources: { requests: size, limits: size } },
    });
  });

  test('tolerates spot nodes where the GPU is on spot', () => {
    const { predictor } = rendered(service({ gpu: GpuRequest.slice() })).spec;
    expect(predictor.tolerations).toContainEqual({
      key: 'kubernetes.azure.com/scalesetpriority',
      operator: 'Equal',
      value: 'spot',
      effect: 'NoSchedule',
    });
  });

  test('says what the platform offers when no pool has the GPU', () => {
    expect(() => service({ gpu: GpuRequest.mig(MigProfile.of('1g.10gb')) })).toThrow(
      [
        'risk-prod/Fraud: no pool of contoso-ml-prod offers the GPU asked for, got MIG 1g.10gb',
        '  allowed: a100 (1 × NVIDIA A100 80GB PCIe 80 GB: MIG 3g.40gb); t4 (1 × NVIDIA T4 16 GB: slices ×4)',
        '  fix: GpuRequest.mig(MigProfile.of("3g.40gb")) on a100, or GpuRequest.slice() on t4, or have the platform team add a pool that offers it',
      ].join('\n'),
    );
  });

  test('selects the pool where another shares its GPUs in the same way but is not what was asked for', () => {
    const { nodePools } = contractAttributes();
    const [cpu, , t4] = nodePools as [ContractNodePool, ContractNodePool, ContractNodePool];
    const l4 = { ...t4, name: 'l4', labels: { ...t4.labels, 'ml-platform/pool': 'l4' }, gpu: { ...t4.gpu, model: 'NVIDIA L4' } };
    const pools = { nodePools: [cpu, t4, l4] as ContractNodePool[] };
    const { predictor } = rendered(service({ gpu: GpuRequest.slice(1, { models: ['L4'] }) }, pools)).spec;
    expect(predictor.nodeSelector).toEqual({ 'ml-platform/gpu-access': 'slice', 'ml-platform/pool': 'l4' });
  });

  test('takes no slice for a whole GPU, though both have one resource name', () => {
    expect(() => service({ gpu: GpuRequest.whole(1) })).toThrow(/offers the GPU asked for, got 1 whole GPU/);
  });

  test.each([
    ['more memory than a device has', GpuRequest.slice(1, { minMemoryGb: 24 })],
    ['another model', GpuRequest.slice(1, { models: ['L4'] })],
    ['another pool', GpuRequest.slice(1, { pools: ['a100'] })],
  ])('finds no pool for %s', (_, gpu) => {
    expect(() => service({ gpu })).toThrow(/no pool of contoso-ml-prod offers/);
  });

  test('says so when the platform has no GPUs at all', () => {
    expect(() => service({ gpu: GpuRequest.slice() }, { nodePools: [] })).toThrow(/allowed: none: the platform has no GPU pools/);
  });

  test('wants a GPU for a language model', () => {
    const model = ModelSource.azureBlob('models', 'llm/1', ModelFormat.VLLM);
    expect(() => service({ model })).toThrow(/vLLM run on a GPU only.*gpu: GpuRequest\.whole\(1\)/s);
  });

  test.each([
    ['zero in Standard mode', { min: 0 }, /cannot scale to zero/],
    ['more least than most', { min: 3, max: 2 }, /replicas do not fit together, got min 3, max 2/],
    ['half a replica', { min: 1, max: 1.5 }, /whole numbers/],
  ])('refuses replicas: %s', (_, replicas, message) => {
    expect(() => service({ replicas })).toThrow(message);
  });

  test.each(['Fraud', 'fraud-', '7fraud', 'f'.repeat(41)])('refuses the name %s', (serviceName) => {
    expect(() => service({ serviceName })).toThrow(/serviceName is not valid.*1-40/s);
  });

  test('refuses a container that the platform does not have, and a path with a gap', () => {
    const missing = ModelSource.azureBlob('model', 'fraud/7', ModelFormat.ONNX);
    expect(() => service({ model: missing })).toThrow(
      /no such container that risk may read, got "model"\n {2}allowed: models, datasets, tenant-risk/,
    );
    expect(() => service({ model: ModelSource.azureBlob('models', 'a//b', ModelFormat.ONNX) })).toThrow(/path of the model/);
  });

  test('refuses the container of another tenant', () => {
    const { storage, tenants } = contractAttributes();
    const [risk] = tenants;
    const others = { tenants: [...tenants, { ...risk, name: 'search', container: 'tenant-search' }] as typeof tenants };
    const model = ModelSource.azureBlob('tenant-search', 'rank/3', ModelFormat.ONNX);
    const attributes = { ...others, storage: { ...storage, containers: [...storage.containers, 'tenant-search'] } };
    expect(() => service({ model }, attributes)).toThrow(/no such container that risk may read, got "tenant-search"/);
  });

  test('wants an owner that can be reached', () => {
    expect(() => service({ owner: { team: '', contact: '' } })).toThrow(/risk-prod\/Fraud: owner is missing/);
    expect(() => service({ owner: { team: 'risk-ml', contact: 'nobody' } })).toThrow(/not a mail address/);
  });

  test('tells its address in the cluster', () => {
    expect(service().clusterUrl).toBe('http://fraud-predictor.risk.svc.cluster.local');
  });

  test('makes a name from the id of the construct', () => {
    const stack = new TerraformStack(Testing.app(), 'risk-prod');
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    const owner = { team: 'risk-ml', contact: 'risk-ml@contoso.example' };
    expect(new InferenceService(stack, 'FraudV2', { platform, tenant: 'risk', model: ONNX, owner }).serviceName).toBe('fraud-v2');
  });
});
