import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import type { IMlPlatform } from '../contract';
import type { Owner } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import type { GpuRequest } from '../gpu';
import { Manifests } from '../manifests';
import { type ContainerImage, tenantLabels } from '../tenancy';
import { placeOnGpu } from '../tenancy/gpu-placement';
import { HARDENED_CONTAINER } from '../tenancy/pod-hardening';
import type { ModelSource } from './model-source';
import { checkServiceName, kebab } from './service-name';

export interface LlmInferenceServiceProps {
  readonly platform: IMlPlatform;
  readonly tenant: string;
  /** The weights. */
  readonly model: ModelSource;
  /** Name that requests call the model by. @default - the name of the service */
  readonly modelName?: string;
  /** GPUs of one replica, on one node. */
  readonly gpu: GpuRequest;
  readonly owner: Owner;
  /** vLLM by digest. @default - KServe's own preset */
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
  /** @default - the construct's id in lower case with hyphens */
  readonly serviceName?: string;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A large language model by KServe's own resource for them: routes that know prefixes and load, several GPUs a replica. It needs
 * KServe's llmisvc controller and the Gateway API Inference Extension. For one model on one GPU, an InferenceService with
 * `ModelFormat.VLLM` does with less, and has rollouts.
 */
export class LlmInferenceService extends Construct {
  public readonly serviceName: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when the platform has no gateway, or no pool offers the GPUs */
  constructor(scope: Construct, id: string, props: LlmInferenceServiceProps) {
    super(scope, id);
    const { path } = this.node;
    const { platform, gpu, model } = props;
    checkOwner(path, props.owner);
    const tenant = platform.tenant(props.tenant);
    this.serviceName = props.serviceName ?? kebab(id);
    checkServiceName(path, this.serviceName);
    const { gateway } = platform.attributes.serving;
    if (!gateway) {
      throw new ConfigurationError(path, {
        what: `${platform.environment.environmentName} has no gateway, which routes language models`,
        got: 'LlmInferenceService',
        allowed: 'InferenceService with ModelFormat.VLLM',
        fix: 'use that, or have the platform team add a gateway',
      });
    }
    const placement = placeOnGpu(path, platform, gpu);
    const replicas = props.replicas ?? platform.environment.profile.servingReplicasMin;
    const [cpu, memoryGib] = [props.cpu ?? 8, props.memoryGib ?? 64];
    const resources = { cpu: String(cpu), memory: `${memoryGib}Gi`, [gpu.resourceName]: String(gpu.count) };
    this.dependable = new Manifests(this, 'Default', {
      platform,
      namespace: tenant.namespace,
      releaseName: this.serviceName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'serving.kserve.io/v1alpha2',
          kind: 'LLMInferenceService',
          metadata: {
            name: this.serviceName,
            namespace: tenant.namespace,
            labels: { ...tenantLabels(platform, tenant), 'ml-platform/owner': props.owner.team },
            annotations: { 'ml-platform/owner-contact': props.owner.contact },
          },
          spec: {
            model: { uri: model.storageUri(path, platform, tenant), name: props.modelName ?? this.serviceName },
            replicas,
            ...(gpu.count > 1 ? { parallelism: { tensor: gpu.count } } : {}),
            labels: { 'ml-platform/service': this.serviceName, 'azure.workload.identity/use': 'true' },
            router: {
              gateway: { refs: [{ name: gateway.name, namespace: gateway.namespace }] },
              route: {},
              ...(props.scheduler === false ? {} : { scheduler: {} }),
            },
            template: {
              serviceAccountName: tenant.serviceAccount,
              nodeSelector: placement.nodeSelector,
              tolerations: placement.tolerations,
              containers: [
                {
                  name: 'main',
                  ...(props.image ? { image: props.image.reference } : {}),
                  ...(props.args ? { args: props.args } : {}),
                  resources: { requests: resources, limits: resources },
                  securityContext: HARDENED_CONTAINER,
                },
              ],
            },
          },
        },
      ],
    }).dependable;
    CapacityPlanner.of(this, platform).register({ name: path, replicas, cpu, memoryGib, gpu, tenant: tenant.name });
  }
}
