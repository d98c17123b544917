import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { checkJobName, jobNameOf } from './job-pod';
import { rayClusterSpec } from './ray-cluster-spec';
import type { RayOptions } from './ray-options';

export interface RayJobProps extends RayOptions {
  /** What to run on the head, e.g. "python score.py". */
  readonly entrypoint: string;
  /** Name of this run, 1-45 lower-case letters, digits and hyphens; another run has another name. @default - the construct's id in that form */
  readonly jobName?: string;
  /** Environment of Ray as YAML, e.g. "working_dir: https://…". @default - that of the image */
  readonly runtimeEnvYaml?: string;
  /** How often it is started anew. @default 2 */
  readonly retries?: number;
  /** Hours after which it is stopped, 1-720. @default 24 */
  readonly deadlineHours?: number;
}

/** A program on a Ray cluster of its own, which goes when it is done. Queued by Kueue. */
export class RayJob extends Construct {
  public readonly jobName: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when no pool offers the GPU, the tenant has no queue, or there is nothing to run */
  constructor(scope: Construct, id: string, props: RayJobProps) {
    super(scope, id);
    this.jobName = props.jobName ?? jobNameOf(id);
    checkJobName(this.node.path, this.jobName, 45);
    if (props.entrypoint.trim() === '') {
      throw new ConfigurationError(this.node.path, {
        what: 'there is nothing to run',
        got: JSON.stringify(props.entrypoint),
        allowed: 'a command',
        fix: 'e.g. entrypoint: "python score.py"',
      });
    }
    const { pod, spec } = rayClusterSpec(this, props, this.jobName, true);
    const { namespace } = pod.tenant;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace,
      releaseName: this.jobName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'ray.io/v1',
          kind: 'RayJob',
          metadata: { name: this.jobName, namespace, labels: pod.labels },
          spec: {
            entrypoint: props.entrypoint,
            // A pod of its own for submitting would run outside of what is hardened and counted here.
            submissionMode: 'HTTPMode',
            backoffLimit: props.retries ?? 2,
            activeDeadlineSeconds: (props.deadlineHours ?? 24) * 3600,
            shutdownAfterJobFinishes: true,
            ttlSecondsAfterFinished: 3600,
            ...(props.runtimeEnvYaml === undefined ? {} : { runtimeEnvYAML: props.runtimeEnvYaml }),
            rayClusterSpec: spec,
          },
        },
      ],
    }).dependable;
  }
}
