import { describe, expect, test } from 'vitest';
import { GpuRequest, MigProfile } from '../../lib/gpu';
import {
  Autoscaling,
  BlueGreen,
  Canary,
  ClusterServingRuntime,
  GraphRouter,
  InferenceGraph,
  type InferenceGraphProps,
  LlmInferenceService,
  ModelFormat,
  ModelSource,
  ReleaseColor,
  RuntimeTemplate,
  ServingRuntime,
  Shadow,
} from '../../lib/serving';
import { contractAttributes, fullContract } from '../helpers/contract';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { type PodSpec, podSecurityProblems } from '../helpers/pod-security';
import { appStack, DIGEST, fraud, IMAGE, knativeContract, offering, RISK_OWNER } from './platform';

const GPU = GpuRequest.mig(MigProfile.of('3g.40gb'));
const TEMPLATES = [
  RuntimeTemplate.SKLEARN,
  RuntimeTemplate.XGBOOST,
  RuntimeTemplate.LIGHTGBM,
  RuntimeTemplate.MLFLOW,
  RuntimeTemplate.TRITON,
  RuntimeTemplate.HUGGINGFACE,
  RuntimeTemplate.VLLM,
];

function predictorOf(service: ReturnType<typeof fraud>): Record<string, unknown> & { model: Record<string, unknown> } {
  return (
    objectOf(service, 'InferenceService').spec as { predictor: Record<string, unknown> & { model: Record<string, unknown> } }
  ).predictor;
}

describe('serving runtimes', () => {
  test.each(TEMPLATES.map((template) => [template.templateName, template] as const))(
    '%s fits the CRD and the strictest namespace, by the digest of its image',
    (_, template) => {
      const { stack, platform } = appStack();
      const runtime = new ClusterServingRuntime(stack, 'Runtime', { platform, template, image: IMAGE });
      expect(crdProblems(objectsOf(runtime))).toEqual([]);
      const spec = objectOf(runtime, 'ClusterServingRuntime').spec as PodSpec;
      expect(podSecurityProblems(spec, 'restricted')).toEqual([]);
      expect(spec.containers[0]).toMatchObject({ image: `crcontoso.azurecr.io/risk/churn@${DIGEST}` });
    },
  );

  test('of a tenant serve its models, by name only', () => {
    const { stack, platform } = appStack();
    const runtime = new ServingRuntime(stack, 'Triton', {
      platform,
      tenant: 'risk',
      template: RuntimeTemplate.TRITON,
      image: IMAGE,
    });
    expect(objectOf(runtime, 'ServingRuntime')).toMatchObject({
      metadata: { name: 'ml-triton', namespace: 'risk' },
      spec: { supportedModelFormats: [{ name: 'onnx', autoSelect: false }, {}, {}] },
    });
    expect(runtime.format('onnx')).toMatchObject({ runtime: 'ml-triton', protocolVersion: 'v2', metrics: 'triton' });
    expect(() => runtime.format('sklearn')).toThrow(
      /does not serve this format, got "sklearn"\n {2}allowed: onnx, tensorrt, triton/,
    );
  });

  test('have a name that Kubernetes takes', () => {
    const { stack, platform } = appStack();
    const props = { platform, template: RuntimeTemplate.SKLEARN, image: IMAGE, runtimeName: 'My Runtime' };
    expect(() => new ClusterServingRuntime(stack, 'Runtime', props)).toThrow(/runtimeName is not valid/);
  });
});

