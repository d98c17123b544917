import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ComputeVmSize,
  JobSchedule,
  JobSpec,
  ModelMonitor,
  type ModelMonitorProps,
  MonitorSignal,
  MonitorTask,
  OnlineEndpoint,
  ScheduleTrigger,
} from '../../lib/workspace';
import { armProblems } from '../helpers/arm-schema';
import { testWorkspace } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { synth, synthesized } from '../helpers/synth';

const TRAIN = JobSpec.command({
  command: 'python train.py --data ${{inputs.data}}',
  environmentId: '/environments/sklearn/versions/1',
  computeId: '/computes/train',
  inputFolders: { data: 'azureml://datastores/raw/paths/fraud' },
  parameters: { epochs: '10' },
  outputFolders: { model: 'azureml://datastores/models/paths/fraud' },
  pyTorchProcesses: 4,
  instances: 2,
  timeoutMinutes: 90,
});

function testSchedule(job = TRAIN, trigger = ScheduleTrigger.cron('0 2 * * 1'), scheduleName = 'retrain-fraud') {
  const { stack, workspace } = testWorkspace();
  return { stack, schedule: new JobSchedule(stack, 'Retrain', { workspace, scheduleName, trigger, job }) };
}

describe('JobSchedule', () => {
  test('starts a command by cron', () => {
    const { stack } = testSchedule();
    expect(synthesized(stack, 'azapi_resource.Retrain')).toMatchObject({
      type: 'Microsoft.MachineLearningServices/workspaces/schedules@2025-06-01',
      name: 'retrain-fraud',
      body: {
        properties: {
          isEnabled: true,
          trigger: { triggerType: 'Cron', expression: '0 2 * * 1', timeZone: 'UTC' },
          action: {
            actionType: 'CreateJob',
            jobDefinition: {
              jobType: 'Command',
              distribution: { distributionType: 'PyTorch', processCountPerInstance: 4 },
              inputs: { data: { jobInputType: 'uri_folder' }, epochs: { jobInputType: 'literal', value: '10' } },
              limits: { timeout: 'PT90M' },
            },
          },
        },
      },
    });
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('starts a pipeline on certain days', () => {
    const trigger = ScheduleTrigger.recurrence({
      frequency: 'Week',
      weekDays: ['Monday'],
      hours: [2],
      timeZone: 'W. Europe Standard Time',
    });
    const { stack } = testSchedule(JobSpec.pipelineComponent('/components/train/versions/1'), trigger);
    expect(synthesized(stack, 'azapi_resource.Retrain').body).toMatchObject({
      properties: {
        trigger: {
          triggerType: 'Recurrence',
          frequency: 'Week',
          interval: 1,
          schedule: { hours: [2], minutes: [0], weekDays: ['Monday'] },
        },
        action: { jobDefinition: { jobType: 'Pipeline', componentId: '/components/train/versions/1' } },
      },
    });
    expect(armProblems(synth(stack))).toEqual([]);
  });

  test('reads a job from a file, which Terraform takes apart', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'job-')), 'job.yaml');
    writeFileSync(path, 'jobType: Command\ncommand: python train.py\n');
    const { stack, workspace } = testWorkspace();
    const job = JobSpec.fromYamlFile(stack, 'Job', path);
    new JobSchedule(stack, 'Retrain', { workspace, scheduleName: 'retrain', trigger: ScheduleTrigger.cron('0 2 * * 1'), job });
    expect(synthesized(stack, 'azapi_resource.Retrain').body).toMatchObject({
      properties: {
        action: { jobDefinition: expect.stringMatching(/^\$\{yamldecode\(file\("assets\/Job\/.*job\.yaml"\)\)\}$/) },
      },
    });
  });

  test.each([
    [() => ScheduleTrigger.cron('weekly'), /not a cron expression of five fields, got "weekly"/],
    [
      () => ScheduleTrigger.recurrence({ frequency: 'Year' }),
      /frequency is not known, got "Year".*Minute, Hour, Day, Week, Month/s,
    ],
    [() => ScheduleTrigger.recurrence({ frequency: 'Week', weekDays: ['Mon'] }), /week day is not known, got "Mon"/],
    [() => ScheduleTrigger.recurrence({ frequency: 'Day', hours: [24] }), /hours are out of range, got 24.*0-23/s],
    [() => JobSpec.of({ command: 'x' }), /no jobType, got command/],
    [() => testSchedule(TRAIN, undefined, 'a b'), /name of the schedule is not valid, got "a b"/],
  ])('refuses what Azure would refuse (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('ModelMonitor', () => {
  const production = { uri: 'azureml:fraud-inputs:1', windowDays: 7 };
  const reference = { uri: 'azureml:fraud-train:1', columns: { target_column: 'fraud' } };

  function testMonitor(overrides: Partial<ModelMonitorProps> = {}) {
    const { stack, workspace } = testWorkspace();
    const endpoint = new OnlineEndpoint(stack, 'Fraud', { workspace, purpose: 'fraud' });
    const vmSize = ComputeVmSize.of('Standard_D8ds_v5');
    const deployment = endpoint.addDeployment('blue', { model: 'azureml://m', vmSize, dataCollection: {} });
    new ModelMonitor(stack, 'Monitor', {
      workspace,
      monitorName: 'fraud-monitor',
      task: MonitorTask.CLASSIFICATION,
      deployment,
      alertContacts: ['risk-ml@contoso.example'],
      signals: {
        inputs: MonitorSignal.dataDrift({ production, reference, topFeatures: 10, targetColumn: 'fraud' }),
        answers: MonitorSignal.predictionDrift({ production, reference }),
        quality: MonitorSignal.dataQuality({
          production,
          reference,
          thresholds: [{ metric: 'OutOfBoundsRate', threshold: 0.1 }],
        }),
        reasons: MonitorSignal.featureAttributionDrift({
          inputs: production,
          outputs: production,
          reference,
          targetColumn: 'fraud',
        }),
      },
      ...overrides,
    });
    return stack;
  }

  test('watches drift, quality and reasons each day, and writes to the team', () => {
    const stack = testMonitor();
    expect(synthesized(stack, 'azapi_resource.Monitor').body).toMatchObject({
      properties: {
        trigger: { frequency: 'Day', schedule: { hours: [3], minutes: [0] } },
        action: {
          actionType: 'CreateMonitor',
          monitorDefinition: {
            monitoringTarget: { taskType: 'Classification', deploymentId: expect.stringMatching(/azapi_resource\.Fraud_blue/) },
            alertNotificationSettings: { emailNotificationSettings: { emails: ['risk-ml@contoso.example'] } },
            signals: {
              inputs: {
                signalType: 'DataDrift',
                features: { filterType: 'TopNByAttribution', top: 10 },
                productionData: { inputDataType: 'Rolling', windowSize: 'P7D', dataContext: 'model_inputs' },
                referenceData: { inputDataType: 'Fixed', dataContext: 'training' },
                metricThresholds: [
                  { dataType: 'Numerical', metric: 'JensenShannonDistance', threshold: { value: 0.1 } },
                  { dataType: 'Categorical', metric: 'JensenShannonDistance', threshold: { value: 0.1 } },
                ],
              },
              quality: { metricThresholds: [{ dataType: 'Numerical', metric: 'OutOfBoundsRate', threshold: { value: 0.1 } }] },
              reasons: { metricThreshold: { metric: 'NormalizedDiscountedCumulativeGain', threshold: { value: 0.9 } } },
            },
          },
        },
      },
    });
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([
    ['nothing to watch', () => testMonitor({ signals: {} }), /watches nothing/],
    ['nobody to tell', () => testMonitor({ alertContacts: [] }), /reach nobody, got no mailbox/],
    ['a bad mailbox', () => testMonitor({ alertContacts: ['risk-ml'] }), /reach nobody, got "risk-ml"/],
    [
      'a measure that is none for numbers',
      () =>
        MonitorSignal.dataDrift({ production, reference, thresholds: [{ metric: 'PearsonsChiSquaredTest', threshold: 0.1 }] }),
      /measure is not one for numbers, got "PearsonsChiSquaredTest"/,
    ],
    [
      'a threshold that always alarms',
      () => MonitorSignal.dataQuality({ production, reference, thresholds: [{ metric: 'NullValueRate', threshold: 0 }] }),
      /threshold of NullValueRate is not valid, got 0/,
    ],
    [
      'reasons that never alarm',
      () =>
        MonitorSignal.featureAttributionDrift({
          inputs: production,
          outputs: production,
          reference,
          targetColumn: 'x',
          threshold: 2,
        }),
      /threshold is not valid, got 2.*above 0, up to 1/s,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
