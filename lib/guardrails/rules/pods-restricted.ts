import { expectThat } from '../checks';
import { isOperatorNamespace, namespaceOf } from '../facets/kubernetes-namespace';
import { containersOf, onWhatIsStated, POD_TYPES, type PodPart, podsOf } from '../facets/kubernetes-pod';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const podsRestricted: IRule = {
  id: 'MLP-K8S-004',
  title: 'pods run as nobody in particular, with nothing to spare',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: POD_TYPES,
  why: 'What an intruder in a container may do is what the container may do.',
  fix: 'set run_as_non_root, seccomp RuntimeDefault, capabilities drop ALL and a read-only root',
  mappings: {
    checkov: ['CKV_K8S_22', 'CKV_K8S_28', 'CKV_K8S_29', 'CKV_K8S_30', 'CKV_K8S_32', 'CKV_K8S_37'],
    trivy: ['KSV-0003', 'KSV-0012', 'KSV-0014', 'KSV-0030'],
  },
  check: (resource) =>
    onWhatIsStated(
      resource,
      podsOf(resource).flatMap((pod) => judge(resource, pod)),
    ),
};

function judge(resource: ResourceModel, pod: PodPart): Verdict[] {
  if (pod.root.isUnresolved) return [Verdict.unknown(pod.root)];
  if (isOperatorNamespace(namespaceOf(resource))) return [];
  return containersOf(pod).flatMap((container) => {
    // What the container leaves out, the pod says for all of its containers.
    const either = (path: string) => {
      const own = container.field(path);
      return own.isMissing ? pod.field(path) : own;
    };
    return [
      expectThat(either('security_context.run_as_non_root'), { finding: 'non-root' }).is(true),
      expectThat(either('security_context.seccomp_profile.type'), { finding: 'seccomp' }).is('RuntimeDefault', 'Localhost'),
      expectThat(container.field('security_context.capabilities.drop'), { finding: 'capabilities' }).contains(
        (capability) => capability === 'ALL',
        'ALL',
      ),
      expectThat(container.field('security_context.read_only_root_filesystem'), { finding: 'read-only' }).is(true),
    ];
  });
}
