import { describe, expect, test } from 'vitest';
import { TrainingQueues, type TrainingQueuesProps } from '../../lib/training';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { trainingContract, trainingStack } from './platform';

function queues(props: Partial<TrainingQueuesProps> = {}, overrides = {}) {
  const { stack, platform } = trainingStack(overrides);
  return new TrainingQueues(stack, 'Queues', { platform, ...props });
}

interface Queue {
  readonly spec: {
    readonly resourceGroups: [{ coveredResources: string[]; flavors: { name: string; resources: Record<string, string>[] }[] }];
    readonly [field: string]: unknown;
  };
}

function quotaOf(queue: Queue, flavor: string): Record<string, string> {
  const found = queue.spec.resourceGroups[0].flavors.find(({ name }) => name === flavor);
  return Object.fromEntries((found?.resources ?? []).map((resource) => [resource.name, resource.nominalQuota]));
}

describe('training queues', () => {
  test('fit the CRDs', () => {
    expect(crdProblems(objectsOf(queues()))).toEqual([]);
  });

  test('know each pool for users as a flavor, spot first', () => {
    expect(queues().flavors).toEqual(['t4', 'cpu', 'a100', 'h100']);
  });

  test('select nodes by our own labels, and grant the toleration of GPUs but not that of spot', () => {
    const t4 = objectOf(queues(), 'ResourceFlavor', 't4');
    expect(t4.spec).toMatchObject({
      nodeLabels: { 'ml-platform/pool': 't4', 'ml-platform/gpu-access': 'slice' },
      nodeTaints: [
        { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
        { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot', effect: 'NoSchedule' },
      ],
    });
    expect((t4.spec as { tolerations: unknown[] }).tolerations).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' },
    ]);
  });

  test('give each tenant its quota, spread over the pools as far as they go, and no more in all', () => {
    const queue = objectOf<Queue>(queues(), 'ClusterQueue', 'risk');
    expect(quotaOf(queue, 't4')).toMatchObject({ cpu: '64', 'nvidia.com/gpu': '3', 'nvidia.com/mig-3g.40gb': '0' });
    expect(quotaOf(queue, 'a100')).toMatchObject({ 'nvidia.com/mig-3g.40gb': '1' });
    const total = queue.spec.resourceGroups[0].flavors.reduce(
      (sum, { resources }) => sum + Number(resources.find(({ name }) => name === 'nvidia.com/gpu')?.nominalQuota),
      0,
    );
    expect(total).toBe(3);
  });

  test('share what others leave, and give it back when it is wanted', () => {
    const queue = objectOf<Queue>(queues(), 'ClusterQueue', 'search');
    expect(queue.spec).toMatchObject({
      cohortName: 'platform',
      namespaceSelector: { matchLabels: { 'ml-platform/tenant': 'search' } },
      fairSharing: { weight: '1' },
      preemption: { reclaimWithinCohort: 'Any', withinClusterQueue: 'LowerPriority' },
    });
  });

  test('take weights and limits of borrowing', () => {
    const shares = { risk: { weight: 3, borrowingLimits: { 'nvidia.com/gpu': 1 }, lendingLimits: { memory: 64 } } };
    const queue = objectOf<Queue>(queues({ shares }), 'ClusterQueue', 'risk');
    expect(queue.spec.fairSharing).toEqual({ weight: '3' });
    expect(queue.spec.resourceGroups[0].flavors[0]?.resources).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'nvidia.com/gpu', borrowingLimit: '1' }),
        expect.objectContaining({ name: 'memory', lendingLimit: '64Gi' }),
      ]),
    );
  });

  test('refuse a share of nobody, and a platform without pools', () => {
    expect(() => queues({ shares: { riks: {} } })).toThrow(/no tenant of this name, got "riks"/);
    expect(() => queues({}, { nodePools: [] })).toThrow(/no pool can run jobs/);
    const { nodePools } = trainingContract();
    const many = Array.from({ length: 17 }, (_, index) => ({ ...nodePools[0], name: `p${index}` }));
    expect(() => queues({}, { nodePools: many })).toThrow(/more pools than a queue takes flavors, got 17/);
  });
});
