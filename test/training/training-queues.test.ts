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
    readonly resourceGroups: { coveredResources: string[]; flavors: { name: string; resources: Record<string, string>[] }[] }[];
    readonly [field: string]: unknown;
  };
}

function quotaOf(queue: Queue, flavor: string): Record<string, string> {
  const found = queue.spec.resourceGroups.flatMap(({ flavors }) => flavors).find(({ name }) => name === flavor);
  return Object.fromEntries((found?.resources ?? []).map((resource) => [resource.name, resource.nominalQuota]));
}

describe('training queues', () => {
  test('fit the CRDs', () => {
    expect(crdProblems(objectsOf(queues()))).toEqual([]);
  });

  test('know CPU and memory as one flavor, and each GPU pool as one, spot first', () => {
    expect(queues().flavors).toEqual(['compute', 't4', 'a100', 'h100']);
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

  test('give each tenant its quota, on each pool as far as it goes', () => {
    const queue = objectOf<Queue>(queues(), 'ClusterQueue', 'risk');
    expect(quotaOf(queue, 'compute')).toEqual({ cpu: '64', memory: '512Gi' });
    expect(quotaOf(queue, 't4')).toEqual({ 'nvidia.com/gpu': '3', 'nvidia.com/mig-3g.40gb': '0' });
    expect(quotaOf(queue, 'h100')).toEqual({ 'nvidia.com/gpu': '3', 'nvidia.com/mig-3g.40gb': '0' });
    expect(quotaOf(queue, 'a100')).toEqual({ 'nvidia.com/gpu': '0', 'nvidia.com/mig-3g.40gb': '1' });
  });

  test('keep CPU and GPUs apart: a job takes all resources of a group from one flavor', () => {
    const { resourceGroups } = objectOf<Queue>(queues(), 'ClusterQueue', 'risk').spec;
    expect(resourceGroups.map(({ coveredResources }) => coveredResources)).toEqual([
      ['cpu', 'memory'],
      ['nvidia.com/gpu', 'nvidia.com/mig-3g.40gb'],
    ]);
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
    const resources = queue.spec.resourceGroups.flatMap(({ flavors }) => flavors.flatMap((flavor) => flavor.resources));
    expect(resources).toContainEqual(expect.objectContaining({ name: 'nvidia.com/gpu', borrowingLimit: '1' }));
    expect(resources).toContainEqual(expect.objectContaining({ name: 'memory', lendingLimit: '64Gi' }));
  });

  test('refuse a share of nobody, and a platform without pools', () => {
    expect(() => queues({ shares: { riks: {} } })).toThrow(/no tenant of this name, got "riks"/);
    expect(() => queues({}, { nodePools: [] })).toThrow(/no pool can run jobs/);
    const { nodePools } = trainingContract();
    const many = Array.from({ length: 17 }, (_, index) => ({
      ...(nodePools.at(-1) as (typeof nodePools)[number]),
      name: `p${index}`,
    }));
    expect(() => queues({}, { nodePools: many })).toThrow(/more GPU pools than a queue takes flavors, got 17/);
  });
});
