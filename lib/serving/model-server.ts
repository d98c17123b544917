import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import type { ContractTenant } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import { NodeTaint } from '../gpu';
import { Manifests } from '../manifests';
import { ContainerImage, tenantLabels } from '../tenancy';
import { type GpuPlacement, placeOnGpu } from '../tenancy/gpu-placement';
import { Autoscaling } from './autoscaling';
import { gatewayFor } from './gateway-access';
import type { ModelServiceOptions } from './model-service-options';
import { revisionLabel } from './predictor';
import type { Rollout } from './rollout';
import { checkReplicas, type PrometheusTrigger, prometheusTrigger, type ReplicaRange } from './scaling';
import type { ServerEndpoints } from './server-endpoints';
import { serverPod } from './server-pod';
import { checkServiceName, kebab } from './service-name';
import { ServiceOperations } from './service-operations';
import { ServiceTraffic } from './service-traffic';
import { TrafficSplit } from './traffic-split';

export interface ModelServerProps extends ModelServiceOptions {
  /** The server with the model in it, or with code that loads the model as the tenant's identity. */
  readonly image: ContainerImage;
  /** Port and paths of the server. @default - see ServerEndpoints */
  readonly endpoints?: ServerEndpoints;
  /** Environment from Kubernetes secrets: name of the variable to "<secret>/<key>". @default - none */
  readonly secretEnv?: { [name: string]: string };
  /** CPU that a replica requests, in cores. @default 0.5, with a GPU 4 */
  readonly cpu?: number;
  /** Memory of a replica in GiB. @default 1, with a GPU 16 */
  readonly memoryGib?: number;
  /** Kind of metrics: "fastapi" (as in examples/fastapi-model-server), "kserve", "mlserver", "triton", "vllm" or "none". @default "fastapi" */
  readonly metrics?: string;
  /** Seconds until a replica counts as failed to start. @default 120, with a GPU 900 */
  readonly startupSeconds?: number;
  /** Seconds until a request is given up, 1-3600. @default 30 */
  readonly timeoutSeconds?: number;
}

type KubernetesObject = { [key: string]: unknown };

/**
 * A model behind a server that the team builds itself, e.g. with FastAPI.
 *
 * ```ts
 * const churn = new ModelServer(this, 'Churn', {
 *   platform,
 *   tenant: 'risk',
 *   image: ContainerImage.inRegistry(platform, 'risk/churn', 'sha256:…'),
 *   owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
 * });
 * ```
 */
export class ModelServer extends Construct {
  public readonly serviceName: string;
  /** Address inside the cluster, e.g. "http://churn.risk.svc.cluster.local". */
  public readonly clusterUrl: string;
  /** Address at the gateway, e.g. "https://churn-risk.ml.contoso.example"; undefined where there is none. */
  public readonly url?: string;
  public readonly dependable: ITerraformDependable;
  private readonly props: ModelServerProps;
  private readonly tenant: ContractTenant;
  private readonly range: ReplicaRange;
  private readonly placement?: GpuPlacement;
  private readonly autoscaling: Autoscaling;
  private readonly trigger?: PrometheusTrigger;
  private readonly manifests: Manifests;
  private readonly split: TrafficSplit;
  private readonly operations: ServiceOperations;
  private readonly traffic?: ServiceTraffic;

