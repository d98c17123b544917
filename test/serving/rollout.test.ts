import { TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { BlueGreen, Canary, ReleaseColor, ServiceAccess, Shadow } from '../../lib/serving';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { synth } from '../helpers/synth';
import { churn, DIGEST, fraud, IMAGE, knativeContract, OTHER_DIGEST } from './platform';

interface Route {
  readonly spec: { readonly rules: [{ readonly backendRefs: object[]; readonly filters?: object[] }] };
}

function rule(service: ReturnType<typeof fraud> | ReturnType<typeof churn>) {
  return objectOf<Route>(service, 'HTTPRoute').spec.rules[0];
}

function predictors(service: ReturnType<typeof fraud>) {
  return (objectOf(service, 'InferenceService') as unknown as { spec: { predictor: object; canary?: object[] } }).spec;
}

/** Releases whose values differ between two services, by address. */
function changed(before: ReturnType<typeof fraud>, after: ReturnType<typeof fraud>): string[] {
  const releases = (service: ReturnType<typeof fraud>) =>
    Object.entries(synth(TerraformStack.of(service)).resource?.helm_release ?? {});
  const old = new Map(releases(before).map(([name, release]) => [name, JSON.stringify(release)]));
  return releases(after).flatMap(([name, release]) => (old.get(name) === JSON.stringify(release) ? [] : [name]));
}

describe('a canary in Standard mode', () => {
  const service = fraud();
  service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));

  test('gets its share by our route, to the services that KServe makes', () => {
    expect(rule(service).backendRefs).toEqual([
      { name: 'fraud-predictor', port: 80, weight: 90 },
      { name: 'fraud-r8-predictor', port: 80, weight: 10 },
    ]);
  });

  test('runs the new version beside the declared one, which keeps its replicas', () => {
    const { predictor, canary } = predictors(service);
    // KServe takes the replicas of the canary from these: 2 stay.
    expect(predictor).toMatchObject({ minReplicas: 3, maxReplicas: 3 });
    expect(canary).toEqual([
      {
        trafficPercent: 0,
        predictor: {
          name: 'r8',
          minReplicas: 1,
          labels: { 'ml-platform/revision': 'fraud-8' },
          model: {
            name: 'kserve-container',
            modelFormat: { name: 'sklearn' },
            runtime: 'kserve-sklearnserver',
            storageUri: 'https://stcontoso.blob.core.windows.net/models/fraud/8',
          },
        },
      },
    ]);
  });

  test('fits the CRDs', () => {
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });
});

describe('moving traffic', () => {
  const at = (trafficPercent: number) => {
    const service = fraud();
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent }));
    return service;
  };

  test('changes the release of the route and nothing else', () => {
    expect(changed(at(10), at(50))).toEqual([expect.stringMatching(/^Fraud_Traffic_/)]);
  });

  test('rollback() is one line, and its plan shows two numbers', () => {
    const back = at(10);
    back.rollback();
    expect(changed(at(10), back)).toEqual([expect.stringMatching(/^Fraud_Traffic_/)]);
    expect(rule(back).backendRefs).toEqual([
      { name: 'fraud-predictor', port: 80, weight: 100 },
      { name: 'fraud-r8-predictor', port: 80, weight: 0 },
    ]);
  });

  test('there is nothing to go back from without a rollout', () => {
    expect(() => fraud().rollback()).toThrow(/risk-prod\/Fraud: there is no version to go back from/);
  });
});

describe('a shadow', () => {
  test('gets a copy of the requests and answers none', () => {
    const service = fraud();
    service.rollout(Shadow.of({ revision: 'fraud/8', mirrorPercent: 20 }));
    expect(rule(service)).toMatchObject({
      filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'fraud-r8-predictor', port: 80 }, percent: 20 } }],
      backendRefs: [{ name: 'fraud-predictor', port: 80, weight: 100 }],
    });
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });

  test('gets all requests by default, and there is one at most', () => {
    const service = fraud();
    service.rollout(Shadow.of({ revision: 'fraud/8' }));
    expect(JSON.stringify(rule(service).filters)).toContain('"percent":100');
    expect(() => service.rollout(Shadow.of({ revision: 'fraud/9' }))).toThrow(/only one version can get copies/);
  });
});

describe('blue and green', () => {
  test('run at the same size, and one of them answers', () => {
    const service = fraud();
    service.rollout(BlueGreen.of({ revision: 'fraud/8', active: ReleaseColor.GREEN }));
    expect(predictors(service).canary).toMatchObject([{ predictor: { minReplicas: 2 } }]);
    expect(rule(service).backendRefs).toMatchObject([{ weight: 0 }, { weight: 100 }]);
  });

  test('start with the declared version', () => {
    const service = fraud();
    service.rollout(BlueGreen.of({ revision: 'fraud/8' }));
    expect(rule(service).backendRefs).toMatchObject([{ weight: 100 }, { weight: 0 }]);
  });
});

