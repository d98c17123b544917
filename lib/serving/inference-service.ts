import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import type { ContractTenant } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import { NodeTaint } from '../gpu';
import { Manifests } from '../manifests';
import { tenantLabels } from '../tenancy';
import { placeOnGpu } from '../tenancy/gpu-placement';
import { Autoscaling } from './autoscaling';
import { componentOf } from './component';
import { gatewayFor } from './gateway-access';
import type { ModelServiceOptions } from './model-service-options';
import type { ModelSource } from './model-source';
import { canaryOf, type PredictorOptions, predictor } from './predictor';
import type { RequestBatcher, RequestLogger } from './request-handling';
import type { Rollout } from './rollout';
import { checkRuntime } from './runtime-check';
import { checkReplicas, prometheusTrigger } from './scaling';
import type { ServiceComponent } from './service-component';
import { checkServiceName, kebab } from './service-name';
import { ServiceOperations } from './service-operations';
import { ServiceTraffic } from './service-traffic';
import { type Revision, TrafficSplit } from './traffic-split';

export interface InferenceServiceProps extends ModelServiceOptions {
  readonly model: ModelSource;
  /** CPU of a replica, in cores. @default 1, with a GPU 4 */
  readonly cpu?: number;
  /** Memory of a replica in GiB. @default 2, with a GPU 16 */
  readonly memoryGib?: number;
  /** Code of your own before and after the model. @default - none */
  readonly transformer?: ServiceComponent;
  /** Explains predictions. @default - none */
  readonly explainer?: ServiceComponent;
  /** Keeps a copy of requests and answers. @default - none */
  readonly logger?: RequestLogger;
  /** Answers requests several at a time. @default - one by one */
  readonly batcher?: RequestBatcher;
  /** Seconds until a replica counts as failed to start: pulling, download and loading. @default 300, with a GPU 1800 */
  readonly startupSeconds?: number;
  /** Seconds until a request is given up, 1-3600. @default 60, for vLLM 600 */
  readonly timeoutSeconds?: number;
}

/**
 * A model served by KServe on the platform's cluster.
 *
 * ```ts
 * const fraud = new InferenceService(this, 'Fraud', {
 *   platform,
 *   tenant: 'risk',
 *   model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.ONNX),
 *   gpu: GpuRequest.mig(MigProfile.of('1g.10gb')),
 *   owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
 * });
 * fraud.rollout(Canary.of({ revision: 'fraud/8', trafficPercent: 10 }));
 * ```
 */
export class InferenceService extends Construct {
  /** Name of the InferenceService object. */
  public readonly serviceName: string;
  /** Address inside the cluster, e.g. "http://fraud-predictor.risk.svc.cluster.local". */
  public readonly clusterUrl: string;
  /** Address at the gateway, e.g. "https://fraud-risk.ml.contoso.example"; undefined where there is none. */
  public readonly url?: string;
  public readonly dependable: ITerraformDependable;
  private readonly props: InferenceServiceProps;
  private readonly tenant: ContractTenant;
  private readonly options: PredictorOptions;
  private readonly manifests: Manifests;
  private readonly split: TrafficSplit;
  private readonly operations: ServiceOperations;
  private readonly traffic?: ServiceTraffic;