  /** @throws when the tenant is unknown, no pool offers the GPU, or a number does not fit */
  constructor(scope: Construct, id: string, props: ModelServerProps) {
    super(scope, id);
    const { path } = this.node;
    const { platform, gpu } = props;
    checkOwner(path, props.owner);
    this.props = props;
    this.tenant = platform.tenant(props.tenant);
    this.serviceName = props.serviceName ?? kebab(id);
    checkServiceName(path, this.serviceName);
    const { namespace } = this.tenant;
    const gateway = gatewayFor(path, platform, props.access);
    const routed = gateway !== undefined;
    this.split = new TrafficSplit(path, { knative: false, routed });
    this.autoscaling = props.autoscaling ?? Autoscaling.cpu(70);
    this.trigger = prometheusTrigger(this.autoscaling, { path, platform, namespace, routeName: this.serviceName, routed });
    this.range = checkReplicas(path, props.replicas, platform.environment.profile.servingReplicasMin, this.autoscaling, false);
    this.placement = gpu ? placeOnGpu(path, platform, gpu) : undefined;
    this.manifests = new Manifests(this, 'Default', {
      platform,
      namespace,
      releaseName: this.serviceName,
      dependsOn: props.dependsOn,
      objects: this.objects(),
    });
    this.dependable = this.manifests.dependable;
    this.clusterUrl = `http://${this.serviceName}.${namespace}.svc.cluster.local`;
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
        timeoutSeconds: this.timeoutSeconds,
        split: this.split,
        backendOf: (name) => this.nameOf(name),
      });
      this.url = this.traffic.url;
    }
    this.operations = new ServiceOperations(this, 'Operations', {
      ...shared,
      owner: props.owner,
      gateway,
      url: this.url,
      gpu,
      minReplicas: this.range.min,
      metrics: props.metrics ?? 'fastapi',
      metricsEndpoint: { port: this.endpoints.port, path: this.endpoints.metricsPath },
      level: props.level,
      defaultLatencySeconds: 0.5,
      defaultPredictionMetric: (props.metrics ?? 'fastapi') === 'fastapi' ? 'prediction_value' : undefined,
      deploymentOf: (name) => this.nameOf(name),
      kind: 'deployment',
      traffic: this.split,
    });
    this.register(path, Math.max(1, this.range.min), this.range.max);
  }

  /**
   * Brings a new version in beside the present one: `revision` is the digest of an image in the same repository.
   * @throws when the shares exceed 100 %, or there is no route
   */
  public rollout(rollout: Rollout): void {
    if (!/^sha256:[0-9a-f]{64}$/.test(rollout.revision)) {
      throw new ConfigurationError(this.node.path, {
        what: 'a new version of a ModelServer is an image of the same repository',
        got: JSON.stringify(rollout.revision),
        allowed: 'a digest: "sha256:" and 64 hexadecimal digits',
        fix: 'state the digest that the build printed',
      });
    }
    this.split.add(rollout);
    this.register(`${this.node.path} (${rollout.revisionName})`, this.copiesOf(rollout.replicas));
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

  private get endpoints(): Required<ServerEndpoints> {
    return { port: 8080, livenessPath: '/healthz', readinessPath: '/readyz', metricsPath: '/metrics', ...this.props.endpoints };
  }

  private get timeoutSeconds(): number {
    return this.props.timeoutSeconds ?? 30;
  }

  private get labels(): { [key: string]: string } {
    return { ...tenantLabels(this.props.platform, this.tenant), 'ml-platform/owner': this.props.owner.team };
  }

  private nameOf(revisionName?: string): string {
    return revisionName === undefined ? this.serviceName : `${this.serviceName}-${revisionName}`;
  }

  private get size(): { readonly cpu: number; readonly memoryGib: number } {
    const { gpu, cpu, memoryGib } = this.props;
    return { cpu: cpu ?? (gpu ? 4 : 0.5), memoryGib: memoryGib ?? (gpu ? 16 : 1) };
  }

  private copiesOf(replicas: number | undefined): number {
    return replicas ?? Math.max(1, this.range.min);
  }

  private objects(): KubernetesObject[] {
    const { image } = this.props;
    return [
      ...this.version(image),
      ...this.scaler(),
      ...this.split.revisions().flatMap(({ name, revision, replicas }) => {
        const other = ContainerImage.of(`${image.repository}@${revision}`);
        return this.version(other, name, this.copiesOf(replicas));
      }),
    ];
  }

  /** Deployment and service of a version. @param replicas of one that does not scale */
  private version(image: ContainerImage, revisionName?: string, replicas?: number): KubernetesObject[] {
    const { props, endpoints, serviceName, tenant } = this;
    const name = this.nameOf(revisionName);
    // What tells versions apart must not change while a version runs: a selector cannot.
    const selector = { 'ml-platform/service': serviceName, 'ml-platform/track': revisionName ?? 'stable' };
    const revision = { 'ml-platform/revision': revisionLabel(image.digest.slice(0, 19)) };
    const fixed = replicas ?? (this.autoscaling.kind === 'none' ? this.range.min : undefined);
    return [
      this.object('apps/v1', 'Deployment', name, {
        // Without a number the autoscaler keeps its own; a number here would fight it at every deployment.
        ...(fixed === undefined ? {} : { replicas: fixed }),
        revisionHistoryLimit: 3,
        selector: { matchLabels: selector },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels: { ...this.labels, ...selector, ...revision, 'azure.workload.identity/use': 'true' } },
          spec: serverPod({
            ...this.size,
            tenant,
            serviceName,
            image,
            endpoints,
            args: props.args,
            env: props.env,
            secretEnv: props.secretEnv,
            gpu: props.gpu,
            placement: this.placement,
            startupSeconds: props.startupSeconds ?? (props.gpu ? 900 : 120),
            terminationSeconds: this.timeoutSeconds,
            priorityClass: props.priorityClass,
            spread: this.range.min > 1,
          }),
        },
      }),
      this.object('v1', 'Service', name, {
        type: 'ClusterIP',
        selector,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      }),
    ];
  }

  private scaler(): KubernetesObject[] {
    const { autoscaling, range, serviceName, trigger } = this;
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: serviceName };
    if (trigger) {
      const { serverAddress, query, perReplica } = trigger;
      return [
        this.object('keda.sh/v1alpha1', 'ScaledObject', serviceName, {
          scaleTargetRef,
          minReplicaCount: range.min,
          maxReplicaCount: range.max,
          cooldownPeriod: 300,
          // Prometheus out of reach: rather too many than none.
          fallback: { failureThreshold: 5, replicas: Math.max(1, range.min) },
          triggers: [{ type: 'prometheus', metadata: { serverAddress, query, threshold: String(perReplica) } }],
        }),
      ];
    }
    if (autoscaling.kind === 'none') return [];
    const target = { type: 'Utilization', averageUtilization: autoscaling.target };
    return [
      this.object('autoscaling/v2', 'HorizontalPodAutoscaler', serviceName, {
        scaleTargetRef,
        minReplicas: range.min,
        maxReplicas: range.max,
        metrics: [{ type: 'Resource', resource: { name: autoscaling.kind, target } }],
        behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
      }),
    ];
  }

  private object(apiVersion: string, kind: string, name: string, spec: KubernetesObject): KubernetesObject {
    const annotations = { 'ml-platform/owner-contact': this.props.owner.contact };
    return { apiVersion, kind, metadata: { name, namespace: this.tenant.namespace, labels: this.labels, annotations }, spec };
  }

  private render(): void {
    this.manifests.replaceObjects(this.objects());
    this.traffic?.refresh();
    this.operations.refresh();
  }

  /** Tells the planner of the cluster what it asks for. */
  private register(name: string, replicas: number, maxReplicas = replicas): void {
    const { platform, gpu } = this.props;
    const spot = this.placement?.tolerations.some(({ key, value }) => NodeTaint.SPOT === `${key}=${value}:NoSchedule`) ?? false;
    const request = { ...this.size, gpu, spot, tenant: this.tenant.name };
    CapacityPlanner.of(this, platform).register({ ...request, name, replicas, maxReplicas });
  }
}
