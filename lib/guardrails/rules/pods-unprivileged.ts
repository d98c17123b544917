import { expectThat } from '../checks';
import { isOperatorNamespace, namespaceOf } from '../facets/kubernetes-namespace';
import { containersOf, listOf, onWhatIsStated, POD_TYPES, type PodPart, podsOf } from '../facets/kubernetes-pod';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const podsUnprivileged: IRule = {
  id: 'MLP-K8S-003',
  title: 'pods do not reach into their node',
  severity: RuleSeverity.CRITICAL,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: POD_TYPES,
  why: 'A privileged pod is root on its node, and so on every model and token there.',
  fix: 'drop privileged, host namespaces, hostPath and host ports; set allow_privilege_escalation = false',
  mappings: {
    checkov: ['CKV_K8S_16', 'CKV_K8S_17', 'CKV_K8S_18', 'CKV_K8S_19', 'CKV_K8S_20', 'CKV_K8S_26', 'CKV_K8S_27'],
    trivy: ['KSV-0001', 'KSV-0006', 'KSV-0008', 'KSV-0009', 'KSV-0010', 'KSV-0017', 'KSV-0023', 'KSV-0024'],
    azurePolicy: ['AKS_NoPrivilege'],
  },
  check: (resource) =>
    onWhatIsStated(
      resource,
      podsOf(resource).flatMap((pod) => judge(resource, pod)),
    ),
};

function judge(resource: ResourceModel, pod: PodPart): Verdict[] {
  if (pod.root.isUnresolved) return [Verdict.unknown(pod.root)];
  // Drivers and node agents must touch the node; their namespaces are named (MLP-K8S-001).
  if (isOperatorNamespace(namespaceOf(resource))) return [];
  return [
    ...['host_network', 'host_pid', 'host_ipc'].map((name) =>
      expectThat(pod.field(name), { finding: 'host-namespaces' }).isNot(true),
    ),
    ...listOf(pod, 'volume', 'volumes').map((volume) =>
      expectThat(volume.value(volume.path.startsWith('manifest.') ? 'hostPath' : 'host_path'), {
        finding: 'host-path',
      }).isNotSet(),
    ),
    ...containersOf(pod).flatMap((container) => [
      expectThat(container.field('security_context.privileged'), { finding: 'privileged' }).isNot(true),
      expectThat(container.field('security_context.allow_privilege_escalation'), { finding: 'escalation' }).is(false),
      ...listOf(container, 'port', 'ports').map((port) =>
        expectThat(port.value(port.path.startsWith('manifest.') ? 'hostPort' : 'host_port'), { finding: 'host-port' }).holds(
          (found) => !found,
          'not set',
          [8080],
        ),
      ),
    ]),
  ];
}
