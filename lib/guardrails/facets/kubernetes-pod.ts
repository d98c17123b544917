import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type Verdict, VerdictKind } from '../verdict';

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

/** Six rules ask for the pods of the same resource, and in a custom resource they take a search. */
const found = new WeakMap<ResourceModel, PodPart[]>();

/** The pod specs that a resource makes: one for what Kubernetes knows, any number in a custom resource. */
export function podsOf(resource: ResourceModel): PodPart[] {
  const known = found.get(resource);
  if (known) return known;
  const pods = searchPods(resource);
  found.set(resource, pods);
  return pods;
}

function searchPods(resource: ResourceModel): PodPart[] {
  const path = TYPED[resource.type.replace(/_v\d$/, '')];
  if (path) return [part(resource.value(path), false)];
  const kind = resource.value('manifest.kind').text;
  const inManifest = Object.hasOwn(BY_KIND, kind) ? BY_KIND[kind] : undefined;
  if (inManifest !== undefined) return [part(resource.value(inManifest), true)];
  // Schemas and policies speak about containers without running any.
  return isCustom(resource) &&
    !/Policy$|Template$|^CustomResourceDefinition$/.test(kind.replace(/WorkflowTemplate$/, '')) &&
    mentionsContainers(resource.attributes.manifest)
    ? podsIn(resource.value('manifest.spec')).map((root) => part(root, true))
    : [];
}

/** Whether the pods come from a custom resource, whose controller adds to them what the resource leaves out. */
export function isCustom(resource: ResourceModel): boolean {
  return resource.type === 'kubernetes_manifest' && !/^(v1|apps\/v1|batch\/v1)$/.test(resource.value('manifest.apiVersion').text);
}

/**
 * Verdicts about a custom resource without those on what it leaves out: its controller, its runtime or the template that it
 * overlays says the rest, and no JSON tells what.
 */
export function onWhatIsStated(resource: ResourceModel, verdicts: Verdict[]): Verdict[] {
  if (!isCustom(resource)) return verdicts;
  return verdicts
    .filter((verdict) => verdict.kind !== VerdictKind.FAIL || !verdict.value?.isMissing)
    .map((verdict) => verdict._refusing(...verdict.refusedValues.filter((refused) => refused !== undefined)));
}

/** Whether anything in a manifest could be a pod: most custom resources hold none, and looking for one by path costs more. */
function mentionsContainers(manifest: unknown): boolean {
  const open = [manifest];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && CONTAINER_KEYS.some((key) => Object.hasOwn(next, key))) return true;
    for (const child of Object.values(next)) if (typeof child === 'object') open.push(child);
  }
  return false;
}

/** What holds a list of containers is a pod spec, however deep a custom resource keeps it (InferenceService, RayCluster, PyTorchJob). */
function podsIn(spec: AttributeValue): AttributeValue[] {
  const pods: AttributeValue[] = [];
  const open = [spec];
  for (let next = open.pop(); next; next = open.pop()) {
    // The names first: a search looks at thousands of objects, and hardly any has containers.
    if (next.keys.some((key) => CONTAINER_KEYS.includes(key)) && containerListsOf(next).length > 0) pods.push(next);
    for (const child of next.children()) {
      if (!CONTAINER_KEYS.includes(child.path.split('.').at(-1) ?? '')) open.push(child);
    }
  }
  return pods.reverse();
}

const CONTAINER_KEYS = ['containers', 'initContainers', 'sidecars', 'container', 'script', 'model'];

/** Lists of containers, and what stands for one: `model` of a KServe predictor, `container` and `script` of an Argo template. */
function containerListsOf(spec: AttributeValue): AttributeValue[] {
  return CONTAINER_KEYS.map((key) => spec.value(key)).filter((list) =>
    list.elements().some((one) => ['image', 'resources', 'args', 'modelFormat'].some((key) => one.keys.includes(key))),
  );
}

/** Containers and init containers of a pod. */
export function containersOf(pod: PodPart): PodPart[] {
  const camel = isCamel(pod);
  const lists = camel ? containerListsOf(pod.root) : ['container', 'init_container'].map((list) => pod.root.value(list));
  return lists.flatMap((list) => list.elements()).map((container) => part(container, camel));
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

/** Kinds of Kubernetes itself that live in a namespace; of custom ones only their definition knows. */
const NAMESPACED_KINDS =
  /^(Pod|Deployment|StatefulSet|DaemonSet|Job|CronJob|ConfigMap|Secret|Service|ServiceAccount|Role|RoleBinding|Ingress|NetworkPolicy|ResourceQuota|LimitRange|PersistentVolumeClaim|HorizontalPodAutoscaler|PodDisruptionBudget)$/;

export function isNamespacedKind(kind: string): boolean {
  return NAMESPACED_KINDS.test(kind);
}
