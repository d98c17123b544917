import { Construct } from 'constructs';
import type { JobSpec } from './job-spec';
import { makeSchedule } from './schedule-resource';
import type { ScheduleTrigger } from './schedule-trigger';
import type { IMlWorkspace } from './workspace-reference';

export interface JobScheduleProps {
  readonly workspace: IMlWorkspace;
  /** 1-255 ASCII letters, digits, "-" and "_", e.g. "retrain-fraud". */
  readonly scheduleName: string;
  readonly trigger: ScheduleTrigger;
  readonly job: JobSpec;
  /** Whether it runs. @default true */
  readonly enabled?: boolean;
  readonly displayName?: string;
}

/**
 * A job that runs again and again, such as retraining.
 *
 * ```ts
 * new JobSchedule(this, 'Retrain', {
 *   workspace,
 *   scheduleName: 'retrain-fraud',
 *   trigger: ScheduleTrigger.cron('0 2 * * 1'),
 *   job: JobSpec.command({ command: 'python train.py', environmentId: environment.environmentId, computeId: cluster.computeId }),
 * });
 * ```
 */
export class JobSchedule extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly scheduleId: string;
  /** ARM id known at synth. */
  public readonly armId: string;

  constructor(scope: Construct, id: string, props: JobScheduleProps) {
    super(scope, id);
    this.scheduleId = makeSchedule(this, {
      workspace: props.workspace,
      name: props.scheduleName,
      trigger: props.trigger,
      enabled: props.enabled ?? true,
      displayName: props.displayName,
      action: { actionType: 'CreateJob', jobDefinition: props.job.definition },
    }).id;
    this.armId = `${props.workspace.armId}/schedules/${props.scheduleName}`;
  }
}
