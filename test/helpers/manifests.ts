import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { KubernetesObject } from './crd-schema';
import { resourcesOf } from './synth';

/** Kubernetes objects that a release of the `manifests` chart carries. */
export function objectsIn(release: Record<string, unknown>): KubernetesObject[] {
  const [text = '{"objects":[]}'] = (release.values ?? []) as string[];
  // What Terraform would read: its escapes undone.
  return (JSON.parse(text.replaceAll('$${', '${').replaceAll('%%{', '%{')) as { objects: KubernetesObject[] }).objects;
}

/** All Kubernetes objects of all releases in the stack of a construct. */
export function objectsOf(construct: IConstruct): KubernetesObject[] {
  return resourcesOf(TerraformStack.of(construct), 'helm_release').flatMap(objectsIn);
}

/** The object of a kind; says which there are when it is not one. */
export function objectOf<T = KubernetesObject>(construct: IConstruct, kind: string, name?: string): T {
  const objects = objectsOf(construct);
  const found = objects.filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found.length === 1) return found[0] as T;
  throw new Error(
    `${found.length} × ${kind} ${name ?? ''}, there are ${objects.map((o) => `${o.kind}/${o.metadata.name}`).join(', ')}`,
  );
}
