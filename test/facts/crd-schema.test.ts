import { describe, expect, test } from 'vitest';
import { crdProblems, crds } from '../helpers/crd-schema';

const FLAVOR = { apiVersion: 'kueue.x-k8s.io/v1beta2', kind: 'ResourceFlavor', metadata: { name: 't4' } };
const QUEUE = {
  apiVersion: 'kueue.x-k8s.io/v1beta2',
  kind: 'LocalQueue',
  metadata: { name: 'jobs', namespace: 'risk' },
  spec: { clusterQueue: 'risk' },
};

describe('the check against CRDs', () => {
  test('passes what the CRD takes, and kinds of Kubernetes itself', () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: {} };
    expect(crdProblems([FLAVOR, QUEUE, configMap])).toEqual([]);
  });

  test.each([
    ['a field that the CRD does not know', { ...FLAVOR, spec: { nodeLabel: {} } }, /ResourceFlavor\/t4\/spec: .*"nodeLabel"/],
    ['a wrong type', { ...QUEUE, spec: { clusterQueue: 3 } }, /LocalQueue\/jobs\/spec\/clusterQueue: must be string/],
    ['a namespace on what has none', { ...FLAVOR, metadata: { name: 't4', namespace: 'a' } }, /is of scope Cluster/],
    ['a namespace missing', { ...QUEUE, metadata: { name: 'jobs' } }, /is of scope Namespaced/],
    ['a version that the chart does not store', { ...FLAVOR, apiVersion: 'kueue.x-k8s.io/v1beta1' }, /is not in test\/fixtures/],
  ])('finds %s', (_, object, problem) => {
    expect(crdProblems([object]).join('\n')).toMatch(problem);
  });

  test.each([...crds().values()].map((facts) => [facts.kind, facts] as const))(
    'knows where its facts on %s are from',
    (_, facts) => {
      expect(facts.source).toMatch(/^https:\/\/github\.com\//);
      expect(facts.chartVersion).toMatch(/^v?\d+\.\d+/);
      expect(facts.licence).toMatch(/^Apache-2\.0/);
    },
  );
});
