import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { BatchScoringJob, BlobDataset, DatasetVolume, RayCluster, TrainingJob, TrainingPipeline } from '../../lib/training';
import { crds, type KubernetesObject } from '../helpers/crd-schema';
import { objectsOf } from '../helpers/manifests';
import { IMAGE, trainingStack } from '../training/platform';
import { churn, fraud } from './platform';

/**
 * Where kubeconform is, if it is there: KUBECONFORM, or the path; and where its schemas are, a folder or address in its own
 * notation (KUBECONFORM_SCHEMAS). Without both the objects are held against the CRDs alone, and the run says what it left out.
 */
const kubeconform = [
  process.env.KUBECONFORM,
  ...(process.env.PATH ?? '').split(':').map((folder) => join(folder, 'kubeconform')),
].find((file) => file !== undefined && existsSync(file));
const schemas = process.env.KUBECONFORM_SCHEMAS;

function problems(objects: KubernetesObject[]): string {
  const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { stdout, stderr } = spawnSync(
    kubeconform ?? '',
    // A schema that is missing is a failure: it would pass anything.
    ['-strict', '-schema-location', schemas ?? '', '-output', 'text', '-'],
    { input, encoding: 'utf8' },
  );
  return `${stdout}${stderr}`;
}

/** Pod templates inside custom resources, as pods of Kubernetes itself. */
function pods(value: unknown): KubernetesObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const { spec } = value as { spec?: { containers?: unknown; runtimeRef?: unknown } };
  const metadata = { name: 'pod' };
  const own = spec?.containers ? [{ apiVersion: 'v1', kind: 'Pod', metadata, spec }] : [];
  return [...own, ...Object.values(value).flatMap(pods)] as KubernetesObject[];
}

describe.runIf(kubeconform && schemas)('objects of Kubernetes itself', () => {
  test.each<[string, () => Construct]>([
    ['of a model server', () => churn({ env: { A: 'b' }, secretEnv: { C: 'd/e' } })],
    ['of a served model', () => fraud()],
    [
      'of jobs and data',
      () => {
        const { stack, platform } = trainingStack();
        const job = { platform, tenant: 'risk', image: IMAGE };
        const volumes = [new BlobDataset(stack, 'Data', { platform, tenant: 'risk', container: 'datasets' }).mountedAt('/data')];
        new BatchScoringJob(stack, 'Batch', { ...job, volumes, parts: 3 });
        new BatchScoringJob(stack, 'Nightly', { ...job, schedule: '0 3 * * *' });
        new TrainingJob(stack, 'Train', { ...job, script: ['train.py'], volumes });
        new RayCluster(stack, 'Ray', { ...job, rayVersion: '2.52.0', volumes });
        const step = { command: ['python', 'a.py'] };
        return new TrainingPipeline(stack, 'Pipeline', {
          ...job,
          train: step,
          evaluate: step,
          register: step,
          gate: { scoreFile: '/pipeline/auc', threshold: 1 },
          workVolume: DatasetVolume.claim('work', '/pipeline', true),
        });
      },
    ],
  ])('%s fit their schemas', (_, make) => {
    const objects = objectsOf(make());
    // Custom resources are held against their CRDs elsewhere.
    const plain = objects.filter((object) => !crds().has(`${object.apiVersion}/${object.kind}`));
    expect(problems(plain)).toBe('');
    expect(problems(objects.flatMap(pods))).toBe('');
  });
});
