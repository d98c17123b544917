import { describe, expect, test } from 'vitest';
import { writtenApp } from '../helpers/app';
import { crdProblems, type KubernetesObject } from '../helpers/crd-schema';
import { objectsIn } from '../helpers/manifests';
import { type PodSpec, podSecurityProblems } from '../helpers/pod-security';

/** Objects of all releases of our own chart in a stack. */
function objectsOfStack(name: string): KubernetesObject[] {
  const releases = Object.values(writtenApp().stacks.get(name)?.resource?.helm_release ?? {});
  return releases
    .filter((release) => String((release.values as string[] | undefined)?.[0]).startsWith('{\n  "objects"'))
    .flatMap(objectsIn);
}

function pods(value: unknown): PodSpec[] {
  if (typeof value !== 'object' || value === null) return [];
  const { template } = value as { template?: { spec?: PodSpec } };
  const own = Array.isArray(template?.spec?.containers) ? [template.spec] : [];
  return [...own, ...Object.values(value).flatMap(pods)];
}

describe.each(['dev', 'staging', 'prod'])('the custom resources of %s', (stage) => {
  test.each(['addons', 'workloads'])('fit their CRDs: %s', (layer) => {
    expect(crdProblems(objectsOfStack(`${stage}-${layer}`))).toEqual([]);
  });

  test('run pods that a namespace of level "baseline" takes', () => {
    const problems = objectsOfStack(`${stage}-workloads`).flatMap((object) =>
      pods(object).flatMap((pod) => podSecurityProblems(pod, 'baseline').map((problem) => `${object.metadata.name}: ${problem}`)),
    );
    expect(problems).toEqual([]);
  });
});