describe('sources of models', () => {
  const uri = (model: ModelSource) => predictorOf(fraud({ model }, offering(model.format.runtime))).model.storageUri;

  test.each([
    [
      'a container',
      ModelSource.azureBlob('models', '/fraud/7/', ModelFormat.SKLEARN),
      'https://stcontoso.blob.core.windows.net/models/fraud/7',
    ],
    [
      'a run of MLflow',
      ModelSource.mlflowRun('datasets', '3/0a1b', ModelFormat.MLFLOW),
      'https://stcontoso.blob.core.windows.net/datasets/3/0a1b/artifacts/model',
    ],
    ['a volume', ModelSource.volume('models', 'fraud/7', ModelFormat.SKLEARN), 'pvc://models/fraud/7'],
    ['an image', ModelSource.ociImage('cr.example/fraud', DIGEST, ModelFormat.SKLEARN), `oci://cr.example/fraud@${DIGEST}`],
    [
      'the hub',
      ModelSource.huggingFace('contoso/ranker', 'a'.repeat(40), ModelFormat.HUGGINGFACE),
      `hf://contoso/ranker:${'a'.repeat(40)}`,
    ],
    ['any address that KServe takes', ModelSource.uri('s3://bucket/fraud', ModelFormat.SKLEARN), 's3://bucket/fraud'],
  ])('%s', (_, model, expected) => {
    expect(uri(model)).toBe(expected);
  });

  test.each([
    ['models:/fraud/7', /got models:\/ in .*mlflowRun/s],
    ['azureml://registries/x/models/y', /azureBlob\(container, path, format\) with the folder/],
    ['abfss://models@x.dfs.core.windows.net/f', /the same account by its blob endpoint/],
    ['fraud/7', /got no scheme/],
  ])('not %s', (address, message) => {
    expect(() => uri(ModelSource.uri(address, ModelFormat.SKLEARN))).toThrow(message);
  });

  test.each([
    ['a tag of an image', ModelSource.ociImage('cr.example/fraud', 'latest', ModelFormat.SKLEARN), /digest of the model image/],
    ['a branch of the hub', ModelSource.huggingFace('contoso/ranker', 'main', ModelFormat.HUGGINGFACE), /a commit of 40/],
    ['half a run', ModelSource.mlflowRun('datasets', '3', ModelFormat.MLFLOW), /run of MLflow is not valid/],
    ['a claim that is none', ModelSource.volume('My Models', 'a', ModelFormat.SKLEARN), /name of the claim/],
  ])('not %s', (_, model, message) => {
    expect(() => uri(model)).toThrow(message);
  });

  test('a format of your own names its runtime', () => {
    const format = ModelFormat.custom({ formatName: 'risk', formatVersion: '2', runtime: 'risk-server', protocolVersion: 'v2' });
    expect(predictorOf(fraud({ model: ModelSource.azureBlob('models', 'a', format) })).model).toMatchObject({
      modelFormat: { name: 'risk', version: '2' },
      runtime: 'risk-server',
    });
    expect(() => ModelFormat.custom({ formatName: 'a', runtime: 'b', protocolVersion: 'v3' })).toThrow(
      /protocolVersion is not known/,
    );
  });
});

describe('an InferenceService with everything', () => {
  const service = fraud({
    gpu: GPU,
    replicas: { min: 0, max: 3 },
    autoscaling: Autoscaling.kedaPrometheus({ query: 'sum(queue_length)', perReplica: 5 }),
    transformer: { image: IMAGE, args: ['--predictor-protocol=v1'], env: { LEVEL: 'info' } },
    explainer: { image: IMAGE },
    logger: { url: 'http://broker.risk.svc.cluster.local' },
    batcher: { maxBatchSize: 32, maxLatencyMs: 50 },
    args: ['--workers=2'],
    env: { LEVEL: 'info' },
    priorityClass: 'ml-serving',
    startupSeconds: 600,
  });

  test('fits the CRD', () => {
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });

  test('scales by KEDA from zero', () => {
    expect(objectOf(service, 'InferenceService').metadata.annotations).toMatchObject({
      'serving.kserve.io/autoscalerClass': 'keda',
      'serving.kserve.io/gpu-resource-types': '["nvidia.com/mig-3g.40gb"]',
    });
    expect(predictorOf(service)).toMatchObject({
      minReplicas: 0,
      autoScaling: {
        metrics: [
          {
            type: 'External',
            external: {
              metric: { backend: 'prometheus', query: 'sum(queue_length)' },
              target: { type: 'AverageValue', averageValue: '5' },
            },
          },
        ],
      },
      logger: { mode: 'all' },
      batcher: { maxBatchSize: 32, maxLatency: 50 },
      priorityClassName: 'ml-serving',
    });
    expect(predictorOf(service)).not.toHaveProperty('scaleMetric');
  });

  test('is reached through its transformer, in pods that the strictest namespace takes', () => {
    expect(service.clusterUrl).toBe('http://fraud-transformer.risk.svc.cluster.local');
    const { transformer, explainer } = objectOf(service, 'InferenceService').spec as { transformer: PodSpec; explainer: PodSpec };
    for (const component of [transformer, explainer]) expect(podSecurityProblems(component, 'restricted')).toEqual([]);
    const { model, ...predictor } = predictorOf(service);
    const pod = { ...predictor, containers: [{ name: 'kserve-container', ...model }] } as PodSpec;
    expect(podSecurityProblems(pod, 'restricted')).toEqual([]);
  });

  test('waits for the model to load before it takes requests', () => {
    expect(predictorOf(service).model).toMatchObject({
      startupProbe: { httpGet: { path: '/v1/models/fraud', port: 8080 }, failureThreshold: 60 },
      readinessProbe: { httpGet: { path: '/v1/models/fraud' } },
    });
  });

  test('spreads its replicas over zones and nodes', () => {
    expect(predictorOf(fraud()).topologySpreadConstraints).toMatchObject([
      { topologyKey: 'topology.kubernetes.io/zone' },
      { topologyKey: 'kubernetes.io/hostname' },
    ]);
  });
});

