import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import type { ContractGateway, ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import type { GpuRequest } from '../gpu';
import { Manifests } from '../manifests';
import { type ContainerImage, tenantLabels } from '../tenancy';
import { type GpuPlacement, placeOnGpu } from '../tenancy/gpu-placement';
import { HARDENED_CONTAINER } from '../tenancy/pod-hardening';
import type { ModelSource } from './model-source';
import { revisionLabel } from './predictor';
import type { Rollout } from './rollout';
import { llmServerImage } from './runtime-check';
import { checkServiceName, kebab } from './service-name';
import { ServiceOperations } from './service-operations';
import type { ServiceOptions } from './service-options';
import { TrafficSplit } from './traffic-split';

export interface LlmInferenceServiceProps extends ServiceOptions {
  /** The weights. */
  readonly model: ModelSource;
  /** Name that requests call the model by. @default - the name of the service */
  readonly modelName?: string;
  /** GPUs of one replica, on one node. */
  readonly gpu: GpuRequest;
  /** vLLM by digest, with a user of its own: KServe lets no container start as root. @default - KServe's own preset; in prod its image must be in an `ImageLock` */
  readonly image?: ContainerImage;
  /** Arguments for vLLM beside the preset's, e.g. ["--max-model-len=8192"]. @default - none */
  readonly args?: string[];
  /** @default - the profile's servingReplicasMin */
  readonly replicas?: number;
  /** Cores of a replica. @default 8 */
  readonly cpu?: number;
  /** GiB of a replica. @default 64 */
  readonly memoryGib?: number;
  /** Sends requests to the replica whose cache knows their beginning. @default true */
  readonly scheduler?: boolean;
}

type KubernetesObject = { [key: string]: unknown };

/** Where vLLM answers, and serves its metrics. */
const PORT = 8000;

/**
 * A large language model by KServe's own resource for them: routes that know prefixes and load, several GPUs a replica. It needs
 * KServe's llmisvc controller (`KServe` with `llm: true`). For one model on one GPU, an InferenceService with `ModelFormat.VLLM`
 * does with less.
 *
 * Versions of one model are services of one routing group: KServe splits the requests to the model's name by their weights.
 */
export class LlmInferenceService extends Construct {
  public readonly serviceName: string;
  /** Address of the model's OpenAI-compatible API at the gateway; requests to it are split between versions. */
  public readonly url: string;
  public readonly dependable: ITerraformDependable;
  private readonly props: LlmInferenceServiceProps;
  private readonly tenant: ContractTenant;
  private readonly gateway: ContractGateway;
  private readonly placement: GpuPlacement;
  private readonly manifests: Manifests;
  private readonly split: TrafficSplit;
  private readonly operations: ServiceOperations;

  /** @throws when the platform has no gateway, no pool offers the GPUs, or in prod the image has no digest */
  constructor(scope: Construct, id: string, props: LlmInferenceServiceProps) {
    super(scope, id);
    const { path } = this.node;
    const { platform, gpu } = props;
    checkOwner(path, props.owner);
    this.props = props;
    this.tenant = platform.tenant(props.tenant);
    this.serviceName = props.serviceName ?? kebab(id);
    checkServiceName(path, this.serviceName);
    this.gateway = gatewayOf(path, platform);
    this.placement = placeOnGpu(path, platform, gpu);
    this.split = new TrafficSplit(path, { knative: false, routed: true });
    const { namespace, name } = this.tenant;
    this.url = `https://${this.serviceName}-${name}.${this.gateway.domain}/publishers/${namespace}/models/${this.modelName}/v1`;
    this.manifests = new Manifests(this, 'Default', {
      platform,
      namespace,
      releaseName: this.serviceName,
      dependsOn: props.dependsOn,
      objects: this.objects(),
    });
    this.dependable = this.manifests.dependable;
    this.operations = new ServiceOperations(this, 'Operations', {
      platform,
      tenant: this.tenant,
      owner: props.owner,
      serviceName: this.serviceName,
      labels: this.labels,
      url: this.url,
      gpu,
      minReplicas: this.replicas,
      metrics: 'vllm',
      metricsEndpoint: { port: PORT, path: '/metrics' },
      level: props.level,
      defaultLatencySeconds: 10,
      deploymentOf: (revision) => `${this.nameOf(revision)}-kserve`,
      kind: 'llminferenceservice',
      traffic: this.split,
      dependsOn: [this.dependable],
    });
    this.register(path, this.replicas);
  }

  /**
   * Brings a new version in beside the present one, as a service of the same routing group.
   * @throws for a Shadow: KServe's routes for language models mirror nothing; and when the shares exceed 100 %
   */
  public rollout(rollout: Rollout): void {
    if (rollout.mirrorPercent > 0) {
      throw new ConfigurationError(this.node.path, {
        what: "KServe's routes for language models mirror no requests",
        got: 'Shadow',
        allowed: 'Canary, BlueGreen',
        fix: 'use a canary with trafficPercent: 1',
      });
    }
    this.split.add(rollout);
    this.register(`${this.node.path} (${rollout.revisionName})`, this.copiesOf(rollout.replicas));
    this.render();
  }

  /** Sends all requests back to the declared version. The new one stays: the plan shows weights and nothing else. */
  public rollback(): void {
    this.split.rollback();
    this.render();
  }

  /** What to do when it alarms, in Markdown. Also written to `runbooks/` of the output folder. */
  public runbook(): string {
    return this.operations.runbook();
  }

  private get modelName(): string {
    return this.props.modelName ?? this.serviceName;
  }

  private get replicas(): number {
    return this.props.replicas ?? this.props.platform.environment.profile.servingReplicasMin;
  }

  private get labels(): { [key: string]: string } {
    return { ...tenantLabels(this.props.platform, this.tenant), 'ml-platform/owner': this.props.owner.team };
  }

  private nameOf(revisionName?: string): string {
    return revisionName === undefined ? this.serviceName : `${this.serviceName}-${revisionName}`;
  }

  private copiesOf(replicas: number | undefined): number {
    return replicas ?? Math.max(1, this.replicas);
  }

  private objects(): KubernetesObject[] {
    const { model } = this.props;
    const revisions = this.split.revisions();
    const weight = revisions.length === 0 ? undefined : this.split.stablePercent();
    return [
      this.version(model, this.serviceName, this.replicas, weight),
      ...revisions.map(({ name, revision, replicas, trafficPercent }) =>
        this.version(model.withRevision(revision), this.nameOf(name), this.copiesOf(replicas), trafficPercent),
      ),
    ];
  }

  /** @param weight share of the requests; undefined while there is one version */
  private version(model: ModelSource, name: string, replicas: number, weight: number | undefined): KubernetesObject {
    const { props, tenant, placement, gateway } = this;
    const { gpu, platform, cpu = 8, memoryGib = 64 } = props;
    const resources = { cpu: String(cpu), memory: `${memoryGib}Gi`, [gpu.resourceName]: String(gpu.count) };
    const image = props.image?.reference ?? llmServerImage(this, platform);
    return {
      apiVersion: 'serving.kserve.io/v1alpha2',
      kind: 'LLMInferenceService',
      metadata: {
        name,
        namespace: tenant.namespace,
        labels: this.labels,
        annotations: { 'ml-platform/owner-contact': props.owner.contact },
      },
      spec: {
        model: { uri: model.storageUri(this.node.path, platform, tenant), name: this.modelName },
        replicas,
        ...(gpu.count > 1 ? { parallelism: { tensor: gpu.count } } : {}),
        labels: {
          ...this.labels,
          'ml-platform/service': this.serviceName,
          'ml-platform/revision': revisionLabel(model.revision),
          'azure.workload.identity/use': 'true',
        },
        router: {
          gateway: { refs: [{ name: gateway.name, namespace: gateway.namespace }] },
          // Always of a group: to join one later would change the routes of a version that runs.
          route: { group: this.serviceName, weight: weight ?? 100 },
          ...(props.scheduler === false ? {} : { scheduler: {} }),
        },
        template: {
          serviceAccountName: tenant.serviceAccount,
          nodeSelector: placement.nodeSelector,
          tolerations: placement.tolerations,
          ...(props.priorityClass === undefined ? {} : { priorityClassName: props.priorityClass }),
          containers: [
            {
              name: 'main',
              ...(image === undefined ? {} : { image }),
              ...(props.args ? { args: props.args } : {}),
              resources: { requests: resources, limits: resources },
              securityContext: HARDENED_CONTAINER,
            },
          ],
        },
      },
    };
  }

  private render(): void {
    this.manifests.replaceObjects(this.objects());
    this.operations.refresh();
  }

  private register(name: string, replicas: number): void {
    const { platform, gpu, cpu = 8, memoryGib = 64 } = this.props;
    CapacityPlanner.of(this, platform).register({ name, replicas, cpu, memoryGib, gpu, tenant: this.tenant.name });
  }
}

function gatewayOf(path: string, platform: IMlPlatform): ContractGateway {
  const { gateway } = platform.attributes.serving;
  if (gateway) return gateway;
  throw new ConfigurationError(path, {
    what: `${platform.environment.environmentName} has no gateway, which routes language models`,
    got: 'LlmInferenceService',
    allowed: 'InferenceService with ModelFormat.VLLM',
    fix: 'use that, or have the platform team add a gateway',
  });
}
