import { isObject } from './json';
import type { ResourceSource } from './stack-model';

/**
 * Kubernetes objects that a release of our `manifests` chart carries in its values, as if each were a `kubernetes_manifest`:
 * the same rules then speak about them.
 */
export function withReleasedObjects(resources: ResourceSource[]): ResourceSource[] {
  return resources.flatMap((resource) => (resource.type === 'helm_release' ? [resource, ...objectsOf(resource)] : [resource]));
}

function objectsOf(release: ResourceSource): ResourceSource[] {
  const { values } = release.attributes;
  const texts = (Array.isArray(values) ? values : [values]).filter((text): text is string => typeof text === 'string');
  return texts.flatMap((text) => {
    if (!text.includes('"objects"')) return [];
    const parsed = parse(text);
    const objects = isObject(parsed) && Array.isArray(parsed.objects) ? parsed.objects.filter(isObject) : [];
    return objects.map((manifest) => {
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
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
