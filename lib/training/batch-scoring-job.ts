import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import type { JobOptions } from './job-options';
import { checkJobName, checkSchedule, jobNameOf, jobPod, podLabels, podSpec } from './job-pod';

export interface BatchScoringJobProps extends JobOptions {
  /** 1-50 lower-case letters, digits and hyphens. @default - the construct's id in that form */
  readonly jobName?: string;
  /** @default - the image's own */
  readonly command?: string[];
  /** @default - the image's own */
  readonly args?: string[];
  /** Parts of the data; a pod finds its own in JOB_COMPLETION_INDEX, from 0. @default 1 */
  readonly parts?: number;
  /** Parts that are worked on at a time. @default - all of them */
  readonly parallelism?: number;
  /** Cron expression of five fields, in UTC. @default - once, when it is deployed */
  readonly schedule?: string;
  /** Hours after which it is stopped, 1-720. @default 12 */
  readonly deadlineHours?: number;
  /** Failures of one part before all of it counts as failed. @default 3 */
  readonly retriesPerPart?: number;
}

/** Scores data in parts, once or on a schedule. Queued by Kueue. */
export class BatchScoringJob extends Construct {
  public readonly jobName: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when no pool offers the GPU, the tenant has no queue, or the schedule is not valid */
  constructor(scope: Construct, id: string, props: BatchScoringJobProps) {
    super(scope, id);
    const { path } = this.node;
    this.jobName = props.jobName ?? jobNameOf(id);
    checkJobName(path, this.jobName, 50);
    check(path, props);
    const { platform, schedule, parts = 1, parallelism = parts } = props;
    const pod = jobPod(path, props, this.jobName);
    const { namespace } = pod.tenant;
    const container = {
      name: 'score',
      image: props.image.reference,
      ...(props.command ? { command: props.command } : {}),
      ...(props.args ? { args: props.args } : {}),
    };
    const spec = {
      completionMode: 'Indexed',
      completions: parts,
      parallelism: Math.min(parallelism, parts),
      backoffLimitPerIndex: props.retriesPerPart ?? 3,
      activeDeadlineSeconds: (props.deadlineHours ?? 12) * 3600,
      ttlSecondsAfterFinished: 86_400,
      // A node that is taken away is no failure of the part.
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
      template: { metadata: { labels: podLabels(pod) }, spec: podSpec(pod, container, { restartPolicy: 'Never' }) },
    };
    const metadata = { name: this.jobName, namespace, labels: pod.labels };
    this.dependable = new Manifests(this, 'Default', {
      platform,
      namespace,
      releaseName: this.jobName,
      dependsOn: props.dependsOn,
      objects: [
        schedule === undefined
          ? { apiVersion: 'batch/v1', kind: 'Job', metadata, spec }
          : {
              apiVersion: 'batch/v1',
              kind: 'CronJob',
              metadata,
              spec: {
                schedule,
                timeZone: 'Etc/UTC',
                concurrencyPolicy: 'Forbid',
                startingDeadlineSeconds: 3600,
                successfulJobsHistoryLimit: 3,
                failedJobsHistoryLimit: 3,
                jobTemplate: { metadata: { labels: pod.labels }, spec },
              },
            },
      ],
    }).dependable;
    CapacityPlanner.of(this, platform).register({
      name: path,
      replicas: Math.min(parallelism, parts),
      cpu: pod.cpu,
      memoryGib: pod.memoryGib,
      gpu: props.gpu,
      spot: props.interruptible,
      tenant: pod.tenant.name,
      waits: true,
    });
  }
}

function check(path: string, { parts = 1, parallelism = parts, schedule }: BatchScoringJobProps): void {
  if (![parts, parallelism].every((value) => Number.isInteger(value) && value >= 1) || parts > 10_000) {
    throw new ConfigurationError(path, {
      what: 'parts do not fit together',
      got: `parts ${parts}, parallelism ${parallelism}`,
      allowed: 'whole numbers from 1 on, up to 10000 parts',
      fix: 'e.g. parts: 20, parallelism: 5',
    });
  }
  checkSchedule(path, schedule);
}
