import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { PlatformContract } from '../../lib/contract';
import { GpuRequest, MigProfile } from '../../lib/gpu';
import { Canary, InferenceService, ModelFormat, ModelSource, type ServiceLevel } from '../../lib/serving';
import { contractAttributes, fullContract } from '../helpers/contract';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { churn, fraud, offering, RISK_OWNER } from './platform';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

function groupsOf(service: ReturnType<typeof fraud> | ReturnType<typeof churn>): { name: string; rules: Rule[] }[] {
  return (objectOf(service, 'PrometheusRule').spec as { groups: { name: string; rules: Rule[] }[] }).groups;
}

function alerts(service: ReturnType<typeof fraud> | ReturnType<typeof churn>, name: string): Rule[] {
  return groupsOf(service)
    .flatMap(({ rules }) => rules)
    .filter(({ alert }) => alert === name);
}

const MIG = GpuRequest.mig(MigProfile.of('3g.40gb'));
const KINDS = [
  ['sklearn', () => fraud()],
  ['Triton on a GPU', () => fraud({ model: ModelSource.azureBlob('models', 'a', ModelFormat.ONNX), gpu: MIG })],
  ['MLflow', () => fraud({ model: ModelSource.azureBlob('models', 'a', ModelFormat.MLFLOW) })],
  ['vLLM', () => fraud({ model: ModelSource.azureBlob('models', 'a', ModelFormat.VLLM), gpu: MIG })],
  [
    'TensorFlow',
    () =>
      fraud({ model: ModelSource.azureBlob('models', 'a', ModelFormat.TENSORFLOW) }, offering(ModelFormat.TENSORFLOW.runtime)),
  ],
  ['FastAPI', () => churn()],
] as const;

/** Where promtool is, if it is there: PROMTOOL, or the path. The test below says that it was left out where it is not. */
const promtool = [process.env.PROMTOOL, ...(process.env.PATH ?? '').split(':').map((folder) => join(folder, 'promtool'))].find(
  (file) => file !== undefined && existsSync(file),
);

