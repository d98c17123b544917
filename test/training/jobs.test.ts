import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { GpuRequest } from '../../lib/gpu';
import {
  BatchScoringJob,
  type BatchScoringJobProps,
  BlobCache,
  BlobDataset,
  DatasetVolume,
  DvcRemote,
  ExperimentTracking,
  JobPriority,
  RayCluster,
  RayJob,
  RayService,
  TorchTrainingRuntime,
  TrainingJob,
  type TrainingJobProps,
} from '../../lib/training';
import { plannerOf } from '../helpers/capacity';
import { contractAttributes } from '../helpers/contract';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { type PodSpec, podSecurityProblems } from '../helpers/pod-security';
import { IMAGE, trainingStack } from './platform';

function training(props: Partial<TrainingJobProps> = {}) {
  const { stack, platform } = trainingStack();
  return new TrainingJob(stack, 'RankerV4', { platform, tenant: 'risk', image: IMAGE, script: ['train.py'], ...props });
}

function batch(props: Partial<BatchScoringJobProps> = {}) {
  const { stack, platform } = trainingStack();
  return new BatchScoringJob(stack, 'Nightly', { platform, tenant: 'risk', image: IMAGE, ...props });
}

function planErrors(construct: Construct): string[] {
  return plannerOf(construct).plan.errors;
}

interface TrainJob {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: { readonly trainer: object; readonly activeDeadlineSeconds: number; readonly runtimeRef: object };
}

/** What the job changes of the runtime's pod. */
function patchOf(job: TrainingJob): Record<string, unknown> & { containers: Record<string, unknown>[] } {
  const text = JSON.stringify(objectOf(job, 'TrainJob').spec);
  const spec = JSON.parse(text).runtimePatches[0].trainingRuntimeSpec.template.spec;
  return spec.replicatedJobs[0].template.spec.template.spec;
}

