import { expectThat } from '../checks';
import { containersOf, POD_TYPES, podOf } from '../facets/kubernetes-pod';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const imagesPinned: IRule = {
  id: 'MLP-K8S-006',
  title: 'images come from a named registry under a fixed tag, in prod by digest',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: POD_TYPES,
  why: '"latest" is another program tomorrow; a bare name is pulled from Docker Hub, past every scan.',
  fix: 'name the registry and a tag, in prod image@sha256:...',
  mappings: {
    checkov: ['CKV_K8S_14', 'CKV_K8S_43'],
    trivy: ['KSV-0013', 'KSV-0032', 'KSV-0034'],
    azurePolicy: ['AKS_ContainerAllowedImages'],
  },
  check: (resource) => {
    const pod = podOf(resource);
    if (!pod) return [];
    if (pod.root.isUnresolved) return [Verdict.unknown(pod.root)];
    const byDigest = resource.strictness === 'prod';
    return containersOf(pod).flatMap((container) => {
      const image = container.field('image');
      return [
        expectThat(image, { finding: 'registry' }).holds(() => hasRegistry(image.text), 'registry.example/name', [
          'nginx:1.27.1@sha256:0',
        ]),
        byDigest
          ? expectThat(image, { finding: 'digest' }).matches(/@sha256:[0-9a-f]{64}$/, 'a digest', ['acme.azurecr.io/app:1'])
          : expectThat(image, { finding: 'tag' }).holds(() => isFixed(image.text), 'a tag that is no "latest"', [
              'acme.azurecr.io/app:latest',
            ]),
      ];
    });
  },
};

/** Docker Hub is where names without a host go. */
function hasRegistry(image: string): boolean {
  const [host = ''] = image.split('/');
  return image.includes('/') && /[.:]/.test(host) && host !== 'docker.io';
}

function isFixed(image: string): boolean {
  const name = image.split('/').at(-1) ?? '';
  return name.includes('@sha256:') || (name.includes(':') && !name.endsWith(':latest'));
}
