import { exists } from '../checks';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const teamNamespacesBounded: IRule = {
  id: 'MLP-K8S-002',
  title: "a team's namespace has quota, limits and a default-deny policy",
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['kubernetes_namespace', 'kubernetes_namespace_v1'],
  why: "Without a GPU quota one team takes every GPU; without a policy its pods reach every other team's.",
  fix: 'make the namespace with Tenant, which brings all three',
  check: (namespace) => {
    const labels = namespace.value('metadata.labels');
    if (labels.isUnresolved) return [Verdict.unknown(labels)];
    if (!labels.keys.some((label) => /(^|\/)(tenant|team)$/.test(label))) return [];
    const quotas = objectsIn(namespace, 'kubernetes_resource_quota');
    const hard = quotas.map((quota) => quota.value('spec.hard'));
    const unresolved = hard.find((value) => value.isUnresolved);
    const gpu = hard.some((value) => value.keys.some((key) => /^requests\.nvidia\.com\//.test(key)));
    const denies = objectsIn(namespace, 'kubernetes_network_policy').filter(deniesByDefault);
    return [
      unresolved
        ? Verdict.unknown(unresolved, 'quota')
        : exists(gpu ? quotas.map((quota) => quota.address) : [], 'resource quota with requests.nvidia.com/gpu', {
            finding: 'quota',
          }),
      exists(
        objectsIn(namespace, 'kubernetes_limit_range').map((range) => range.address),
        'limit range',
        { finding: 'limits' },
      ),
      exists(
        denies.map((policy) => policy.address),
        'network policy that denies by default',
        { finding: 'network-policy' },
      ),
    ];
  },
};

function objectsIn(namespace: ResourceModel, type: string): ResourceModel[] {
  const name = namespace.value('metadata.name');
  return [type, `${type}_v1`].flatMap((one) =>
    namespace.stack.ofType(one).filter((object) => {
      const place = object.value('metadata.namespace');
      return place.references.includes(namespace.address) || (place.literal !== undefined && place.literal === name.literal);
    }),
  );
}

function deniesByDefault(policy: ResourceModel): boolean {
  const selector = policy.value('spec.pod_selector');
  const types = policy.value('spec.policy_types').strings;
  return selector.keys.length === 0 && types.includes('Ingress') && policy.value('spec.ingress').length === 0;
}