describe('a training job', () => {
  test('runs torchrun on several nodes, a process for each GPU, in the queue of the tenant', () => {
    const job = training({ nodes: 2, gpu: GpuRequest.whole(1), script: ['train.py', '--epochs', '10'] });
    const { metadata, spec } = objectOf<TrainJob>(job, 'TrainJob');
    expect(metadata.name).toBe('ranker-v4');
    expect(metadata.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'jobs', 'kueue.x-k8s.io/priority-class': 'standard' });
    expect(spec.trainer).toMatchObject({
      command: ['torchrun'],
      args: ['train.py', '--epochs', '10'],
      numNodes: 2,
      numProcPerNode: 1,
      resourcesPerNode: { limits: { cpu: '8', memory: '64Gi', 'nvidia.com/gpu': '1' } },
    });
    expect(spec.runtimeRef).toMatchObject({ name: 'ml-torch' });
    expect(spec.activeDeadlineSeconds).toBe(86_400);
    expect(crdProblems(objectsOf(job))).toEqual([]);
    expect(planErrors(job)).toEqual([]);
  });

  test('stays off spot nodes unless it bears to be interrupted, and then saves its state', () => {
    expect(JSON.stringify(patchOf(training({ gpu: GpuRequest.whole(1) })).tolerations)).not.toContain('spot');
    const job = training({ interruptible: true, checkpoints: { claimName: 'checkpoints' } });
    expect(patchOf(job)).toMatchObject({
      tolerations: [{ key: 'kubernetes.azure.com/scalesetpriority', operator: 'Equal', value: 'spot', effect: 'NoSchedule' }],
      terminationGracePeriodSeconds: 25,
    });
    expect(patchOf(job).containers[0]?.volumeMounts).toContainEqual({ name: 'checkpoints', mountPath: '/checkpoints' });
    expect(objectOf<TrainJob>(job, 'TrainJob').spec.trainer).toMatchObject({
      env: expect.arrayContaining([{ name: 'CHECKPOINT_DIR', value: '/checkpoints' }]),
    });
    expect(() => training({ interruptible: true })).toThrow(/begins anew whenever one is taken away.*checkpoints/s);
  });

  test('gets data, secrets and the address of MLflow', () => {
    const { stack, platform } = trainingStack();
    const clicks = new BlobDataset(stack, 'Clicks', { platform, tenant: 'risk', container: 'datasets', folder: 'clicks' });
    const job = new TrainingJob(stack, 'Job', {
      platform,
      tenant: 'risk',
      image: IMAGE,
      script: ['train.py'],
      tracking: ExperimentTracking.azureMl(platform, 'ranker'),
      secretEnv: { TOKEN: 'broker/token' },
      volumes: [clicks.mountedAt('/data')],
      priority: JobPriority.URGENT,
    });
    expect(objectOf<TrainJob>(job, 'TrainJob').spec.trainer).toMatchObject({
      env: [
        {
          name: 'MLFLOW_TRACKING_URI',
          value: `azureml://westeurope.api.azureml.ms/mlflow/v1.0${platform.attributes.workspace.id}`,
        },
        { name: 'MLFLOW_EXPERIMENT_NAME', value: 'ranker' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'broker', key: 'token' } } },
      ],
    });
    expect(patchOf(job).containers[0]?.volumeMounts).toContainEqual({ name: 'data-data', mountPath: '/data', readOnly: true });
    expect(objectOf<TrainJob>(job, 'TrainJob').metadata.labels['kueue.x-k8s.io/priority-class']).toBe('urgent');
    expect(crdProblems(objectsOf(job))).toEqual([]);
  });

  test.each<[string, Partial<TrainingJobProps>, RegExp]>([
    ['nothing to run', { script: [] }, /nothing to run/],
    ['no node', { nodes: 0 }, /nodes is not valid/],
    ['half a process', { processesPerNode: 0.5 }, /processesPerNode is not valid/],
    ['a year', { deadlineHours: 9000 }, /deadlineHours is not valid/],
    ['a name that is too long', { jobName: 'j'.repeat(51) }, /name of the job is not valid/],
    ['more GPUs on a node than there are', { gpu: GpuRequest.whole(8) }, /no pool of contoso-ml-prod offers/],
  ])('refuses %s', (_, props, message) => {
    expect(() => training(props)).toThrow(message);
  });

  test('needs a queue', () => {
    const { stack, platform } = trainingStack({ tenants: contractAttributes().tenants });
    const props = { platform, tenant: 'risk', image: IMAGE, script: ['train.py'] };
    expect(() => new TrainingJob(stack, 'Job', props)).toThrow(/tenant risk has no queue for jobs/);
  });

  test('that can never run fails the synth, one that only waits does not', () => {
    expect(planErrors(training({ gpu: GpuRequest.whole(1), cpu: 200 })).join()).toMatch(
      /risk-prod\/RankerV4: no pool takes its pods/,
    );
    expect(planErrors(training({ nodes: 4, gpu: GpuRequest.whole(1), cpu: 8 })).join()).toMatch(
      /quota of nvidia.com\/gpu is exceeded/,
    );
  });

  test('builds on a runtime that forgives lost nodes', () => {
    const { stack, platform } = trainingStack();
    const runtime = new TorchTrainingRuntime(stack, 'Torch', { platform, image: IMAGE });
    expect(crdProblems(objectsOf(runtime))).toEqual([]);
    const text = JSON.stringify(objectOf(runtime, 'ClusterTrainingRuntime'));
    expect(text).toContain('"maxRestarts":3');
    expect(text).toContain('DisruptionTarget');
  });
});

