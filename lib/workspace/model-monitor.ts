import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import type { MonitorSignal } from './monitor-signal';
import type { OnlineDeployment } from './online-deployment';
import { makeSchedule } from './schedule-resource';
import { ScheduleTrigger } from './schedule-trigger';
import type { IMlWorkspace } from './workspace-reference';

/** What kind of question the model answers. */
export enum MonitorTask {
  CLASSIFICATION = 'Classification',
  REGRESSION = 'Regression',
}

export interface ModelMonitorProps {
  readonly workspace: IMlWorkspace;
  /** 1-255 ASCII letters, digits, "-" and "_", e.g. "fraud-monitor". */
  readonly monitorName: string;
  readonly task: MonitorTask;
  /** Map from name to signal. */
  readonly signals: { [name: string]: MonitorSignal };
  /** Deployment that is watched, which must collect its data. @default - signals name their data themselves */
  readonly deployment?: OnlineDeployment;
  /** Mailboxes that alarms go to. At least one. */
  readonly alertContacts: string[];
  /** @default - each day at three */
  readonly trigger?: ScheduleTrigger;
  /** Size of the Spark machines. @default "standard_e4s_v3" */
  readonly sparkInstanceType?: string;
  /** @default "3.4" */
  readonly sparkVersion?: string;
}

/** Watches a model in production: drift of its inputs and answers, quality of its data, what it goes by. */
export class ModelMonitor extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly monitorId: string;
  /** ARM id known at synth. */
  public readonly armId: string;

  constructor(scope: Construct, id: string, props: ModelMonitorProps) {
    super(scope, id);
    this.check(props);
    this.monitorId = makeSchedule(this, {
      workspace: props.workspace,
      name: props.monitorName,
      trigger: props.trigger ?? ScheduleTrigger.recurrence({ frequency: 'Day', hours: [3] }),
      enabled: true,
      action: {
        actionType: 'CreateMonitor',
        monitorDefinition: {
          computeConfiguration: {
            computeType: 'ServerlessSpark',
            instanceType: props.sparkInstanceType ?? 'standard_e4s_v3',
            runtimeVersion: props.sparkVersion ?? '3.4',
            computeIdentity: { computeIdentityType: 'AmlToken' },
          },
          monitoringTarget: { taskType: props.task, deploymentId: props.deployment?.deploymentId },
          signals: Object.fromEntries(Object.entries(props.signals).map(([name, signal]) => [name, signal.body])),
          alertNotificationSettings: { emailNotificationSettings: { emails: props.alertContacts } },
        },
      },
    }).id;
    this.armId = `${props.workspace.armId}/schedules/${props.monitorName}`;
  }

  private check(props: ModelMonitorProps): void {
    if (Object.keys(props.signals).length === 0) {
      throw new ConfigurationError(this.node.path, {
        what: 'the monitor watches nothing',
        allowed: 'one signal at least',
        fix: 'e.g. signals: { inputs: MonitorSignal.dataDrift({ production, reference }) }',
      });
    }
    const bad = props.alertContacts.find((contact) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(contact));
    if (props.alertContacts.length > 0 && bad === undefined) return;
    throw new ConfigurationError(this.node.path, {
      what: 'alarms of the monitor reach nobody',
      got: bad === undefined ? 'no mailbox' : JSON.stringify(bad),
      allowed: 'one mailbox at least',
      fix: 'e.g. alertContacts: ["risk-ml@contoso.example"]',
    });
  }
}