describe('what a mode cannot do', () => {
  test.each([
    ['zero on CPU in Standard mode', { replicas: { min: 0 } }, {}, /cannot scale to zero on cpu use/],
    ['zero on nothing', { replicas: { min: 0 }, autoscaling: Autoscaling.none() }, {}, /cannot scale to zero on nothing/],
    [
      'concurrency in Standard mode',
      { autoscaling: Autoscaling.concurrency(2) },
      {},
      /Standard mode cannot scale by concurrency/,
    ],
    [
      'KEDA in Knative mode',
      { autoscaling: Autoscaling.kedaPrometheus({ query: 'a', perReplica: 1 }) },
      knativeContract(),
      /Knative mode cannot scale by keda/,
    ],
    [
      'requests that nobody counts',
      { autoscaling: Autoscaling.requestRate(2) },
      { serving: contractAttributes().serving },
      /nothing to scale by, got a service without a route/,
    ],
    [
      'a platform without Prometheus',
      { autoscaling: Autoscaling.requestRate(2) },
      { monitoring: undefined },
      /nothing to scale by, got a platform without Prometheus/,
    ],
  ])('%s', (_, props, overrides, message) => {
    expect(() => fraud(props, overrides)).toThrow(message);
  });

  test.each([0, 101, Number.NaN])('a target of %s percent', (percent) => {
    expect(() => Autoscaling.cpu(percent)).toThrow(/target is not valid/);
  });

  test('an image that starts as root in a restricted namespace', () => {
    const { tenants } = fullContract();
    const strict = tenants.map((tenant) => ({ ...tenant, podSecurity: 'restricted' }));
    const model = ModelSource.azureBlob('models', 'llm/1', ModelFormat.VLLM);
    expect(() => fraud({ model, gpu: GPU }, { tenants: strict })).toThrow(/starts as root, which the namespace of risk refuses/);
  });
});

