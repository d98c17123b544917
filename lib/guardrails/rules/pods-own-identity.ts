import { expectThat } from '../checks';
import { isCustom, POD_TYPES, podsOf } from '../facets/kubernetes-pod';
import { isBound } from '../facets/service-account';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const podsOwnIdentity: IRule = {
  id: 'MLP-K8S-007',
  title: 'pods run as a service account of their own, and roles name what they allow',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['kubernetes_*'],
  why: 'Through the default account every pod shares every right; a mounted token and a wildcard role hand over the cluster.',
  fix: 'set service_account_name and automount_service_account_token = false; list verbs and resources in roles',
  mappings: {
    checkov: ['CKV_K8S_41', 'CKV_K8S_42', 'CKV_K8S_49'],
    trivy: ['KSV-0036', ...Array.from({ length: 16 }, (_, index) => `KSV-00${41 + index}`)],
    azurePolicy: ['AKS_BlockAutomountToken'],
  },
  check: (resource) => {
    if (/^kubernetes_(cluster_)?role(_v1)?$/.test(resource.type)) return resource.blocks('rule').flatMap(bounded);
    if (resource.type === 'kubernetes_manifest' && /^(Cluster)?Role$/.test(resource.value('manifest.kind').text)) {
      return resource.blocks('manifest.rules').flatMap(bounded);
    }
    if (/^kubernetes_service_account(_v1)?$/.test(resource.type)) {
      return [token(resource, resource.value('automount_service_account_token'), resource.value('metadata.name'))];
    }
    // Controllers give the pods of custom resources an account.
    const [pod] = POD_TYPES.includes(resource.type) && !isCustom(resource) ? podsOf(resource) : [];
    if (!pod) return [];
    if (pod.root.isUnresolved) return [Verdict.unknown(pod.root)];
    return [
      pod.field('service_account_name').isReference
        ? Verdict.pass(pod.field('service_account_name'))
        : expectThat(pod.field('service_account_name'), { finding: 'account' }).holds(
            (name) => name !== undefined && name !== 'default',
            'an account of its own',
            ['default'],
          ),
      token(resource, pod.field('automount_service_account_token'), pod.field('service_account_name')),
    ];
  },
};

/** Mounted only where a role binding says what it is for. */
function token(resource: ResourceModel, mounted: AttributeValue, account: AttributeValue): Verdict {
  if (mounted.literal !== false && isBound(resource.stack, account)) return Verdict.pass();
  return expectThat(mounted, { finding: 'token', allowed: 'false, but for accounts that a role binding names' }).is(false);
}

function bounded(rule: AttributeValue): Verdict[] {
  return ['verbs', 'resources'].map((name) => {
    const list = rule.value(name);
    return expectThat(list, { finding: 'wildcard' }).excludes((item) => item === '*', `named ${name}`, [['*']]);
  });
}
