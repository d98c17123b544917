import type { ContractTenant } from '../contract';
import type { GpuRequest } from '../gpu';
import type { ContainerImage } from '../tenancy';
import type { GpuPlacement } from '../tenancy/gpu-placement';
import { HARDENED_CONTAINER, HARDENED_POD } from '../tenancy/pod-hardening';
import type { ServerEndpoints } from './server-endpoints';

export interface ServerPodOptions {
  readonly tenant: ContractTenant;
  readonly serviceName: string;
  readonly image: ContainerImage;
  readonly endpoints: Required<ServerEndpoints>;
  readonly args?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  /** Environment from Kubernetes secrets: name of the variable to "<secret>/<key>". */
  readonly secretEnv?: { readonly [name: string]: string };
  readonly gpu?: GpuRequest;
  readonly placement?: GpuPlacement;
  readonly cpu: number;
  readonly memoryGib: number;
  readonly startupSeconds: number;
  readonly terminationSeconds: number;
  readonly priorityClass?: string;
  readonly spread: boolean;
}

/** The pod of a model server; fits a namespace of level "restricted". */
export function serverPod(options: ServerPodOptions): { [key: string]: unknown } {
  const { tenant, placement, serviceName, priorityClass } = options;
  return {
    serviceAccountName: tenant.serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: HARDENED_POD,
    terminationGracePeriodSeconds: options.terminationSeconds + 10,
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
    ...(placement ? { nodeSelector: placement.nodeSelector, tolerations: placement.tolerations } : {}),
    ...(options.spread ? { topologySpreadConstraints: spread(serviceName) } : {}),
    containers: [container(options)],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
}

function container(options: ServerPodOptions): { [key: string]: unknown } {
  const { image, endpoints, args, gpu, cpu, memoryGib, startupSeconds, terminationSeconds } = options;
  const { port, livenessPath, readinessPath } = endpoints;
  const probe = (path: string) => ({ httpGet: { path, port }, periodSeconds: 10, timeoutSeconds: 5 });
  const memory = `${memoryGib}Gi`;
  const gpus = gpu ? { [gpu.resourceName]: String(gpu.count) } : {};
  return {
    name: 'server',
    image: image.reference,
    ...(args ? { args } : {}),
    env: environment(options),
    ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
    // No limit of CPU: throttling shows as latency. The request is what the scheduler and the autoscaler count with.
    resources: { requests: { cpu: String(cpu), memory, ...gpus }, limits: { memory, ...gpus } },
    securityContext: { ...HARDENED_CONTAINER, readOnlyRootFilesystem: true },
    startupProbe: { ...probe(readinessPath), failureThreshold: Math.ceil(startupSeconds / 10) },
    readinessProbe: { ...probe(readinessPath), failureThreshold: 3 },
    livenessProbe: { ...probe(livenessPath), failureThreshold: 6 },
    // The route forgets a pod some seconds after it is told to stop: it goes on answering until then.
    lifecycle: { preStop: { sleep: { seconds: Math.min(terminationSeconds, 15) } } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

function environment({ env = {}, secretEnv = {}, serviceName, tenant }: ServerPodOptions): { [key: string]: unknown }[] {
  const plain = { SERVICE_NAME: serviceName, TENANT: tenant.name, ...env };
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    ...Object.entries(secretEnv).map(([name, reference]) => {
      const [secret = '', key = ''] = reference.split('/');
      return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
    }),
  ];
}

/** Over zones first, then over nodes; rather together than not at all. */
export function spread(serviceName: string): { [key: string]: unknown }[] {
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { 'ml-platform/service': serviceName } },
  }));
}
