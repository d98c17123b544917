import { describe, expect, test } from 'vitest';
import { GpuRequest, MigProfile } from '../../lib/gpu';
import { Autoscaling, Canary, type ModelServerProps } from '../../lib/serving';
import { ContainerImage } from '../../lib/tenancy';
import { plannerOf } from '../helpers/capacity';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { type PodSpec, podSecurityProblems } from '../helpers/pod-security';
import { churn, DIGEST, OTHER_DIGEST } from './platform';

interface Deployment {
  readonly spec: { readonly replicas?: number; readonly template: { readonly metadata: object; readonly spec: PodSpec } };
}

function podOf(service: ReturnType<typeof churn>, name = 'churn'): PodSpec & Record<string, unknown> {
  return objectOf<Deployment>(service, 'Deployment', name).spec.template.spec as PodSpec & Record<string, unknown>;
}

describe('ModelServer', () => {
  test('runs in the strictest namespace, on a root that nobody writes to', () => {
    expect(podSecurityProblems(podOf(churn()), 'restricted')).toEqual([]);
    expect(podOf(churn()).containers[0]).toMatchObject({ securityContext: { readOnlyRootFilesystem: true } });
  });

  test('runs as the identity of the tenant, without a token of the cluster', () => {
    const service = churn();
    expect(podOf(service)).toMatchObject({ serviceAccountName: 'workload', automountServiceAccountToken: false });
    expect(objectOf<Deployment>(service, 'Deployment').spec.template.metadata).toMatchObject({
      labels: { 'azure.workload.identity/use': 'true', 'ml-platform/service': 'churn', 'ml-platform/owner': 'risk-ml' },
    });
  });

  test('answers on port 80 of the service, with probes on its own paths', () => {
    const service = churn({ endpoints: { port: 9000, readinessPath: '/ready' } });
    expect(objectOf(service, 'Service').spec).toMatchObject({ ports: [{ port: 80, targetPort: 'http' }] });
    expect(podOf(service).containers[0]).toMatchObject({
      ports: [{ containerPort: 9000 }],
      readinessProbe: { httpGet: { path: '/ready', port: 9000 } },
      livenessProbe: { httpGet: { path: '/healthz', port: 9000 } },
      startupProbe: { failureThreshold: 12, periodSeconds: 10 },
    });
    expect(service.clusterUrl).toBe('http://churn.risk.svc.cluster.local');
    expect(service.url).toBe('https://churn-risk.ml.contoso.example');
  });

  test('scales on CPU and leaves the number of replicas to the autoscaler', () => {
    const service = churn({ replicas: { min: 2, max: 6 } });
    expect(objectOf<Deployment>(service, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(objectOf(service, 'HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 70 } } }],
    });
  });

  test('scales to zero on requests that the gateway counts, by KEDA', () => {
    const service = churn({ replicas: { min: 0, max: 6 }, autoscaling: Autoscaling.requestRate(20) });
    expect(objectOf(service, 'ScaledObject').spec).toMatchObject({
      minReplicaCount: 0,
      maxReplicaCount: 6,
      fallback: { replicas: 1 },
      triggers: [
        {
          type: 'prometheus',
          metadata: {
            threshold: '20',
            serverAddress: 'http://prometheus-operated.monitoring.svc:9090',
            query: expect.stringContaining('httproute/risk/churn/'),
          },
        },
      ],
    });
    expect(objectsOf(service).map(({ kind }) => kind)).not.toContain('HorizontalPodAutoscaler');
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });

  test('runs as many as stated where nothing scales it', () => {
    const service = churn({ replicas: { min: 3 }, autoscaling: Autoscaling.none() });
    expect(objectOf<Deployment>(service, 'Deployment').spec.replicas).toBe(3);
  });

  test('asks for its GPU and goes where it is', () => {
    const pod = podOf(churn({ gpu: GpuRequest.mig(MigProfile.of('3g.40gb')) }));
    expect(pod).toMatchObject({
      nodeSelector: { 'ml-platform/gpu-access': 'mig' },
      containers: [{ resources: { limits: { 'nvidia.com/mig-3g.40gb': '1' }, requests: { cpu: '4' } } }],
    });
  });

  test('reads secrets by reference', () => {
    const [container] = podOf(churn({ secretEnv: { TOKEN: 'broker/token' }, env: { LEVEL: 'info' } })).containers;
    expect(container).toMatchObject({
      env: expect.arrayContaining([
        { name: 'LEVEL', value: 'info' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'broker', key: 'token' } } },
      ]),
    });
  });

  test('tells the planner of the cluster what it asks for, new versions too', () => {
    const service = churn({ replicas: { min: 2, max: 4 } });
    service.rollout(Canary.of({ revision: OTHER_DIGEST, trafficPercent: 5 }));
    const planner = plannerOf(service);
    expect(planner.plan.errors).toEqual([]);
    expect(planner.plan.pools.flatMap(({ placed }) => placed)).toEqual([
      { workload: 'risk-prod/Churn', pods: 2 },
      { workload: 'risk-prod/Churn (a0b1c2d3)', pods: 1 },
    ]);
  });

  test('fails the synth when its pods can never be scheduled', () => {
    const service = churn({ cpu: 64 });
    const planner = plannerOf(service);
    expect(planner.node.validate().join()).toMatch(/risk-prod\/Churn: no pool takes its pods/);
  });

  test.each<[string, Partial<ModelServerProps>, RegExp]>([
    ['zero replicas on CPU', { replicas: { min: 0 } }, /cannot scale to zero on cpu use.*KEDA: Autoscaling\.requestRate/s],
    [
      'concurrency, which Knative counts',
      { autoscaling: Autoscaling.concurrency(3) },
      /Standard mode cannot scale by concurrency/,
    ],
    ['a name that is too long', { serviceName: 'c'.repeat(41) }, /serviceName is not valid/],
    ['an owner without an address', { owner: { team: 'risk-ml', contact: '' } }, /not a mail address/],
    ['a tenant that the contract does not list', { tenant: 'riks' }, /no tenant of this name, got "riks"/],
  ])('refuses %s', (_, props, message) => {
    expect(() => churn(props)).toThrow(message);
  });
});

describe('an image', () => {
  test.each(['crcontoso.azurecr.io/risk/churn:1.0', 'churn', `churn@${DIGEST}`, 'crcontoso.azurecr.io/churn@sha256:abc'])(
    'is not %s',
    (reference) => {
      expect(() => ContainerImage.of(reference)).toThrow(/image (is not pinned by its digest|reference is not valid)/);
    },
  );

  test('is of the registry of the platform, by its digest', () => {
    expect(podOf(churn()).containers[0]).toMatchObject({ image: `crcontoso.azurecr.io/risk/churn@${DIGEST}` });
  });
});
