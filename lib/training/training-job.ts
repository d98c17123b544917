import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { HARDENED_CONTAINER, HARDENED_POD } from '../tenancy/pod-hardening';
import type { JobOptions } from './job-options';
import { checkJobName, jobNameOf, jobPod, podLabels } from './job-pod';
import { TorchTrainingRuntime } from './torch-training-runtime';

/** Where a job saves its state, to go on from there. */
export interface Checkpoints {
  /** PersistentVolumeClaim that all pods can write, e.g. that of a writable BlobDataset. */
  readonly claimName: string;
  /** Folder in the pods; CHECKPOINT_DIR in their environment. @default "/checkpoints" */
  readonly mountPath?: string;
}

export interface TrainingJobProps extends JobOptions {
  /**
   * Name of this run, 1-50 lower-case letters, digits and hyphens. A job cannot be changed: another run has another name, and takes
   * the place of the one before. @default - the construct's id in that form
   */
  readonly jobName?: string;
  /** Python file or module options for torchrun, e.g. ["train.py", "--epochs", "10"]. */
  readonly script: string[];
  /** Nodes that work together. @default 1 */
  readonly nodes?: number;
  /** Processes on a node. @default - one for each GPU, else 1 */
  readonly processesPerNode?: number;
  /** Where state is saved. Needed when `interruptible`. @default - nowhere */
  readonly checkpoints?: Checkpoints;
  /** Hours after which it is stopped, 1-720. @default 24 */
  readonly deadlineHours?: number;
  /** Runtime of Kubeflow Trainer with a job and container called "node". @default TorchTrainingRuntime.NAME */
  readonly runtime?: string;
}

/**
 * Training with PyTorch on one node or many, started by torchrun, queued by Kueue.
 *
 * ```ts
 * new TrainingJob(this, 'RankerV4', {
 *   platform,
 *   tenant: 'search',
 *   image: ContainerImage.inRegistry(platform, 'search/ranker-train', 'sha256:…'),
 *   script: ['train.py', '--epochs', '10'],
 *   nodes: 2,
 *   gpu: GpuRequest.whole(1),
 * });
 * ```
 */
export class TrainingJob extends Construct {
  public readonly jobName: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when no pool offers the GPU, the tenant has no queue, or a spot job saves no state */
  constructor(scope: Construct, id: string, props: TrainingJobProps) {
    super(scope, id);
    const { path } = this.node;
    this.jobName = props.jobName ?? jobNameOf(id);
    checkJobName(path, this.jobName, 50);
    const { platform, gpu, nodes = 1, interruptible = false, deadlineHours = 24 } = props;
    check(path, props);
    const pod = jobPod(path, props, this.jobName);
    const checkpointPath = props.checkpoints?.mountPath ?? '/checkpoints';
    const checkpoints = props.checkpoints;
    const env = [...pod.env, ...(checkpoints ? [{ name: 'CHECKPOINT_DIR', value: checkpointPath }] : [])];
    this.dependable = new Manifests(this, 'Default', {
      platform,
      namespace: pod.tenant.namespace,
      releaseName: this.jobName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'trainer.kubeflow.org/v1alpha1',
          kind: 'TrainJob',
          metadata: { name: this.jobName, namespace: pod.tenant.namespace, labels: pod.labels },
          spec: {
            runtimeRef: {
              apiGroup: 'trainer.kubeflow.org',
              kind: 'ClusterTrainingRuntime',
              name: props.runtime ?? TorchTrainingRuntime.NAME,
            },
            activeDeadlineSeconds: deadlineHours * 3600,
            trainer: {
              image: props.image.reference,
              // Trainer tells torchrun by its environment how many nodes there are and where the first one is.
              command: ['torchrun'],
              args: props.script,
              env,
              numNodes: nodes,
              numProcPerNode: props.processesPerNode ?? (gpu ? gpu.count : 1),
              resourcesPerNode: { requests: pod.resources, limits: pod.resources },
            },
            runtimePatches: [
              {
                manager: 'ml-platform/training-job',
                trainingRuntimeSpec: {
                  template: {
                    spec: {
                      replicatedJobs: [
                        {
                          name: 'node',
                          template: {
                            spec: {
                              template: {
                                metadata: { labels: podLabels(pod) },
                                spec: {
                                  serviceAccountName: pod.tenant.serviceAccount,
                                  securityContext: HARDENED_POD,
                                  ...(pod.nodeSelector ? { nodeSelector: pod.nodeSelector } : {}),
                                  ...(pod.tolerations.length > 0 ? { tolerations: pod.tolerations } : {}),
                                  // A spot node is taken away after 30 seconds.
                                  terminationGracePeriodSeconds: interruptible ? 25 : 120,
                                  volumes: [
                                    {
                                      name: 'shm',
                                      emptyDir: {
                                        medium: 'Memory',
                                        sizeLimit: `${Math.max(1, Math.floor(pod.memoryGib / 4))}Gi`,
                                      },
                                    },
                                    { name: 'tmp', emptyDir: {} },
                                    ...pod.volumes,
                                    ...(checkpoints
                                      ? [{ name: 'checkpoints', persistentVolumeClaim: { claimName: checkpoints.claimName } }]
                                      : []),
                                  ],
                                  containers: [
                                    {
                                      name: 'node',
                                      securityContext: HARDENED_CONTAINER,
                                      volumeMounts: [
                                        { name: 'shm', mountPath: '/dev/shm' },
                                        { name: 'tmp', mountPath: '/tmp' },
                                        ...pod.volumeMounts,
                                        ...(checkpoints ? [{ name: 'checkpoints', mountPath: checkpointPath }] : []),
                                      ],
                                    },
                                  ],
                                },
                              },
                            },
                          },
                        },
                      ],
                    },
                  },
                },
              },
            ],
          },
        },
      ],
    }).dependable;
    CapacityPlanner.of(this, platform).register({
      name: path,
      replicas: nodes,
      cpu: pod.cpu,
      memoryGib: pod.memoryGib,
      gpu,
      spot: interruptible,
      tenant: pod.tenant.name,
      waits: true,
    });
  }
}

function check(path: string, props: TrainingJobProps): void {
  const { nodes = 1, deadlineHours = 24, processesPerNode = 1, script } = props;
  const refuse = (what: string, got: string, allowed: string, fix: string): never => {
    throw new ConfigurationError(path, { what, got, allowed, fix });
  };
  if (script.length === 0)
    refuse('there is nothing to run', 'an empty script', 'arguments of torchrun', "e.g. script: ['train.py']");
  const numbers: [string, number, number][] = [
    ['nodes', nodes, 1000],
    ['processesPerNode', processesPerNode, 128],
    ['deadlineHours', deadlineHours, 720],
  ];
  for (const [field, value, most] of numbers) {
    if (Number.isInteger(value) && value >= 1 && value <= most) continue;
    refuse(`${field} is not valid`, String(value), `a whole number, 1-${most}`, `e.g. ${field}: 1`);
  }
  if (props.interruptible && !props.checkpoints) {
    refuse(
      'a job on spot nodes begins anew whenever one is taken away',
      'interruptible without checkpoints',
      'checkpoints: { claimName }',
      'save state to a volume and go on from it, or drop interruptible',
    );
  }
}
