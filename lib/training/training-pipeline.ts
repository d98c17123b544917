import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import { ConfigurationError } from '../core/configuration-error';
import type { GpuRequest } from '../gpu';
import { Manifests } from '../manifests';
import { type ContainerImage } from '../tenancy';
import type { DatasetVolume } from './dataset-volume';
import type { ExperimentTracking } from './experiment-tracking';
import type { JobOptions } from './job-options';
import { checkJobName, checkSchedule, type JobPod, jobNameOf, jobPod, podLabels, podSpec } from './job-pod';
import type { WorkloadOptions } from './workload-options';

/** What a step of a pipeline runs. */
export interface PipelineStep {
  /** @default - the pipeline's */
  readonly image?: ContainerImage;
  readonly command: string[];
  /** @default - none */
  readonly args?: string[];
  /** @default - none: runs on CPU */
  readonly gpu?: GpuRequest;
  /** Cores. @default 2, with a GPU 8 */
  readonly cpu?: number;
  /** GiB. @default 8, with a GPU 64 */
  readonly memoryGib?: number;
  /** Whether it bears that its node is taken away. @default false */
  readonly interruptible?: boolean;
}

/** What an evaluation must reach before a model is registered. */
export interface EvaluationGate {
  /** File in which the evaluation writes one number, below the mount path of `workVolume`, e.g. "/pipeline/auc". */
  readonly scoreFile: string;
  /** The number to reach. */
  readonly threshold: number;
  /** Whether smaller is better, as with errors. @default false */
  readonly lowerIsBetter?: boolean;
}

export interface TrainingPipelineProps extends WorkloadOptions {
  /** Trains and saves a model in the work volume. */
  readonly train: PipelineStep;
  /** Evaluates it. Also decides what the gate reads. */
  readonly evaluate: PipelineStep;
  readonly gate: EvaluationGate;
  /** Registers it. */
  readonly register: PipelineStep;
  /** Proposes the new version for deployment, e.g. by a pull request with the line of a rollout. @default - a person does */
  readonly deploy?: PipelineStep;
  /** Cron expressions of five fields. @default - started by hand or by another system */
  readonly schedules?: string[];
  /** @default "Etc/UTC" */
  readonly timezone?: string;
  /** Claim of a volume that steps hand the model over by, e.g. mounted at /pipeline. */
  readonly workVolume: DatasetVolume;
  /** Data, mounted in all steps. @default - none */
  readonly volumes?: DatasetVolume[];
  /** @default - the platform's workspace is not told */
  readonly tracking?: ExperimentTracking;
  /** 1-50 lower-case letters, digits and hyphens. @default - the construct's id in that form */
  readonly pipelineName?: string;
}

type KubernetesObject = { [key: string]: unknown };

/**
 * Train, evaluate, register, propose: an Argo WorkflowTemplate whose gate lets a model on only when its evaluation is good enough,
 * and a CronWorkflow where it has schedules. The steps run as the tenant's identity; only Argo's own sidecar may talk to the
 * cluster, and to nothing but the results of its steps.
 */
export class TrainingPipeline extends Construct {
  /** Name of the WorkflowTemplate. */
  public readonly pipelineName: string;
  public readonly dependable: ITerraformDependable;
  private readonly props: TrainingPipelineProps;
  private readonly any: JobPod;

