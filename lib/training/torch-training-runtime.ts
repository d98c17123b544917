import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { Manifests } from '../manifests';
import type { ContainerImage } from '../tenancy';
import { HARDENED_CONTAINER, HARDENED_POD } from '../tenancy/pod-hardening';

export interface TorchTrainingRuntimeProps {
  readonly platform: IMlPlatform;
  /** Image of jobs that state none of their own; TrainingJob always does. */
  readonly image: ContainerImage;
  /** How often a job is started anew after a failure of its own. @default 3 */
  readonly maxRestarts?: number;
  /** Hours that a finished job is kept for its logs. @default 24 */
  readonly keepHours?: number;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** The runtime of Kubeflow Trainer that TrainingJobs build on. One on a platform. */
export class TorchTrainingRuntime extends Construct {
  /** Name that jobs refer to it by. */
  public static readonly NAME = 'ml-torch';
  public readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: TorchTrainingRuntimeProps) {
    super(scope, id);
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: 'kubeflow-system',
      releaseName: TorchTrainingRuntime.NAME,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'trainer.kubeflow.org/v1alpha1',
          kind: 'ClusterTrainingRuntime',
          metadata: {
            name: TorchTrainingRuntime.NAME,
            labels: { 'app.kubernetes.io/managed-by': 'cdktf-ml-platform', 'trainer.kubeflow.org/framework': 'torch' },
          },
          spec: {
            mlPolicy: { numNodes: 1, torch: {} },
            template: {
              spec: {
                failurePolicy: { maxRestarts: props.maxRestarts ?? 3 },
                ttlSecondsAfterFinished: (props.keepHours ?? 24) * 3600,
                replicatedJobs: [
                  {
                    name: 'node',
                    template: {
                      metadata: { labels: { 'trainer.kubeflow.org/trainjob-ancestor-step': 'trainer' } },
                      spec: {
                        backoffLimit: 0,
                        // A node that is taken away is no failure of the job.
                        podFailurePolicy: {
                          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
                        },
                        template: {
                          spec: {
                            restartPolicy: 'Never',
                            automountServiceAccountToken: false,
                            securityContext: HARDENED_POD,
                            containers: [{ name: 'node', image: props.image.reference, securityContext: HARDENED_CONTAINER }],
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
    }).dependable;
  }
}
