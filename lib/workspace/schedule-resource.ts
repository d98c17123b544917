import type { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { ConfigurationError } from '../core/configuration-error';
import type { ScheduleTrigger } from './schedule-trigger';
import type { IMlWorkspace } from './workspace-reference';

/** What schedules of all kinds have. */
export interface ScheduleResource {
  readonly workspace: IMlWorkspace;
  readonly name: string;
  readonly trigger: ScheduleTrigger;
  readonly enabled: boolean;
  readonly displayName?: string;
  readonly action: { [key: string]: unknown };
}

/**
 * Makes a schedule below `scope`.
 * @throws when the name is not valid
 */
export function makeSchedule(scope: Construct, schedule: ScheduleResource): AzapiResource {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(schedule.name)) {
    throw new ConfigurationError(scope.node.path, {
      what: 'name of the schedule is not valid',
      got: JSON.stringify(schedule.name),
      allowed: '1-255 ASCII letters, digits, "-" and "_"',
      fix: 'e.g. "retrain-fraud"',
    });
  }
  return new AzapiResource(scope, 'Default', {
    type: 'Microsoft.MachineLearningServices/workspaces/schedules@2025-06-01',
    name: schedule.name,
    parentId: schedule.workspace.workspaceId,
    body: {
      properties: {
        displayName: schedule.displayName ?? schedule.name,
        isEnabled: schedule.enabled,
        trigger: schedule.trigger.body,
        action: schedule.action,
      },
    },
  });
}
