import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';

/** Where the pod spec stands in each typed resource, and in a manifest by kind. */
const TYPED: { readonly [type: string]: string } = {
  kubernetes_pod: 'spec',
  kubernetes_deployment: 'spec.template.spec',
  kubernetes_stateful_set: 'spec.template.spec',
  kubernetes_daemonset: 'spec.template.spec',
  kubernetes_daemon_set: 'spec.template.spec',
  kubernetes_replication_controller: 'spec.template.spec',
  kubernetes_job: 'spec.template.spec',
  kubernetes_cron_job: 'spec.job_template.spec.template.spec',
};
const BY_KIND: { readonly [kind: string]: string } = {
  Pod: 'manifest.spec',
  Deployment: 'manifest.spec.template.spec',
  StatefulSet: 'manifest.spec.template.spec',
  DaemonSet: 'manifest.spec.template.spec',
  Job: 'manifest.spec.template.spec',
  CronJob: 'manifest.spec.jobTemplate.spec.template.spec',
};

export const POD_TYPES = [...Object.keys(TYPED).flatMap((type) => [type, `${type}_v1`]), 'kubernetes_manifest'];

/** A pod spec or a container in it, whether a typed resource writes it (snake_case) or a manifest (camelCase). */
export interface PodPart {
  readonly root: AttributeValue;
  /** An attribute by its path in snake_case. */
  field(path: string): AttributeValue;
}

/** The pod spec that a resource makes; undefined where it makes none. */
export function podOf(resource: ResourceModel): PodPart | undefined {
  const path = TYPED[resource.type.replace(/_v\d$/, '')];
  if (path) return part(resource.value(path), false);
  const kind = resource.value('manifest.kind').text;
  const inManifest = Object.hasOwn(BY_KIND, kind) ? BY_KIND[kind] : undefined;
  return inManifest === undefined ? undefined : part(resource.value(inManifest), true);
}

/** Containers and init containers of a pod. */
export function containersOf(pod: PodPart): PodPart[] {
  const camel = isCamel(pod);
  const lists = camel ? ['containers', 'initContainers'] : ['container', 'init_container'];
  return lists.flatMap((list) => pod.root.value(list).elements()).map((container) => part(container, camel));
}

/** Whether the pod runs to its end, so that probes make no sense. */
export function runsToEnd(resource: ResourceModel): boolean {
  return /_(cron_)?job(_v\d)?$/.test(resource.type) || ['Job', 'CronJob'].includes(resource.value('manifest.kind').text);
}

/** Variables of a container. */
export function environmentOf(container: PodPart): AttributeValue[] {
  return container.field('env').elements();
}

/** The list at a path, or the list whose name is plural in manifests. */
export function listOf(value: PodPart, singular: string, plural: string): AttributeValue[] {
  return value.root.value(isCamel(value) ? plural : singular).elements();
}

function part(root: AttributeValue, camel: boolean): PodPart {
  return { root, field: (path) => root.value(camel ? toCamel(path) : path) };
}

function isCamel(value: PodPart): boolean {
  return value.root.path.startsWith('manifest.');
}

function toCamel(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const CLUSTER_SCOPED =
  /^kubernetes_(namespace|cluster_role|cluster_role_binding|persistent_volume|storage_class|priority_class|node_taint|labels|annotations|certificate_signing_request|api_service|ingress_class|runtime_class|csi_driver|validating_webhook_configuration|mutating_webhook_configuration|config_map_v1_data|env|manifest|validating_admission_policy)(_v\d(beta\d)?)?$/;

/** Whether objects of this type live in a namespace. */
export function isNamespacedType(type: string): boolean {
  return type.startsWith('kubernetes_') && !CLUSTER_SCOPED.test(type);
}
