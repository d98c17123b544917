import type { ContractTenant } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { NodeTaint } from '../gpu';
import { tenantLabels } from '../tenancy';
import { placeOnGpu, toleration } from '../tenancy/gpu-placement';
import { HARDENED_CONTAINER, HARDENED_POD } from '../tenancy/pod-hardening';
import type { JobOptions } from './job-options';
import { JobPriority } from './job-priority';

/** The same with all that is needed filled in. */
export interface JobPod {
  readonly tenant: ContractTenant;
  readonly labels: { [key: string]: string };
  readonly cpu: number;
  readonly memoryGib: number;
  readonly resources: { [name: string]: string };
  readonly nodeSelector?: { readonly [label: string]: string };
  readonly tolerations: { readonly [field: string]: string }[];
  readonly env: { [key: string]: unknown }[];
  readonly volumes: { [key: string]: unknown }[];
  readonly volumeMounts: { [key: string]: unknown }[];
}

/**
 * Works out the pod of a job.
 * @throws when no pool offers the GPU, the tenant has no queue, or its quota is too small for one pod
 */
export function jobPod(path: string, options: JobOptions, jobName: string): JobPod {
  const { platform, gpu, interruptible = false } = options;
  const tenant = platform.tenant(options.tenant);
  if (tenant.queue === undefined) {
    throw new ConfigurationError(path, {
      what: `tenant ${tenant.name} has no queue for jobs`,
      got: 'none in the contract',
      allowed: 'a LocalQueue, as the contract names it',
      fix: 'have the platform team give the tenant a queue (TrainingQueues, and `queue` in the contract)',
    });
  }
  const [cpu, memoryGib] = [options.cpu ?? (gpu ? 8 : 4), options.memoryGib ?? (gpu ? 64 : 16)];
  const placement = gpu ? placeOnGpu(path, platform, gpu) : undefined;
  const gpuTaints = (placement?.tolerations ?? []).filter(({ key, value }) => `${key}=${value}:NoSchedule` !== NodeTaint.SPOT);
  const size = { cpu: String(cpu), memory: `${memoryGib}Gi` };
  const tracking = options.tracking?.env ?? {};
  const volumes = options.volumes ?? [];
  return {
    tenant,
    cpu,
    memoryGib,
    labels: {
      ...tenantLabels(platform, tenant),
      'ml-platform/owner': options.owner ?? tenant.owner.team,
      'ml-platform/job': jobName,
      'kueue.x-k8s.io/queue-name': tenant.queue,
      'kueue.x-k8s.io/priority-class': options.priority ?? JobPriority.STANDARD,
    },
    resources: gpu ? { ...size, [gpu.resourceName]: String(gpu.count) } : size,
    nodeSelector: placement?.nodeSelector,
    tolerations: [...gpuTaints, ...(interruptible ? [toleration(NodeTaint.SPOT)] : [])],
    env: [
      ...Object.entries({ ...tracking, ...options.env }).map(([name, value]) => ({ name, value })),
      ...Object.entries(options.secretEnv ?? {}).map(([name, reference]) => {
        const [secret = '', key = ''] = reference.split('/');
        return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
      }),
    ],
    volumes: volumes.map((volume) => volume._volume()),
    volumeMounts: volumes.map((volume) => volume._mount()),
  };
}

/** A pod of a job, whole; fits a namespace of level "restricted". */
export function podSpec(
  pod: JobPod,
  container: { readonly name: string; readonly image: string; readonly command?: string[]; readonly args?: string[] },
  extra: { [key: string]: unknown } = {},
): { [key: string]: unknown } {
  return {
    serviceAccountName: pod.tenant.serviceAccount,
    automountServiceAccountToken: false,
    securityContext: HARDENED_POD,
    ...(pod.nodeSelector ? { nodeSelector: pod.nodeSelector } : {}),
    ...(pod.tolerations.length > 0 ? { tolerations: pod.tolerations } : {}),
    ...extra,
    containers: [
      {
        ...container,
        ...(pod.env.length > 0 ? { env: pod.env } : {}),
        resources: { requests: pod.resources, limits: pod.resources },
        securityContext: HARDENED_CONTAINER,
        volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }, { name: 'tmp', mountPath: '/tmp' }, ...pod.volumeMounts],
      },
    ],
    // Workers of a data loader and of NCCL talk through shared memory, of which a container has 64 MiB.
    volumes: [
      { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: `${Math.max(1, Math.floor(pod.memoryGib / 4))}Gi` } },
      { name: 'tmp', emptyDir: {} },
      ...pod.volumes,
    ],
  };
}

/** Labels of a job's pods: with this one the webhook gives them the token of the tenant's identity. */
export function podLabels(pod: JobPod): { [key: string]: string } {
  const { 'kueue.x-k8s.io/queue-name': _queue, 'kueue.x-k8s.io/priority-class': _priority, ...rest } = pod.labels;
  return { ...rest, 'azure.workload.identity/use': 'true' };
}

/** Refuses what is not a name of at most `most` characters. */
export function checkJobName(path: string, name: string, most: number): void {
  if (name.length <= most && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return;
  throw new ConfigurationError(path, {
    what: 'name of the job is not valid',
    got: JSON.stringify(name),
    allowed: `1-${most} lower-case letters, digits and hyphens, letter first`,
    fix: 'e.g. "fraud-train"',
  });
}

/** "FraudTrain" as "fraud-train". */
export function jobNameOf(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}

/** Refuses what is not a cron expression of five fields. */
export function checkSchedule(path: string, schedule: string | undefined): void {
  if (schedule === undefined || /^(\S+\s+){4}\S+$/.test(schedule.trim())) return;
  throw new ConfigurationError(path, {
    what: 'schedule is not valid',
    got: JSON.stringify(schedule),
    allowed: 'five fields: minute, hour, day of month, month, day of week',
    fix: 'e.g. "0 3 * * *" for every night at three',
  });
}