describe('rollouts that cannot be', () => {
  test('more than all requests together', () => {
    const service = fraud();
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 70 }));
    expect(() => service.rollout(Canary.of({ revision: 'fraud/9', trafficPercent: 40 }))).toThrow(
      [
        'risk-prod/Fraud: rollouts take more than all requests, got fraud/8 70 % + fraud/9 40 %',
        '  allowed: 100 % together',
        '  fix: lower trafficPercent of fraud/9 to 30',
      ].join('\n'),
    );
  });

  test('two of one name', () => {
    const service = fraud();
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));
    expect(() => service.rollout(Canary.of({ revision: 'other/8', trafficPercent: 10 }))).toThrow(/two rollouts have one name/);
  });

  test('of a service that is reached inside the cluster only: nothing would move', () => {
    const service = fraud({ access: ServiceAccess.clusterOnly() });
    expect(() => service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }))).toThrow(
      /a canary needs a route: KServe in Standard mode starts the new version but sends it nothing/,
    );
  });

  test('with a transformer, which knows the declared version only', () => {
    const service = fraud({ transformer: { image: IMAGE } });
    expect(() => service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }))).toThrow(
      /transformer calls the declared/,
    );
  });

  test.each([101, -1, 2.5])('at %s percent', (trafficPercent) => {
    expect(() => Canary.of({ revision: 'fraud/8', trafficPercent })).toThrow(/trafficPercent is not valid/);
  });

  test('without a name for what runs it, or with no replica', () => {
    expect(() => Canary.of({ revision: 'fraud/_', trafficPercent: 1 })).toThrow(/revision cannot name anything/);
    expect(() => Canary.of({ revision: 'fraud/8', trafficPercent: 1, replicas: 0 })).toThrow(/replicas is not valid/);
  });
});

describe('Knative mode', () => {
  test('splits by itself, between the last two revisions', () => {
    const service = fraud({}, knativeContract());
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));
    const { predictor, canary } = predictors(service);
    expect(predictor).toMatchObject({
      canaryTrafficPercent: 10,
      scaleMetric: 'concurrency',
      model: { storageUri: 'https://stcontoso.blob.core.windows.net/models/fraud/8' },
    });
    expect(canary).toBeUndefined();
    expect(objectsOf(service).map(({ kind }) => kind)).not.toContain('HTTPRoute');
    service.rollback();
    expect(predictors(service).predictor).toMatchObject({ canaryTrafficPercent: 0 });
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });

  test('mirrors nothing, and knows one new version', () => {
    const service = fraud({}, knativeContract());
    expect(() => service.rollout(Shadow.of({ revision: 'fraud/8' }))).toThrow(/Knative mode cannot mirror requests/);
    service.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));
    expect(() => service.rollout(Canary.of({ revision: 'fraud/9', trafficPercent: 10 }))).toThrow(/the last two revisions only/);
  });

  test('makes routes of its own, which check no token', () => {
    expect(() => fraud({ access: ServiceAccess.entra() }, knativeContract())).toThrow(/Knative mode makes routes of its own/);
  });
});

describe('a model server', () => {
  test('runs the new image beside the declared one and gives it its share', () => {
    const service = churn();
    service.rollout(Canary.of({ revision: OTHER_DIGEST, trafficPercent: 5 }));
    expect(rule(service).backendRefs).toEqual([
      { name: 'churn', port: 80, weight: 95 },
      { name: 'churn-a0b1c2d3', port: 80, weight: 5 },
    ]);
    const deployment = objectOf(service, 'Deployment', 'churn-a0b1c2d3');
    expect(deployment.spec).toMatchObject({
      replicas: 1,
      selector: { matchLabels: { 'ml-platform/service': 'churn', 'ml-platform/track': 'a0b1c2d3' } },
      template: { spec: { containers: [{ image: `crcontoso.azurecr.io/risk/churn@${OTHER_DIGEST}` }] } },
    });
    expect(objectOf(service, 'Deployment', 'churn').spec).toMatchObject({
      template: { spec: { containers: [{ image: `crcontoso.azurecr.io/risk/churn@${DIGEST}` }] } },
    });
  });

  test('wants a digest as the new version', () => {
    expect(() => churn().rollout(Canary.of({ revision: 'churn/8', trafficPercent: 5 }))).toThrow(/a digest: "sha256:"/);
  });
});