describe('Ray', () => {
  const ray = (stack: Construct, platform: ReturnType<typeof trainingStack>['platform']) => ({
    cluster: new RayCluster(stack, 'Notebooks', { platform, tenant: 'risk', image: IMAGE, rayVersion: '2.52.0', maxWorkers: 3 }),
    job: new RayJob(stack, 'Score', {
      platform,
      tenant: 'risk',
      image: IMAGE,
      rayVersion: '2.52.0',
      gpu: GpuRequest.whole(1),
      entrypoint: 'python score.py',
    }),
    service: new RayService(stack, 'Serve', {
      platform,
      tenant: 'risk',
      image: IMAGE,
      rayVersion: '2.52.0',
      serveConfig: 'applications:\n- name: ranker\n  import_path: ranker:app\n',
    }),
  });

  test('fits the CRDs and the strictest namespace', () => {
    const { stack, platform } = trainingStack();
    const { cluster } = ray(stack, platform);
    expect(crdProblems(objectsOf(cluster))).toEqual([]);
    const spec = objectOf(cluster, 'RayCluster').spec as {
      headGroupSpec: { template: { spec: PodSpec } };
      workerGroupSpecs: { template: { spec: PodSpec } }[];
    };
    for (const { template } of [spec.headGroupSpec, ...spec.workerGroupSpecs]) {
      expect(podSecurityProblems(template.spec, 'restricted')).toEqual([]);
    }
  });

  test('grows where it may have more workers, and works on none of its heads', () => {
    const { stack, platform } = trainingStack();
    const { cluster } = ray(stack, platform);
    expect(objectOf(cluster, 'RayCluster').spec).toMatchObject({
      enableInTreeAutoscaling: true,
      headGroupSpec: { rayStartParams: { 'num-cpus': '0' } },
      workerGroupSpecs: [{ minReplicas: 1, maxReplicas: 3 }],
    });
    expect(cluster.clientUrl).toBe('ray://notebooks-head-svc.risk.svc.cluster.local:10001');
  });

  test('job goes when it is done; service moves over to a new cluster', () => {
    const { stack, platform } = trainingStack();
    const { job, service } = ray(stack, platform);
    expect(objectOf(job, 'RayJob').spec).toMatchObject({
      entrypoint: 'python score.py',
      shutdownAfterJobFinishes: true,
      rayClusterSpec: { workerGroupSpecs: [{ rayStartParams: { 'num-gpus': '1' } }] },
    });
    expect(objectOf(service, 'RayService').spec).toMatchObject({ upgradeStrategy: { type: 'NewCluster' } });
  });

  test.each<[string, object, RegExp]>([
    ['more least than most', { minWorkers: 3, maxWorkers: 2 }, /workers do not fit together/],
    ['a version that is none', { rayVersion: 'latest' }, /rayVersion is not valid/],
    ['nothing to run', { entrypoint: ' ' }, /nothing to run/],
  ])('refuses %s', (_, change, message) => {
    const { stack, platform } = trainingStack();
    const props = { platform, tenant: 'risk', image: IMAGE, rayVersion: '2.52.0', entrypoint: 'python a.py', ...change };
    expect(() => new RayJob(stack, 'Job', props)).toThrow(message);
  });

  test('service wants applications', () => {
    const { stack, platform } = trainingStack();
    const props = { platform, tenant: 'risk', image: IMAGE, rayVersion: '2.52.0', serveConfig: 'proxy_location: x' };
    expect(() => new RayService(stack, 'Serve', props)).toThrow(/has no applications/);
  });
});

describe('batch scoring', () => {
  test('works through the parts of the data, a pod each', () => {
    const job = batch({ parts: 20, parallelism: 2, command: ['python', 'score.py'] });
    const { spec } = objectOf<{ spec: { template: { spec: PodSpec } } }>(job, 'Job');
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 20, parallelism: 2, backoffLimitPerIndex: 3 });
    expect(podSecurityProblems(spec.template.spec, 'restricted')).toEqual([]);
  });

  test('runs on a schedule, never twice at once', () => {
    const cron = objectOf(batch({ schedule: '0 3 * * *' }), 'CronJob');
    expect(cron.spec).toMatchObject({ schedule: '0 3 * * *', concurrencyPolicy: 'Forbid', timeZone: 'Etc/UTC' });
    expect(JSON.stringify(cron.spec)).toContain('"kueue.x-k8s.io/queue-name":"jobs"');
  });

  test.each<[string, Partial<BatchScoringJobProps>, RegExp]>([
    ['a schedule in words', { schedule: 'nightly' }, /schedule is not valid, got "nightly"/],
    ['no part', { parts: 0 }, /parts do not fit together/],
  ])('refuses %s', (_, props, message) => {
    expect(() => batch(props)).toThrow(message);
  });
});

