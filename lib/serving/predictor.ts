import type { ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import type { GpuRequest } from '../gpu';
import type { GpuPlacement } from '../tenancy/gpu-placement';
import { HARDENED_CONTAINER, HARDENED_POD } from '../tenancy/pod-hardening';
import type { Autoscaling } from './autoscaling';
import type { ModelSource } from './model-source';
import type { RequestBatcher, RequestLogger } from './request-handling';
import type { PrometheusTrigger, ReplicaRange } from './scaling';
import { spread } from './server-pod';

export interface PredictorOptions {
  readonly path: string;
  readonly platform: IMlPlatform;
  readonly tenant: ContractTenant;
  readonly serviceName: string;
  readonly model: ModelSource;
  readonly gpu?: GpuRequest;
  readonly placement?: GpuPlacement;
  readonly replicas: ReplicaRange;
  readonly cpu: number;
  readonly memoryGib: number;
  readonly labels: { readonly [key: string]: string };
  readonly autoscaling: Autoscaling;
  readonly trigger?: PrometheusTrigger;
  readonly args?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly logger?: RequestLogger;
  readonly batcher?: RequestBatcher;
  readonly startupSeconds: number;
  readonly timeoutSeconds: number;
  readonly priorityClass?: string;
}

type Part = { [key: string]: unknown };

/** The predictor of an InferenceService. */
export function predictor(options: PredictorOptions): Part {
  const { tenant, labels, replicas, placement, logger, batcher, serviceName, model } = options;
  checkFormat(options);
  return {
    serviceAccountName: tenant.serviceAccount,
    labels: {
      ...labels,
      'azure.workload.identity/use': 'true',
      'ml-platform/service': serviceName,
      'ml-platform/revision': revisionLabel(model.revision),
    },
    minReplicas: replicas.min,
    maxReplicas: replicas.max,
    ...scaling(options),
    timeout: options.timeoutSeconds,
    ...(options.priorityClass === undefined ? {} : { priorityClassName: options.priorityClass }),
    ...(placement ? { nodeSelector: placement.nodeSelector, tolerations: placement.tolerations } : {}),
    ...(replicas.min > 1 ? { topologySpreadConstraints: spread(serviceName) } : {}),
    ...(logger ? { logger: { url: logger.url, mode: logger.mode ?? 'all' } } : {}),
    ...(batcher ? { batcher: { maxBatchSize: batcher.maxBatchSize, maxLatency: batcher.maxLatencyMs } } : {}),
    securityContext: model.format.runsAsRoot ? { seccompProfile: HARDENED_POD.seccompProfile } : HARDENED_POD,
    model: modelOf(options, model),
  };
}

/** A version beside it, which KServe merges over the predictor: what differs, and what it must not inherit. */
export function canaryOf(options: PredictorOptions, name: string, revision: string, replicas: number): Part {
  const { path, platform, tenant, model } = options;
  const other = model.withRevision(revision);
  return {
    predictor: {
      name,
      minReplicas: replicas,
      labels: { 'ml-platform/revision': revisionLabel(revision) },
      model: {
        name: 'kserve-container', // the CRD wants it of a canary, though not of the predictor
        modelFormat: formatOf(other),
        runtime: other.format.runtime,
        storageUri: other.storageUri(path, platform, tenant),
      },
    },
    // KServe 0.20 only counts replicas by it, and those are stated. Our route moves the traffic; a percentage here would make
    // every move of it a change of the Deployments.
    trafficPercent: 0,
  };
}

function formatOf({ format }: ModelSource): Part {
  return { name: format.formatName, ...(format.formatVersion === undefined ? {} : { version: format.formatVersion }) };
}

function modelOf(options: PredictorOptions, model: ModelSource): Part {
  const { path, platform, tenant, gpu, cpu, memoryGib, args, env, serviceName, startupSeconds } = options;
  const size = { cpu: String(cpu), memory: `${memoryGib}Gi` };
  const resources = gpu ? { ...size, [gpu.resourceName]: String(gpu.count) } : size;
  const { runtime, protocolVersion, readinessPath } = model.format;
  const probe = readinessPath && { httpGet: { path: readinessPath.replace('{name}', serviceName), port: 8080 } };
  return {
    modelFormat: formatOf(model),
    runtime,
    protocolVersion,
    storageUri: model.storageUri(path, platform, tenant),
    ...(args ? { args } : {}),
    ...(env ? { env: Object.entries(env).map(([name, value]) => ({ name, value })) } : {}),
    // Equal, key by key: KServe fills in what is missing, and a request above a filled-in limit is refused.
    resources: { requests: resources, limits: resources },
    securityContext: HARDENED_CONTAINER,
    ...(probe
      ? {
          startupProbe: { ...probe, periodSeconds: 10, failureThreshold: Math.ceil(startupSeconds / 10), timeoutSeconds: 5 },
          readinessProbe: { ...probe, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
        }
      : {}),
  };
}

function scaling({ autoscaling, trigger }: PredictorOptions): Part {
  if (trigger) {
    const metric = { backend: 'prometheus', serverAddress: trigger.serverAddress, query: trigger.query };
    const target = { type: 'AverageValue', averageValue: String(trigger.perReplica) };
    return { autoScaling: { metrics: [{ type: 'External', external: { metric, target } }] } };
  }
  if (autoscaling.kind === 'none') return {};
  return { scaleMetric: autoscaling.kind, scaleTarget: autoscaling.target };
}

/** A version as the value of a label: at most 63 letters, digits, "-", "_" and ".". */
export function revisionLabel(revision: string): string {
  return revision
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(-63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function checkFormat({ path, model, gpu, tenant }: PredictorOptions): void {
  const { format } = model;
  if (format.needsGpu && !gpu) {
    throw new ConfigurationError(path, {
      what: `models of format ${format.formatName} run on a GPU only`,
      got: 'no gpu',
      allowed: 'gpu: GpuRequest.whole(n), slice() or mig(profile)',
      fix: 'ask for a GPU, e.g. gpu: GpuRequest.whole(1)',
    });
  }
  if (format.runsAsRoot && tenant.podSecurity === 'restricted') {
    throw new ConfigurationError(path, {
      what: `the image of ${format.runtime} starts as root, which the namespace of ${tenant.name} refuses`,
      got: 'pod security "restricted"',
      allowed: 'runtimes whose image has a user of its own',
      fix: 'make a ServingRuntime with such an image and name it by ModelFormat.custom({ … })',
    });
  }
}
