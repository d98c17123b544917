import { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { type IManagedIdentity, type IPrincipal, PrincipalType } from '../identity';
import type { ISubnet } from '../network';
import { principalOf } from './compute-principal';
import { checkSubnet } from './compute-subnet';
import { isCron } from './cron';
import type { ComputeVmSize } from './vm-size';
import type { IMlWorkspace } from './workspace-reference';

export interface ComputeInstanceProps {
  readonly workspace: IMlWorkspace;
  /** Whose machine it is: a user, not a group. Fixed at creation. */
  readonly assignedUser: IPrincipal;
  readonly vmSize: ComputeVmSize;
  /** 4-24 ASCII letters, digits and hyphens, letter first, unique in the region. @default - made by the environment's naming */
  readonly computeName?: string;
  /** Minutes without activity after which the machine is stopped, 15-4320. @default 60 */
  readonly idleMinutes?: number;
  /** When the machine is stopped whatever runs on it, as a cron expression, e.g. "0 19 * * *". @default "0 19 * * *" */
  readonly stopCron?: string;
  /** When it is started, as a cron expression. @default - by its user */
  readonly startCron?: string;
  /** Time zone of both, as Windows names it. @default UTC */
  readonly timeZone?: string;
  /** Bash script that runs once, when the machine is made. @default - none */
  readonly creationScript?: string;
  /** Who the machine acts as. @default - an identity of its own */
  readonly identity?: IManagedIdentity;
  /** Subnet, where the workspace has no managed network. @default - none */
  readonly subnet?: ISubnet;
}

/** A person's workstation in the cloud: theirs alone, without a public address, stopped when idle and in the evening. */
export class ComputeInstance extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly computeId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly computeName: string;
  /** Who the machine acts as: grant data to it. */
  public readonly principal: IPrincipal;

  constructor(scope: Construct, id: string, props: ComputeInstanceProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const { workspace, assignedUser } = props;
    checkSubnet(this.node.path, workspace, props.subnet);
    this.checkUser(assignedUser);
    const idleMinutes = props.idleMinutes ?? 60;
    this.checkIdle(idleMinutes);
    const crons = [props.stopCron ?? '0 19 * * *', props.startCron];
    for (const cron of crons) this.checkCron(cron);
    const named = environment.name(
      this,
      'azurerm_machine_learning_compute_instance',
      assignedUser.principalName,
      props.computeName,
    );
    const schedule = (action: string, expression: string) => ({
      action,
      status: 'Enabled',
      triggerType: 'Cron',
      cron: { expression, timeZone: props.timeZone ?? 'UTC' },
    });
    // azurerm knows neither schedules nor scripts.
    const instance = new AzapiResource(this, 'Default', {
      type: 'Microsoft.MachineLearningServices/workspaces/computes@2026-05-01', // the first with idleTimeBeforeShutdown
      schemaValidationEnabled: false, // azapi 2.8.0 has no schema of that version
      name: named.name,
      parentId: workspace.workspaceId,
      location: environment.location,
      identity: props.identity ? { type: 'UserAssigned', identityIds: [props.identity.identityId] } : { type: 'SystemAssigned' },
      body: {
        properties: {
          computeType: 'ComputeInstance',
          disableLocalAuth: true,
          properties: {
            vmSize: props.vmSize.name,
            applicationSharingPolicy: 'Personal',
            computeInstanceAuthorizationType: 'personal',
            personalComputeInstanceSettings: {
              assignedUser: { objectId: assignedUser.principalId, tenantId: environment.tenantId },
            },
            sshSettings: { sshPublicAccess: 'Disabled' },
            enableNodePublicIp: false,
            subnet: props.subnet ? { id: props.subnet.subnetId } : undefined,
            idleTimeBeforeShutdown: `PT${idleMinutes}M`,
            schedules: {
              computeStartStop: [
                schedule('Stop', props.stopCron ?? '0 19 * * *'),
                ...(props.startCron === undefined ? [] : [schedule('Start', props.startCron)]),
              ],
            },
            setupScripts:
              props.creationScript === undefined
                ? undefined
                : {
                    scripts: {
                      creationScript: {
                        scriptSource: 'inline',
                        scriptData: Buffer.from(props.creationScript).toString('base64'),
                        timeout: '25m',
                      },
                    },
                  },
          },
        },
      },
      tags: named.tags,
    });
    this.computeId = instance.id;
    this.armId = `${workspace.armId}/computes/${named.name}`;
    this.computeName = named.name;
    this.principal = principalOf(named.name, props.identity, instance.principalId);
  }

  private checkUser(user: IPrincipal): void {
    if (user.principalType === PrincipalType.USER) return;
    throw new ConfigurationError(this.node.path, {
      what: 'a compute instance belongs to one person',
      got: `${user.principalType} ${user.principalName}`,
      allowed: 'Principal.user(...)',
      fix: 'make one instance for each member, or give the team a compute cluster',
    });
  }

  private checkIdle(minutes: number): void {
    if (Number.isInteger(minutes) && minutes >= 15 && minutes <= 4320) return;
    throw new ConfigurationError(this.node.path, {
      what: 'idleMinutes is not valid',
      got: String(minutes),
      allowed: '15-4320 (three days)',
      fix: 'e.g. 60; a machine that works is never idle',
    });
  }

  private checkCron(expression: string | undefined): void {
    if (expression === undefined || isCron(expression)) return;
    throw new ConfigurationError(this.node.path, {
      what: 'not a cron expression of five fields',
      got: JSON.stringify(expression),
      allowed: 'minute hour day-of-month month day-of-week',
      fix: 'e.g. "0 19 * * 1-5" for seven in the evening on working days',
    });
  }
}