describe('a language model by its own resource', () => {
  const llm = (overrides = {}) => {
    const { stack, platform } = appStack(overrides);
    return new LlmInferenceService(stack, 'Assistant', {
      platform,
      tenant: 'risk',
      model: ModelSource.azureBlob('models', 'llm/1', ModelFormat.VLLM),
      gpu: GPU,
      owner: RISK_OWNER,
      image: IMAGE,
      args: ['--max-model-len=8192'],
    });
  };

  test('fits the CRD, behind the gateway of the platform', () => {
    expect(crdProblems(objectsOf(llm()))).toEqual([]);
    expect(objectOf(llm(), 'LLMInferenceService').spec).toMatchObject({
      model: { name: 'assistant', uri: 'https://stcontoso.blob.core.windows.net/models/llm/1' },
      replicas: 2,
      router: { gateway: { refs: [{ name: 'kserve-ingress-gateway', namespace: 'kserve' }] }, scheduler: {} },
      template: { nodeSelector: { 'ml-platform/gpu-access': 'mig' } },
    });
  });

  test('splits the requests to its name between versions of one routing group, and back in one line', () => {
    const service = llm();
    const routes = () =>
      objectsOf(service)
        .filter(({ kind }) => kind === 'LLMInferenceService')
        .map(({ metadata, spec }) => [metadata.name, (spec as { router: { route: object } }).router.route]);
    expect(routes()).toEqual([['assistant', { group: 'assistant', weight: 100 }]]);
    service.rollout(Canary.of({ revision: 'llm/2', trafficPercent: 10, replicas: 1 }));
    expect(crdProblems(objectsOf(service))).toEqual([]);
    expect(routes()).toEqual([
      ['assistant', { group: 'assistant', weight: 90 }],
      ['assistant-r2', { group: 'assistant', weight: 10 }],
    ]);
    const before = JSON.stringify(objectsOf(service)).replace(/"weight":\d+/g, '');
    service.rollback();
    expect(routes()).toEqual([
      ['assistant', { group: 'assistant', weight: 100 }],
      ['assistant-r2', { group: 'assistant', weight: 0 }],
    ]);
    expect(JSON.stringify(objectsOf(service)).replace(/"weight":\d+/g, '')).toBe(before);
  });

  test('names both versions by one model, so that one address serves them', () => {
    const service = llm();
    service.rollout(BlueGreen.of({ revision: 'llm/2', active: ReleaseColor.GREEN }));
    const models = objectsOf(service)
      .filter(({ kind }) => kind === 'LLMInferenceService')
      .map(({ spec }) => (spec as { model: { name: string; uri: string } }).model);
    expect(models).toEqual([
      { name: 'assistant', uri: 'https://stcontoso.blob.core.windows.net/models/llm/1' },
      { name: 'assistant', uri: 'https://stcontoso.blob.core.windows.net/models/llm/2' },
    ]);
    expect(service.url).toMatch(/^https:\/\/assistant-risk\..*\/publishers\/risk\/models\/assistant\/v1$/);
  });

  test('mirrors nothing', () => {
    expect(() => llm().rollout(Shadow.of({ revision: 'llm/2' }))).toThrow(
      /mirror no requests, got Shadow\n {2}allowed: Canary, BlueGreen/,
    );
  });

  test('is watched as other services are: monitor, budgets, dashboard, disruption budget and runbook', () => {
    const service = llm();
    expect(objectOf(service, 'PodMonitor').spec).toMatchObject({
      selector: { matchLabels: { 'ml-platform/service': 'assistant' } },
      podMetricsEndpoints: [{ portNumber: 8000, path: '/metrics' }],
    });
    const { groups } = objectOf(service, 'PrometheusRule').spec as { groups: { rules: { alert?: string; expr: string }[] }[] };
    const rules = groups.flatMap(({ rules }) => rules);
    expect(rules.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining(['ModelErrorBudgetBurn', 'ModelLatencyBudgetBurn', 'ModelNoTraffic', 'ModelGpuPending']),
    );
    expect(JSON.stringify(rules)).toContain('http_requests_total');
    expect(JSON.stringify(rules)).toContain('vllm:e2e_request_latency_seconds');
    expect(objectsOf(service).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ConfigMap', 'PodDisruptionBudget']));
    expect(service.runbook()).toContain('kubectl --namespace risk describe llminferenceservice assistant');
    expect(service.runbook()).toContain('logs deployment/assistant-kserve');
  });

  test('needs a gateway', () => {
    expect(() => llm({ serving: contractAttributes().serving })).toThrow(/has no gateway, which routes language models/);
  });
});

describe('a graph of models', () => {
  const graph = (nodes: InferenceGraphProps['nodes']) => {
    const { stack, platform } = appStack();
    return new InferenceGraph(stack, 'Decision', { platform, tenant: 'risk', owner: RISK_OWNER, nodes });
  };

  test('hands the answer of one model to the next', () => {
    const subject = graph({ root: { router: GraphRouter.SEQUENCE, steps: [{ service: 'features' }, { service: 'fraud' }] } });
    expect(objectOf(subject, 'InferenceGraph').spec).toMatchObject({
      nodes: {
        root: { routerType: 'Sequence', steps: [{ serviceName: 'features' }, { serviceName: 'fraud', data: '$response' }] },
      },
    });
    expect(crdProblems(objectsOf(subject))).toEqual([]);
    expect(subject.clusterUrl).toBe('http://decision.risk.svc.cluster.local');
  });

  test.each<[string, InferenceGraphProps['nodes'], RegExp]>([
    ['no beginning', { start: { router: GraphRouter.SEQUENCE, steps: [{ service: 'a' }] } }, /no beginning, got start/],
    ['a node without steps', { root: { router: GraphRouter.ENSEMBLE, steps: [] } }, /node root has no steps/],
    ['a step to nowhere', { root: { router: GraphRouter.SWITCH, steps: [{}] } }, /leads nowhere/],
    [
      'a step to a node that is not there',
      { root: { router: GraphRouter.SEQUENCE, steps: [{ node: 'rot' }] } },
      /not there, got rot/,
    ],
    [
      'weights that are not all requests',
      {
        root: {
          router: GraphRouter.SPLITTER,
          steps: [
            { service: 'a', weight: 60 },
            { service: 'b', weight: 60 },
          ],
        },
      },
      /weights of node root are not all requests, got 120 %/,
    ],
  ])('refuses %s', (_, nodes, message) => {
    expect(() => graph(nodes)).toThrow(message);
  });
});