describe('monitoring', () => {
  test.each(KINDS)('of %s fits the CRDs', (_, make) => {
    const service = make();
    expect(crdProblems(objectsOf(service))).toEqual([]);
    expect(objectsOf(service).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['PodMonitor', 'PrometheusRule', 'ConfigMap']),
    );
  });

  test.runIf(promtool).each(KINDS)('of %s passes promtool', (_, make) => {
    const file = join(mkdtempSync(join(tmpdir(), 'rules-')), 'rules.json');
    writeFileSync(file, JSON.stringify({ groups: groupsOf(make()) }));
    const { status, stdout, stderr } = spawnSync(promtool ?? '', ['check', 'rules', '--lint=all', '--lint-fatal', file], {
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  test('spends the budget of 30 days in two windows that must agree', () => {
    const rules = alerts(churn(), 'ModelErrorBudgetBurn');
    expect(rules.map(({ expr, labels }) => [expr, labels.severity])).toEqual([
      [
        'ml_service:error_ratio:rate1h{service="churn",tenant="risk"} > 0.072 and ml_service:error_ratio:rate5m{service="churn",tenant="risk"} > 0.072',
        'critical',
      ],
      [expect.stringMatching(/rate6h\{.*\} > 0\.03 and .*rate30m/), 'critical'],
      [expect.stringMatching(/rate1d\{.*\} > 0\.015 and .*rate2h/), 'warning'],
      [expect.stringMatching(/rate3d\{.*\} > 0\.005 and .*rate6h/), 'warning'],
    ]);
  });

  test('counts failures at the gateway where the server counts none, and nowhere without one', () => {
    const record = (service: ReturnType<typeof fraud>) =>
      groupsOf(service)[0]?.rules.find(({ record: name }) => name === 'ml_service:error_ratio:rate5m')?.expr;
    expect(record(fraud())).toContain('envoy_cluster_upstream_rq_xx{envoy_cluster_name=~"httproute/risk/fraud/.*"');
    expect(record(fraud({}, { serving: contractAttributes().serving }))).toBeUndefined();
  });

  test('measures latency by a share of requests within a bucket', () => {
    const level: ServiceLevel = { latencySeconds: 0.25, latencyPercent: 95 };
    const service = fraud({ level });
    expect(groupsOf(service)[0]?.rules.find(({ record }) => record === 'ml_service:slow_ratio:rate5m')?.expr).toContain(
      'request_predict_seconds_bucket{namespace="risk",ml_platform_service="fraud",le=~"0\\\\.25"}[5m]',
    );
    expect(alerts(service, 'ModelLatencyBudgetBurn')[0]?.expr).toContain('> 0.72 ');
  });

  test('tells silence from a quiet hour, and drift from noise', () => {
    expect(alerts(churn(), 'ModelNoTraffic')[0]?.expr).toMatch(/\[30m\].* == 0 and .*offset 1w/);
    expect(alerts(churn(), 'ModelPredictionDrift')[0]?.expr).toMatch(/> 3 \* stddev_over_time\(/);
    expect(alerts(fraud(), 'ModelPredictionDrift')).toEqual([]);
    expect(alerts(fraud({ level: { predictionMetric: 'score' } }), 'ModelPredictionDrift')).toHaveLength(1);
  });

  test('watches new versions too', () => {
    const service = fraud();
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));
    expect(alerts(service, 'ModelDeploymentFailed')[0]?.expr).toContain('deployment=~"fraud-predictor|fraud-r8-predictor"');
  });

  test('leads from every alert to its section of the runbook', () => {
    const service = churn({ gpu: MIG });
    const anchors = groupsOf(service)
      .flatMap(({ rules }) => rules)
      .flatMap(({ annotations }) => annotations?.runbook_url ?? []);
    expect(anchors.length).toBeGreaterThan(8);
    for (const anchor of anchors) {
      const [url, id] = anchor.split('#');
      expect(url).toBe('https://runbooks.contoso.example/ml/prod/risk-churn.md');
      expect(service.runbook()).toContain(`<a id="${id}"></a>`);
    }
  });

  test('scrapes the port that the server has, with the version as a label', () => {
    const triton = fraud({ model: ModelSource.azureBlob('models', 'a', ModelFormat.ONNX) });
    expect(objectOf(triton, 'PodMonitor').spec).toMatchObject({
      selector: { matchLabels: { 'ml-platform/service': 'fraud' } },
      podTargetLabels: ['ml-platform/service', 'ml-platform/revision'],
      podMetricsEndpoints: [{ portNumber: 8002, path: '/metrics' }],
    });
    expect(objectOf(churn({ endpoints: { port: 9000 } }), 'PodMonitor').spec).toMatchObject({
      podMetricsEndpoints: [{ portNumber: 9000 }],
    });
  });

  test('draws a dashboard that Grafana reads', () => {
    const { data, metadata } = objectOf<{ data: Record<string, string>; metadata: { labels: object } }>(churn(), 'ConfigMap');
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1', 'ml-platform/owner': 'risk-ml' });
    const model = JSON.parse(data['risk-churn.json'] ?? '') as { panels: { title: string }[]; uid: string };
    expect(model.panels.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Requests', 'Failed requests', 'Latency', 'Predictions: mean of an hour']),
    );
    expect(model.uid.length).toBeLessThanOrEqual(40);
  });

  test('is left out where the platform has no Prometheus; the budget of disruptions stays', () => {
    const service = fraud({}, { monitoring: undefined });
    expect(objectsOf(service).map(({ kind }) => kind)).not.toContain('PodMonitor');
    expect(objectOf(service, 'PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
    const single = fraud({ replicas: { min: 1 } }, { monitoring: undefined });
    expect(objectsOf(single).map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
  });

  test.each<[string, ServiceLevel, RegExp]>([
    ['a threshold between two buckets', { latencySeconds: 0.3 }, /not a bucket of the histogram.*fix: e\.g\. 0\.5/s],
    ['a share instead of percent', { availabilityPercent: 0.995 }, /a share of 0\.995 is 99\.5 percent/],
    ['all requests', { latencyPercent: 100 }, /latencyPercent is not valid/],
    ['a metric that is none', { predictionMetric: 'the score' }, /not the name of a metric/],
  ])('refuses %s', (_, level, message) => {
    expect(() => fraud({ level })).toThrow(message);
  });
});

describe('the runbook', () => {
  test('has the real names and commands', () => {
    const service = fraud({ gpu: MIG });
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));
    const text = service.runbook();
    for (const part of [
      '# risk / fraud (contoso-ml-prod)',
      'Owner: risk-ml, risk-ml@contoso.example. Address: https://fraud-risk.ml.contoso.example.',
      'declared version 90 % of requests; fraud/8 (canary) 10 %',
      'az aks get-credentials --resource-group rg-contoso-ml-prod-euw --name aks-contoso-ml-prod-euw',
      'kubectl --namespace risk logs deployment/fraud-predictor',
      'Each replica asks for MIG 3g.40gb.',
      'service.rollback();',
      'kubectl --namespace risk patch httproute fraud --type json --patch',
      '## Failed deployment',
      '## Degraded latency',
      '## GPU pending',
      '## Drift',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('and the plan of capacity are written with the stack', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'runbook-'));
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'risk-prod');
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    new InferenceService(stack, 'Fraud', {
      platform: PlatformContract.fromAttributes(stack, 'Platform', fullContract()),
      tenant: 'risk',
      model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.SKLEARN),
      owner: RISK_OWNER,
      replicas: { min: 2, max: 200 },
    });
    app.synth();
    expect(readFileSync(join(outdir, 'runbooks/prod/risk-fraud.md'), 'utf8')).toContain('# risk / fraud');
    const capacity = JSON.parse(readFileSync(join(outdir, 'capacity/prod.json'), 'utf8'));
    expect(capacity.findings).toMatchObject([{ severity: 'note', subject: 'risk-prod/Fraud' }]);
  });
});
