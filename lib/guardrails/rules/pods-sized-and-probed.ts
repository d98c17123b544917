import { expectThat } from '../checks';
import { containersOf, isCustom, onWhatIsStated, POD_TYPES, type PodPart, podsOf, runsToEnd } from '../facets/kubernetes-pod';
import { AttributeValue } from '../model/attribute-value';
import { isObject } from '../model/json';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const podsSizedAndProbed: IRule = {
  id: 'MLP-K8S-005',
  title: 'containers state what they need and tell when they are well',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: POD_TYPES,
  why: 'Without requests the scheduler guesses; without a memory limit one leak takes the node; without probes a dead server keeps its traffic.',
  fix: 'set requests for cpu and memory, a memory limit, equal GPU request and limit, and probes on what serves',
  mappings: {
    checkov: ['CKV_K8S_8', 'CKV_K8S_9', 'CKV_K8S_10', 'CKV_K8S_11', 'CKV_K8S_12', 'CKV_K8S_13'],
    trivy: ['KSV-0011', 'KSV-0015', 'KSV-0016', 'KSV-0018'],
    azurePolicy: ['AKS_ResourceLimits', 'AKS_ProbesRequired'],
  },
  check: (resource) =>
    onWhatIsStated(
      resource,
      podsOf(resource).flatMap((pod) => judge(resource, pod)),
    ),
};

function judge(resource: ResourceModel, pod: PodPart): Verdict[] {
  if (pod.root.isUnresolved) return [Verdict.unknown(pod.root)];
  return containersOf(pod).flatMap((container) => {
    // The controller of a custom resource knows how to ask whether its pods are well.
    const serves = !isCustom(resource) && !runsToEnd(resource) && !/(init_container|initContainers)/.test(container.root.path);
    return [
      expectThat(container.field('resources.requests.cpu'), { finding: 'cpu' }).isSet(),
      expectThat(container.field('resources.requests.memory'), { finding: 'memory' }).isSet(),
      expectThat(container.field('resources.limits.memory'), { finding: 'memory-limit' }).isSet(),
      ...gpuLimits(container),
      ...(serves
        ? [
            expectThat(container.field('readiness_probe'), { finding: 'readiness' }).isSet(),
            expectThat(container.field('liveness_probe'), { finding: 'liveness' }).isSet(),
          ]
        : []),
    ];
  });
}

/** Kubernetes refuses a pod whose GPU request and limit differ; MIG slices are resources of their own. */
function gpuLimits(container: PodPart): Verdict[] {
  const entries = (list: string) => {
    const map = container.field(`resources.${list}`).literal;
    return isObject(map) ? map : {};
  };
  const [requests, limits] = [entries('requests'), entries('limits')];
  return Object.entries(requests)
    .filter(([name, request]) => name.startsWith('nvidia.com/') && String(request) !== String(limits[name]))
    .map(([name, request]) => {
      const value = new AttributeValue(`${container.root.path}.resources.limits.${name}`, limits[name]);
      return Verdict.fail({ value, finding: 'gpu', allowed: `${String(request)}, as requested` });
    });
}
