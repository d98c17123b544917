import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractTenant, IMlPlatform } from '../contract';
import type { Owner } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import type { GpuRequest } from '../gpu';
import { Manifests } from '../manifests';
import { tenantLabels } from '../tenancy';
import { placeOnGpu } from '../tenancy/gpu-placement';
import type { ModelSource } from './model-source';

/** How many copies of a model run. */
export interface Replicas {
  /** @default - the profile's servingReplicasMin: 1, in prod 2 */
  readonly min?: number;
  /** @default - as `min` */
  readonly max?: number;
}

export interface InferenceServiceProps {
  readonly platform: IMlPlatform;
  /** Tenant in whose namespace it runs, as the contract lists it. */
  readonly tenant: string;
  readonly model: ModelSource;
  /** Who answers when it alarms. */
  readonly owner: Owner;
  /** 1-45 lower-case letters, digits and hyphens, letter first. @default - the construct's id in that form */
  readonly serviceName?: string;
  /** @default - none: runs on CPU */
  readonly gpu?: GpuRequest;
  readonly replicas?: Replicas;
  /** CPU of a replica, in cores. @default 1, with a GPU 4 */
  readonly cpu?: number;
  /** Memory of a replica in GiB. @default 2, with a GPU 16 */
  readonly memoryGib?: number;
  /** Average CPU use in percent from which replicas are added, 1-100. @default 70 */
  readonly targetCpuPercent?: number;
  /** What must stand before it, e.g. the tenant when both are in one stack. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A model served by KServe on the platform's cluster.
 *
 * ```ts
 * new InferenceService(this, 'Fraud', {
 *   platform,
 *   tenant: 'risk',
 *   model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.ONNX),
 *   gpu: GpuRequest.mig(MigProfile.of('1g.10gb')),
 *   owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
 * });
 * ```
 */
export class InferenceService extends Construct {
  /** Name of the InferenceService object. */
  public readonly serviceName: string;
  /** Address inside the cluster, e.g. "http://fraud-predictor.risk.svc.cluster.local". */
  public readonly clusterUrl: string;
  public readonly dependable: ITerraformDependable;

  /** @throws when the tenant or container is unknown, no pool offers the GPU, or a number does not fit */
  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const { path } = this.node;
    checkOwner(path, props.owner);
    const tenant = props.platform.tenant(props.tenant);
    this.serviceName = props.serviceName ?? kebab(id);
    checkServiceName(path, this.serviceName);
    const labels = { ...tenantLabels(props.platform, tenant), 'ml-platform/owner': props.owner.team };
    const manifests = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: tenant.namespace,
      releaseName: this.serviceName,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: {
            name: this.serviceName,
            namespace: tenant.namespace,
            labels: { ...labels, 'networking.kserve.io/visibility': 'cluster-local' },
            annotations: {
              // The webhook adds it only where it is the cluster's default; without it scaling is checked as Knative's.
              'serving.kserve.io/deploymentMode': props.platform.attributes.serving.deploymentMode,
              'ml-platform/owner-contact': props.owner.contact,
            },
          },
          spec: { predictor: predictor(path, props, tenant, labels) },
        },
      ],
    });
    this.dependable = manifests.dependable;
    this.clusterUrl = `http://${this.serviceName}-predictor.${tenant.namespace}.svc.cluster.local`;
  }
}

function predictor(
  path: string,
  props: InferenceServiceProps,
  tenant: ContractTenant,
  labels: { [key: string]: string },
): { [key: string]: unknown } {
  const { gpu, model, platform } = props;
  if (model.format.needsGpu && !gpu) {
    throw new ConfigurationError(path, {
      what: `models of format ${model.format.formatName} run on a GPU only`,
      got: 'no gpu',
      allowed: 'gpu: GpuRequest.whole(n), slice() or mig(profile)',
      fix: 'ask for a GPU, e.g. gpu: GpuRequest.whole(1)',
    });
  }
  const placement = gpu ? placeOnGpu(path, platform, gpu) : undefined;
  const replicas = checkedReplicas(path, props);
  const size = { cpu: String(props.cpu ?? (gpu ? 4 : 1)), memory: `${props.memoryGib ?? (gpu ? 16 : 2)}Gi` };
  const resources = gpu ? { ...size, [gpu.resourceName]: String(gpu.count) } : size;
  return {
    serviceAccountName: tenant.serviceAccount,
    labels: { ...labels, 'azure.workload.identity/use': 'true' },
    minReplicas: replicas.min,
    maxReplicas: replicas.max,
    scaleMetric: 'cpu',
    scaleTarget: props.targetCpuPercent ?? 70,
    ...(placement ? { nodeSelector: placement.nodeSelector, tolerations: placement.tolerations } : {}),
    model: {
      modelFormat: { name: model.format.formatName },
      runtime: model.format.runtime,
      protocolVersion: model.format.protocolVersion,
      storageUri: model.storageUri(path, platform, tenant),
      // Equal, key by key: KServe fills in what is missing, and a request above a filled-in limit is refused.
      resources: { requests: resources, limits: resources },
    },
  };
}

function checkedReplicas(path: string, props: InferenceServiceProps): { readonly min: number; readonly max: number } {
  const min = props.replicas?.min ?? props.platform.environment.profile.servingReplicasMin;
  const max = props.replicas?.max ?? Math.max(min, 1);
  if (min === 0 && props.platform.attributes.serving.deploymentMode === 'Standard') {
    throw new ConfigurationError(path, {
      what: 'a service in Standard mode cannot scale to zero on CPU use',
      got: 'replicas.min 0',
      allowed: '1 or more',
      fix: 'keep one replica, e.g. replicas: { min: 1, max: 4 }',
    });
  }
  if (Number.isInteger(min) && Number.isInteger(max) && min >= 0 && max >= min && max > 0) return { min, max };
  throw new ConfigurationError(path, {
    what: 'replicas do not fit together',
    got: `min ${min}, max ${max}`,
    allowed: 'whole numbers, min not above max',
    fix: 'e.g. replicas: { min: 1, max: 4 }',
  });
}

function checkServiceName(path: string, name: string): void {
  if (/^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$/.test(name)) return;
  throw new ConfigurationError(path, {
    what: 'serviceName is not valid',
    got: JSON.stringify(name),
    allowed: '1-45 lower-case letters, digits and hyphens, letter first',
    fix: 'shorten it: KServe appends "-predictor" and the whole must fit a DNS label',
  });
}

/** "FraudV2" as "fraud-v2". */
function kebab(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
