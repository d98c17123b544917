import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { GpuRequest } from '../../lib/gpu';
import { DatasetVolume, TrainingPipeline, type TrainingPipelineProps } from '../../lib/training';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { podSecurityProblems } from '../helpers/pod-security';
import { IMAGE, trainingStack } from './platform';

function pipeline(props: Partial<TrainingPipelineProps> = {}): TrainingPipeline {
  const { stack, platform } = trainingStack();
  return new TrainingPipeline(stack, 'FraudTraining', {
    platform,
    tenant: 'risk',
    image: IMAGE,
    train: { command: ['python', 'train.py'], gpu: GpuRequest.whole(1) },
    evaluate: { command: ['python', 'evaluate.py'] },
    gate: { scoreFile: '/pipeline/auc', threshold: 0.85 },
    register: { command: ['python', 'register.py'] },
    workVolume: DatasetVolume.claim('work', '/pipeline', true),
    ...props,
  });
}

interface Template {
  readonly name: string;
  readonly container?: { readonly args?: string[]; readonly name?: string };
  readonly volumes?: Record<string, unknown>[];
  readonly dag?: { readonly tasks: { readonly name: string; readonly depends?: string }[] };
}

function specOf(subject: TrainingPipeline) {
  return objectOf<{ spec: { templates: Template[]; securityContext: Record<string, unknown> } }>(subject, 'WorkflowTemplate')
    .spec;
}

function gateOf(subject: TrainingPipeline): string {
  return specOf(subject).templates.find(({ name }) => name === 'gate')?.container?.args?.[0] ?? '';
}

/** What the gate's own shell line says to a score. */
function passes(line: string, score: string, threshold: string): boolean {
  return spawnSync('sh', ['-c', line], { env: { ...process.env, SCORE: score, THRESHOLD: threshold } }).status === 0;
}

describe('a training pipeline', () => {
  test('trains, evaluates, passes the gate, registers and proposes, in this order', () => {
    const { templates } = specOf(pipeline({ deploy: { command: ['python', 'propose.py'] } }));
    expect(templates[0]?.dag?.tasks.map(({ name, depends }) => [name, depends])).toEqual([
      ['train', undefined],
      ['evaluate', 'train'],
      ['gate', 'evaluate'],
      ['register', 'gate'],
      ['deploy', 'register'],
    ]);
  });

  test('leaves the deployment to people unless told otherwise', () => {
    expect(specOf(pipeline()).templates.map(({ name }) => name)).not.toContain('deploy');
  });

  test.each([
    ['0.9', true],
    ['0.85', true],
    ['9e-1', true],
    ['0.84', false],
    ['nan', false],
    ['', false],
    ['1); system("id")', false],
  ])('lets a model with the score %j on: %s', (score, expected) => {
    expect(passes(gateOf(pipeline()), score, '0.85')).toBe(expected);
  });

  test('takes errors, where less is better', () => {
    const gate = gateOf(pipeline({ gate: { scoreFile: '/pipeline/rmse', threshold: 3, lowerIsBetter: true } }));
    expect(passes(gate, '2.5', '3')).toBe(true);
    expect(passes(gate, '3.5', '3')).toBe(false);
  });

  test('runs in the strictest namespace', () => {
    const { templates, securityContext } = specOf(pipeline());
    for (const { name, container, volumes } of templates.filter((template) => template.container)) {
      const pod = { securityContext, volumes, containers: [{ ...container, name }] };
      expect(podSecurityProblems(pod, 'restricted'), name).toEqual([]);
    }
  });

  test('gives its steps no token of the cluster, and its sidecar the right to report alone', () => {
    const subject = pipeline();
    expect(specOf(subject)).toMatchObject({
      serviceAccountName: 'workload',
      automountServiceAccountToken: false,
      executor: { serviceAccountName: 'fraud-training-executor' },
    });
    expect(objectOf(subject, 'Role')).toMatchObject({
      rules: [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }],
    });
    expect(objectOf(subject, 'Secret')).not.toHaveProperty('data');
    expect(objectOf(subject, 'Secret')).not.toHaveProperty('stringData');
  });

  test('starts on its schedules, one run at a time', () => {
    const subject = pipeline({ schedules: ['0 3 * * 1'], timezone: 'Europe/Berlin' });
    expect(objectOf(subject, 'CronWorkflow').spec).toMatchObject({
      schedules: ['0 3 * * 1'],
      timezone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      workflowSpec: { workflowTemplateRef: { name: 'fraud-training' } },
    });
    expect(crdProblems(objectsOf(subject))).toEqual([]);
  });

  test.each<[string, Partial<TrainingPipelineProps>, RegExp]>([
    ['a gate without a number', { gate: { scoreFile: '/pipeline/auc', threshold: Number.NaN } }, /gate is not valid/],
    ['a score beside the work volume', { gate: { scoreFile: '/data/auc', threshold: 1 } }, /a file below \/pipeline/],
    ['a score that climbs out of it', { gate: { scoreFile: '/pipeline/../etc/x', threshold: 1 } }, /gate is not valid/],
    ['a score from anywhere', { gate: { scoreFile: '/etc/passwd', threshold: 1 } }, /gate is not valid/],
    ['a schedule in words', { schedules: ['weekly'] }, /schedule is not valid/],
    ['a name with a dot', { pipelineName: 'a.b' }, /name of the job is not valid/],
  ])('refuses %s', (_, props, message) => {
    expect(() => pipeline(props)).toThrow(message);
  });
});
