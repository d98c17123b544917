import { expectThat } from '../checks';
import { containersOf, POD_TYPES, type PodPart, podOf, runsToEnd } from '../facets/kubernetes-pod';
import { AttributeValue } from '../model/attribute-value';
import { isObject } from '../model/json';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const GPU = 'nvidia.com/gpu';

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
  check: (resource) => {
    const pod = podOf(resource);
    if (!pod) return [];
    if (pod.root.isUnresolved) return [Verdict.unknown(pod.root)];
    return containersOf(pod).flatMap((container) => {
      const serves = !runsToEnd(resource) && !/(init_container|initContainers)/.test(container.root.path);
      return [
        expectThat(container.field('resources.requests.cpu'), { finding: 'cpu' }).isSet(),
        expectThat(container.field('resources.requests.memory'), { finding: 'memory' }).isSet(),
        expectThat(container.field('resources.limits.memory'), { finding: 'memory-limit' }).isSet(),
        ...gpuLimit(container),
        ...(serves
          ? [
              expectThat(container.field('readiness_probe'), { finding: 'readiness' }).isSet(),
              expectThat(container.field('liveness_probe'), { finding: 'liveness' }).isSet(),
            ]
          : []),
      ];
    });
  },
};

/** Kubernetes refuses a pod whose GPU request and limit differ. */
function gpuLimit(container: PodPart): Verdict[] {
  const entry = (list: string) => {
    const map = container.field(`resources.${list}`).literal;
    return isObject(map) ? map[GPU] : undefined;
  };
  const [request, limit] = [entry('requests'), entry('limits')];
  if (request === undefined || String(request) === String(limit)) return [];
  const value = new AttributeValue(`${container.root.path}.resources.limits.${GPU}`, limit);
  return [Verdict.fail({ value, finding: 'gpu', allowed: `${String(request)}, as requested` })];
}
