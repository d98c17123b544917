import { expectThat } from '../checks';
import { containersOf, isCustom, POD_TYPES, podsOf } from '../facets/kubernetes-pod';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const imagesPinned: IRule = {
  id: 'MLP-K8S-006',
  title: 'images come from an allowed registry under a fixed tag, in prod by digest',
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
  check: (resource) =>
    podsOf(resource).flatMap((pod) =>
      pod.root.isUnresolved
        ? [Verdict.unknown(pod.root)]
        : containersOf(pod)
            .map((container) => container.field('image'))
            // A runtime of KServe brings the image of its models.
            .filter((image) => !image.isMissing || !isCustom(resource))
            .flatMap((image) => judge(resource, image)),
    ),
};

function judge(resource: ResourceModel, image: AttributeValue): Verdict[] {
  const allowed = [...REGISTRY_HOSTS, ...(resource.stack.allowed.registries ?? [])];
  return [
    expectThat(image, {
      finding: 'registry',
      fix: 'copy the image into your registry, or allow the host: GuardrailPack.BASELINE.allowingRegistries(...), --allow-registries',
    }).holds(() => comesFrom(image.text, allowed), `one of ${allowed.join(', ')}`, ['nginx:1.27.1@sha256:0']),
    resource.strictness === 'prod'
      ? expectThat(image, { finding: 'digest' }).matches(/@sha256:[0-9a-f]{64}$/, 'a digest', ['acme.azurecr.io/app:1'])
      : expectThat(image, { finding: 'tag' }).holds(() => isFixed(image.text), 'a tag that is no "latest"', [
          'acme.azurecr.io/app:latest',
        ]),
  ];
}

/** Hosts of Azure, and of the projects and vendors that platforms for machine learning are made of. Docker Hub takes images from anybody. */
const REGISTRY_HOSTS = [
  '*.azurecr.io',
  'mcr.microsoft.com',
  'registry.k8s.io',
  'nvcr.io',
  'quay.io',
  'ghcr.io',
  'gcr.io',
  'public.ecr.aws',
];

function comesFrom(image: string, hosts: readonly string[]): boolean {
  const [host = ''] = image.toLowerCase().split('/');
  return (
    image.includes('/') && hosts.some((allowed) => (allowed.startsWith('*') ? host.endsWith(allowed.slice(1)) : host === allowed))
  );
}

function isFixed(image: string): boolean {
  const name = image.split('/').at(-1) ?? '';
  return /@sha256:[0-9a-f]{64}$/.test(name) || (/:[\w.-]+$/.test(name) && !name.endsWith(':latest'));
}