  /** @throws when no pool offers the GPU of a step, the gate is not a number, or a schedule is not valid */
  constructor(scope: Construct, id: string, props: TrainingPipelineProps) {
    super(scope, id);
    const { path } = this.node;
    this.props = props;
    this.pipelineName = props.pipelineName ?? jobNameOf(id);
    checkJobName(path, this.pipelineName, 50);
    checkGate(path, props.gate, props.workVolume.mountPath);
    for (const schedule of props.schedules ?? []) checkSchedule(path, schedule);
    this.any = this.podOf(props.train);
    const { namespace } = this.any.tenant;
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace,
      releaseName: this.pipelineName,
      dependsOn: props.dependsOn,
      objects: [...this.executor(), this.template(), ...this.cron()],
    }).dependable;
    this.registerSteps();
  }

  private steps(): [string, PipelineStep][] {
    const { train, evaluate, register, deploy } = this.props;
    return [
      ['train', train],
      ['evaluate', evaluate],
      ['register', register],
      ...(deploy ? [['deploy', deploy] as [string, PipelineStep]] : []),
    ];
  }

  private template(): KubernetesObject {
    const tasks = [
      { name: 'train', template: 'train' },
      { name: 'evaluate', template: 'evaluate', depends: 'train' },
      {
        name: 'gate',
        template: 'gate',
        depends: 'evaluate',
        arguments: { parameters: [{ name: 'score', value: '{{tasks.evaluate.outputs.parameters.score}}' }] },
      },
      { name: 'register', template: 'register', depends: 'gate' },
      ...(this.props.deploy ? [{ name: 'deploy', template: 'deploy', depends: 'register' }] : []),
    ];
    return this.object('argoproj.io/v1alpha1', 'WorkflowTemplate', this.pipelineName, {
      spec: {
        entrypoint: 'pipeline',
        serviceAccountName: this.any.tenant.serviceAccount,
        automountServiceAccountToken: false,
        executor: { serviceAccountName: this.executorName },
        activeDeadlineSeconds: 86_400,
        ttlStrategy: { secondsAfterSuccess: 86_400, secondsAfterFailure: 604_800 },
        podGC: { strategy: 'OnPodSuccess' },
        workflowMetadata: { labels: this.labels },
        podMetadata: { labels: podLabels(this.any) },
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        templates: [
          { name: 'pipeline', dag: { tasks } },
          ...this.steps().map(([name, step]) => this.stepTemplate(name, step)),
          this.gateTemplate(),
        ],
      },
    });
  }

  private stepTemplate(name: string, step: PipelineStep): KubernetesObject {
    const pod = this.podOf(step);
    const image = (step.image ?? this.props.image).reference;
    const { containers, volumes } = podSpec(pod, { name: 'main', image, command: step.command, args: step.args });
    const [main] = containers as KubernetesObject[];
    const { name: _name, ...container } = main ?? {};
    return {
      name,
      ...(pod.nodeSelector ? { nodeSelector: pod.nodeSelector } : {}),
      ...(pod.tolerations.length > 0 ? { tolerations: pod.tolerations } : {}),
      // What failed by itself fails again; what lost its node deserves another one.
      retryStrategy: { limit: '2', retryPolicy: 'OnError' },
      container,
      volumes,
      ...(name === 'evaluate'
        ? { outputs: { parameters: [{ name: 'score', valueFrom: { path: this.props.gate.scoreFile } }] } }
        : {}),
    };
  }

  /** A step of its own, so that the workflow shows where a model stopped. The score is handed over as data, never as code. */
  private gateTemplate(): KubernetesObject {
    const { gate, evaluate, image } = this.props;
    const comparison = gate.lowerIsBetter ? '<=' : '>=';
    const { containers, volumes } = podSpec(
      { ...this.podOf({ command: [], cpu: 0.1, memoryGib: 1 }), volumeMounts: [], volumes: [] },
      {
        name: 'main',
        image: (evaluate.image ?? image).reference,
        command: ['sh', '-c'],
        args: [
          `echo "score $SCORE, wanted ${comparison} $THRESHOLD"; awk -v score="$SCORE" -v threshold="$THRESHOLD" 'BEGIN { exit !(score ~ /^[-+0-9.eE]+$/ && score + 0 ${comparison} threshold + 0) }'`,
        ],
      },
    );
    const [main] = containers as KubernetesObject[];
    const { name: _name, env: _env, ...container } = main ?? {};
    return {
      name: 'gate',
      inputs: { parameters: [{ name: 'score' }] },
      container: {
        ...container,
        env: [
          { name: 'SCORE', value: '{{inputs.parameters.score}}' },
          { name: 'THRESHOLD', value: String(gate.threshold) },
        ],
      },
      volumes,
    };
  }

  private cron(): KubernetesObject[] {
    const { schedules = [], timezone = 'Etc/UTC' } = this.props;
    if (schedules.length === 0) return [];
    return [
      this.object('argoproj.io/v1alpha1', 'CronWorkflow', this.pipelineName, {
        spec: {
          schedules,
          timezone,
          concurrencyPolicy: 'Forbid',
          startingDeadlineSeconds: 3600,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 5,
          workflowSpec: { workflowTemplateRef: { name: this.pipelineName } },
        },
      }),
    ];
  }

  private get executorName(): string {
    return `${this.pipelineName}-executor`;
  }

  /** Argo's sidecar reports what its step did; it may do nothing else. */
  private executor(): KubernetesObject[] {
    const name = this.executorName;
    const rbac = 'rbac.authorization.k8s.io';
    return [
      this.object('v1', 'ServiceAccount', name, {}),
      {
        // Argo mounts the token of its sidecar from this, so that the container of the step sees none. The cluster fills it in.
        // https://argo-workflows.readthedocs.io/en/latest/manually-create-secrets/
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/service-account-token',
        metadata: {
          name: `${name}.service-account-token`,
          namespace: this.any.tenant.namespace,
          labels: this.labels,
          annotations: { 'kubernetes.io/service-account.name': name },
        },
      },
      this.object(`${rbac}/v1`, 'Role', name, {
        rules: [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }],
      }),
      this.object(`${rbac}/v1`, 'RoleBinding', name, {
        roleRef: { apiGroup: rbac, kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace: this.any.tenant.namespace }],
      }),
    ];
  }

  private podOf(step: PipelineStep): JobPod {
    const { platform, tenant, image, env, secretEnv, tracking, volumes = [], workVolume } = this.props;
    const options: JobOptions = {
      platform,
      tenant,
      image: step.image ?? image,
      gpu: step.gpu,
      cpu: step.cpu ?? (step.gpu ? 8 : 2),
      memoryGib: step.memoryGib ?? (step.gpu ? 64 : 8),
      interruptible: step.interruptible,
      env,
      secretEnv,
      tracking,
      volumes: [workVolume, ...volumes],
    };
    return jobPod(this.node.path, options, this.pipelineName);
  }

  private get labels(): { [key: string]: string } {
    const { 'kueue.x-k8s.io/queue-name': _queue, 'kueue.x-k8s.io/priority-class': _priority, ...rest } = this.any.labels;
    return rest;
  }

  private object(apiVersion: string, kind: string, name: string, rest: KubernetesObject): KubernetesObject {
    return { apiVersion, kind, metadata: { name, namespace: this.any.tenant.namespace, labels: this.labels }, ...rest };
  }

  /** The steps follow each other: each is told to the planner alone, as work that waits. */
  private registerSteps(): void {
    const register = CapacityPlanner.of(this, this.props.platform);
    for (const [name, step] of this.steps()) {
      const { cpu, memoryGib } = this.podOf(step);
      register.register({
        name: `${this.node.path} (${name})`,
        replicas: 1,
        cpu,
        memoryGib,
        gpu: step.gpu,
        spot: step.interruptible,
        tenant: this.any.tenant.name,
        waits: true,
      });
    }
  }
}

function checkGate(path: string, { scoreFile, threshold }: EvaluationGate, workFolder: string): void {
  const shared = ['/tmp', workFolder].some((folder) => scoreFile.startsWith(`${folder}/`));
  // It becomes part of a shell line: plain names only.
  if (Number.isFinite(threshold) && shared && /^[\w./-]+$/.test(scoreFile) && !scoreFile.split('/').includes('..')) return;
  throw new ConfigurationError(path, {
    what: 'gate is not valid',
    got: `threshold ${threshold}, scoreFile ${JSON.stringify(scoreFile)}`,
    allowed: `a number, and a file below ${workFolder} (the workVolume) or the temporary folder that the evaluation writes it to`,
    fix: `e.g. gate: { scoreFile: "${workFolder}/auc", threshold: 0.85 }`,
  });
}