  /** @throws when the tenant or container is unknown, no pool offers the GPU, the platform lacks the model server, or a number does not fit */
  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const { path } = this.node;
    const { platform } = props;
    checkOwner(path, props.owner);
    this.props = props;
    this.tenant = platform.tenant(props.tenant);
    this.serviceName = props.serviceName ?? kebab(id);
    checkServiceName(path, this.serviceName);
    checkRuntime(this, platform, props.model.format, props.gpu);
    const gateway = gatewayFor(path, platform, props.access);
    this.split = new TrafficSplit(path, { knative: this.knative, routed: gateway !== undefined });
    this.options = this.predictorOptions(gateway !== undefined);
    this.manifests = new Manifests(this, 'Default', {
      platform,
      namespace: this.tenant.namespace,
      releaseName: this.serviceName,
      dependsOn: props.dependsOn,
      objects: [this.inferenceService()],
    });
    this.dependable = this.manifests.dependable;
    const entry = props.transformer ? `${this.serviceName}-transformer` : this.deploymentOf();
    this.clusterUrl = `http://${entry}.${this.tenant.namespace}.svc.cluster.local`;
    const shared = {
      platform,
      tenant: this.tenant,
      serviceName: this.serviceName,
      labels: this.labels,
      dependsOn: [this.dependable],
    };
    if (gateway) {
      this.traffic = new ServiceTraffic(this, 'Traffic', {
        ...shared,
        gateway,
        access: props.access,
        timeoutSeconds: this.options.timeoutSeconds,
        split: this.split,
        backendOf: (name) => (name === undefined ? entry : this.deploymentOf(name)),
      });
      this.url = this.traffic.url;
    }
    const vllm = props.model.format.metrics === 'vllm';
    this.operations = new ServiceOperations(this, 'Operations', {
      ...shared,
      owner: props.owner,
      gateway,
      url: this.url,
      gpu: props.gpu,
      minReplicas: this.options.replicas.min,
      metrics: props.model.format.metrics,
      level: props.level,
      defaultLatencySeconds: vllm ? 10 : 0.5,
      deploymentOf: (name) => this.deploymentOf(name),
      kind: 'inferenceservice',
      traffic: this.split,
    });
    this.register();
  }

  /**
   * Brings a new version in beside the present one.
   * @throws when the shares exceed 100 %, or the mode cannot do it
   */
  public rollout(rollout: Rollout): void {
    const { path } = this.node;
    if (this.props.transformer && !this.knative) {
      throw new ConfigurationError(path, {
        what: 'the transformer calls the declared version only, whatever the route says',
        got: `a ${rollout.kind} of a service with a transformer`,
        allowed: 'rollouts of services without one, in Standard mode',
        fix: 'deploy the new version with its transformer as a service of its own',
      });
    }
    this.split.add(rollout);
    if (!this.knative) {
      const name = `${path} (${rollout.revisionName})`;
      CapacityPlanner.of(this, this.props.platform).register({
        ...this.podRequest(),
        name,
        replicas: this.copiesOf(rollout.replicas),
      });
    }
    this.render();
  }

  /** Sends all requests back to the declared version. The new one stays: the plan shows traffic moving and nothing else. */
  public rollback(): void {
    this.split.rollback();
    this.render();
  }

  /** What to do when it alarms, in Markdown. Also written to `runbooks/` of the output folder. */
  public runbook(): string {
    return this.operations.runbook();
  }

  private get knative(): boolean {
    return this.props.platform.attributes.serving.deploymentMode === 'Knative';
  }

  private get labels(): { [key: string]: string } {
    return { ...tenantLabels(this.props.platform, this.tenant), 'ml-platform/owner': this.props.owner.team };
  }

  private deploymentOf(revisionName?: string): string {
    return revisionName === undefined ? `${this.serviceName}-predictor` : `${this.serviceName}-${revisionName}-predictor`;
  }

  private copiesOf(replicas: number | undefined): number {
    return replicas ?? Math.max(1, this.options.replicas.min);
  }

  private predictorOptions(routed: boolean): PredictorOptions {
    const { props, tenant, serviceName } = this;
    const { path } = this.node;
    const { gpu, platform, model } = props;
    const autoscaling = props.autoscaling ?? (this.knative ? Autoscaling.concurrency(10) : Autoscaling.cpu(70));
    const scaled = { path, platform, namespace: tenant.namespace, routeName: serviceName, routed };
    return {
      path,
      platform,
      tenant,
      serviceName,
      model,
      gpu,
      placement: gpu ? placeOnGpu(path, platform, gpu) : undefined,
      replicas: checkReplicas(path, props.replicas, platform.environment.profile.servingReplicasMin, autoscaling, this.knative),
      cpu: props.cpu ?? (gpu ? 4 : 1),
      memoryGib: props.memoryGib ?? (gpu ? 16 : 2),
      labels: this.labels,
      autoscaling,
      trigger: this.knative ? undefined : prometheusTrigger(autoscaling, scaled),
      args: props.args,
      env: props.env,
      logger: props.logger,
      batcher: props.batcher,
      startupSeconds: props.startupSeconds ?? (gpu ? 1800 : 300),
      timeoutSeconds: props.timeoutSeconds ?? (model.format.metrics === 'vllm' ? 600 : 60),
      priorityClass: props.priorityClass,
    };
  }

  private inferenceService(): { [key: string]: unknown } {
    const { props, tenant } = this;
    const revisions = this.split.revisions();
    const options = this.knative ? this.options : this.withRoomFor(revisions);
    const context = { tenant, labels: this.labels };
    return {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: {
        name: this.serviceName,
        namespace: tenant.namespace,
        labels: { ...this.labels, 'networking.kserve.io/visibility': 'cluster-local' },
        annotations: {
          // The webhook adds it only where it is the cluster's default; without it scaling is checked as Knative's.
          'serving.kserve.io/deploymentMode': props.platform.attributes.serving.deploymentMode,
          ...this.autoscalerClass(),
          ...(props.gpu && props.gpu.resourceName !== 'nvidia.com/gpu'
            ? { 'serving.kserve.io/gpu-resource-types': JSON.stringify([props.gpu.resourceName]) }
            : {}),
          'ml-platform/owner-contact': props.owner.contact,
        },
      },
      spec: {
        predictor: this.knative ? knativePredictor(options, revisions) : predictor(options),
        ...(props.transformer ? { transformer: componentOf(props.transformer, context) } : {}),
        ...(props.explainer ? { explainer: componentOf(props.explainer, context) } : {}),
        ...(this.knative || revisions.length === 0
          ? {}
          : {
              canary: revisions.map(({ name, revision, replicas }) => canaryOf(options, name, revision, this.copiesOf(replicas))),
            }),
      },
    };
  }

  /** KServe takes the replicas of new versions from those of the declared one: it asks for as many more. */
  private withRoomFor(revisions: Revision[]): PredictorOptions {
    const { replicas } = this.options;
    const min = replicas.min + revisions.reduce((sum, revision) => sum + this.copiesOf(revision.replicas), 0);
    return revisions.length === 0 ? this.options : { ...this.options, replicas: { min, max: Math.max(min, replicas.max) } };
  }

  private autoscalerClass(): { [key: string]: string } {
    if (this.knative) return {};
    if (this.options.trigger) return { 'serving.kserve.io/autoscalerClass': 'keda' };
    return this.options.autoscaling.kind === 'none' ? { 'serving.kserve.io/autoscalerClass': 'none' } : {};
  }

  private render(): void {
    this.manifests.replaceObjects([this.inferenceService()]);
    this.traffic?.refresh();
    this.operations.refresh();
  }

  /** Tells the planner of the cluster what it asks for. */
  private register(): void {
    const { platform, transformer, explainer } = this.props;
    const { replicas } = this.options;
    const planner = CapacityPlanner.of(this, platform);
    planner.register({
      ...this.podRequest(),
      name: this.node.path,
      replicas: Math.max(1, replicas.min),
      maxReplicas: replicas.max,
    });
    for (const [kind, component] of Object.entries({ transformer, explainer })) {
      if (!component) continue;
      const { replicas: copies = 1, cpu = 0.5, memoryGib = 1 } = component;
      planner.register({ name: `${this.node.path} (${kind})`, replicas: copies, cpu, memoryGib, tenant: this.tenant.name });
    }
  }

  private podRequest() {
    const { cpu, memoryGib, placement } = this.options;
    const spot = placement?.tolerations.some(({ value, key }) => NodeTaint.SPOT === `${key}=${value}:NoSchedule`) ?? false;
    return { cpu, memoryGib, gpu: this.props.gpu, spot, tenant: this.tenant.name };
  }
}

/** Knative runs what is declared last and splits with the revision before it. */
function knativePredictor(options: PredictorOptions, revisions: Revision[]): { [key: string]: unknown } {
  const [next] = revisions;
  if (!next) return predictor(options);
  return {
    ...predictor({ ...options, model: options.model.withRevision(next.revision) }),
    canaryTrafficPercent: next.trafficPercent,
  };
}