describe('datasets', () => {
  test('are mounted as the identity of the tenant, without a key, and kept on the node', () => {
    const { stack, platform } = trainingStack();
    const data = new BlobDataset(stack, 'Clicks', { platform, tenant: 'risk', container: 'datasets', folder: '/clicks/' });
    expect(objectOf(data, 'PersistentVolume').spec).toMatchObject({
      accessModes: ['ReadOnlyMany'],
      mountOptions: [
        '-o allow_other',
        '--use-adls=true',
        '--use-attr-cache=true',
        '--file-cache-timeout-in-seconds=3600',
        '--cache-size-mb=51200',
        '--subdirectory=clicks',
        '--read-only',
      ],
      claimRef: { namespace: 'risk', name: 'clicks' },
      csi: {
        driver: 'blob.csi.azure.com',
        readOnly: true,
        volumeAttributes: { storageAccount: 'stcontoso', containerName: 'datasets', mountWithWorkloadIdentityToken: 'true' },
      },
    });
    expect(objectOf(data, 'PersistentVolumeClaim').spec).toMatchObject({ volumeName: 'risk-clicks', storageClassName: '' });
  });

  test('are streamed where they are read once, and written in the container of the tenant only', () => {
    const { stack, platform } = trainingStack();
    const props = { platform, tenant: 'risk', container: 'tenant-risk', writable: true, cache: BlobCache.STREAMING };
    const data = new BlobDataset(stack, 'Work', props);
    expect(JSON.stringify(objectOf(data, 'PersistentVolume').spec)).toContain('--block-cache');
    expect(data.mountedAt('/pipeline').writable).toBe(true);
    expect(() => new BlobDataset(stack, 'Other', { ...props, container: 'datasets' })).toThrow(
      /risk may not write to this container/,
    );
    expect(() => new BlobDataset(stack, 'Theirs', { platform, tenant: 'risk', container: 'tenant-search' })).toThrow(
      /may not read/,
    );
  });

  test.each(['data', '/tmp', '/dev/shm', '/'])('are not mounted at %s', (mountPath) => {
    expect(() => DatasetVolume.claim('clicks', mountPath)).toThrow(/mountPath is not valid/);
  });
});

describe('tracking and versions of data', () => {
  test('MLflow is told by its address, never with a password', () => {
    expect(ExperimentTracking.mlflow('https://mlflow.contoso.example/', 'ranker').env).toEqual({
      MLFLOW_TRACKING_URI: 'https://mlflow.contoso.example',
      MLFLOW_EXPERIMENT_NAME: 'ranker',
    });
    const refused = () => ExperimentTracking.mlflow('https://me:hunter2@mlflow.example', 'ranker');
    expect(refused).toThrow(/address is not valid/);
    expect(refused).not.toThrow(/hunter2/);
  });

  test('DVC keeps data in a container of the platform, without a key', () => {
    const { platform } = trainingStack();
    const remote = DvcRemote.azureBlob(platform, 'datasets', '/fraud/');
    expect(remote.config).toContain('url = azure://datasets/fraud');
    expect(remote.config).toContain('account_name = stcontoso');
    expect(remote.config).not.toMatch(/account_key|sas_token|connection_string/);
    expect(() => DvcRemote.azureBlob(platform, 'data', 'fraud')).toThrow(/no such container, got "data"/);
  });
});
