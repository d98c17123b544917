import { isObject } from './json';
import type { ResourceModel, ResourceSource } from './stack-model';

/**
 * Kubernetes objects that a release of our `manifests` chart carries in its values, as if each were a `kubernetes_manifest`:
 * the same rules then speak about them.
 */
export function withReleasedObjects(resources: ResourceSource[]): ResourceSource[] {
  if (!resources.some(({ type }) => type === 'helm_release')) return resources;
  return resources.flatMap((resource) => (resource.type === 'helm_release' ? [resource, ...objectsOf(resource)] : [resource]));
}

function objectsOf(release: ResourceSource): ResourceSource[] {
  const { values } = release.attributes;
  const texts = (Array.isArray(values) ? values : [values]).filter((text): text is string => typeof text === 'string');
  return texts.flatMap((text) => {
    if (!text.includes('"objects"')) return [];
    const parsed = parse(text);
    const objects = isObject(parsed) && Array.isArray(parsed.objects) ? parsed.objects.filter(isObject) : [];
    return objects.map((manifest) => sourceOf(release, manifest));
  });
}

/**
 * Adds what a chart renders to (`helm template`) to the stack of its release: rules on Kubernetes objects then speak about it, and
 * name the release as its origin.
 * @param objects parsed documents; lists are unfolded, and so are those of tests left out, which only `helm test` makes
 */
export function addRenderedObjects(release: ResourceModel, objects: readonly unknown[]): void {
  const unfolded = objects
    .filter(isObject)
    .flatMap((object) => (Array.isArray(object.items) ? object.items.filter(isObject) : [object]));
  release.stack._add(unfolded.filter(isInstalled).map((manifest) => sourceOf(release, manifest)));
}

function isInstalled(manifest: Record<string, unknown>): boolean {
  const metadata = isObject(manifest.metadata) ? manifest.metadata : {};
  const hook = isObject(metadata.annotations) ? metadata.annotations['helm.sh/hook'] : undefined;
  return typeof manifest.kind === 'string' && !(typeof hook === 'string' && /\btest/.test(hook));
}

function sourceOf(
  release: { readonly address: string; readonly constructPath: string; readonly sourceLocation?: string },
  manifest: Record<string, unknown>,
): ResourceSource {
  const metadata = isObject(manifest.metadata) ? manifest.metadata : {};
  const name = `${String(manifest.kind)}/${String(metadata.name)}`;
  return {
    type: 'kubernetes_manifest',
    name,
    address: `${release.address}/${name}`,
    constructPath: release.constructPath,
    sourceLocation: release.sourceLocation,
    attributes: { manifest },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
