/** The part of a container that the Pod Security Standards speak about. */
interface Container {
  readonly name: string;
  readonly securityContext?: Record<string, unknown>;
  readonly ports?: { readonly hostPort?: number }[];
}

/** A pod's spec, as far as the Pod Security Standards look. */
export interface PodSpec {
  readonly containers: Container[];
  readonly initContainers?: Container[];
  readonly securityContext?: Record<string, unknown>;
  readonly volumes?: Record<string, unknown>[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
}

const BASELINE_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
const RESTRICTED_VOLUMES = new Set(
  'name configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

/**
 * What of a pod a namespace of that level would refuse.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function podSecurityProblems(pod: PodSpec, level: 'baseline' | 'restricted'): string[] {
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const problems = [
    ...(pod.hostNetwork || pod.hostPID || pod.hostIPC ? ['shares a namespace with the host'] : []),
    ...(pod.volumes ?? []).flatMap((volume) => ('hostPath' in volume ? [`volume ${String(volume.name)}: hostPath`] : [])),
    ...containers.flatMap((container) => baselineProblems(container)),
  ];
  if (level === 'baseline') return problems;
  const kinds = (pod.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => !RESTRICTED_VOLUMES.has(key)));
  return [
    ...problems,
    ...kinds.map((kind) => `volume of kind ${kind}`),
    ...containers.flatMap((container) => restrictedProblems(container, pod.securityContext ?? {})),
  ];
}

function baselineProblems({ name, securityContext = {}, ports = [] }: Container): string[] {
  const added = (securityContext.capabilities as { add?: string[] } | undefined)?.add ?? [];
  return [
    ...(securityContext.privileged === true ? [`${name}: privileged`] : []),
    ...added.filter((capability) => !BASELINE_CAPABILITIES.has(capability)).map((capability) => `${name}: adds ${capability}`),
    ...(ports.some(({ hostPort }) => hostPort) ? [`${name}: hostPort`] : []),
    ...(seccomp(securityContext) === 'Unconfined' ? [`${name}: seccomp Unconfined`] : []),
  ];
}

function restrictedProblems({ name, securityContext = {} }: Container, pod: Record<string, unknown>): string[] {
  const { add = [], drop = [] } = (securityContext.capabilities as { add?: string[]; drop?: string[] } | undefined) ?? {};
  const nonRoot = securityContext.runAsNonRoot ?? pod.runAsNonRoot;
  const profile = seccomp(securityContext) ?? seccomp(pod);
  return [
    ...(securityContext.allowPrivilegeEscalation === false ? [] : [`${name}: may escalate privileges`]),
    ...(nonRoot === true ? [] : [`${name}: may run as root`]),
    ...((securityContext.runAsUser ?? pod.runAsUser) === 0 ? [`${name}: runs as user 0`] : []),
    ...(profile === 'RuntimeDefault' || profile === 'Localhost' ? [] : [`${name}: no seccomp profile`]),
    ...(drop.includes('ALL') ? [] : [`${name}: keeps capabilities`]),
    ...add.filter((capability) => capability !== 'NET_BIND_SERVICE').map((capability) => `${name}: adds ${capability}`),
  ];
}

function seccomp(context: Record<string, unknown>): string | undefined {
  return (context.seccompProfile as { type?: string } | undefined)?.type;
}
