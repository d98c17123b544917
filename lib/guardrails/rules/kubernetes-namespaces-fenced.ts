import { expectThat } from '../checks';
import { isOperatorNamespace, namespaceOf } from '../facets/kubernetes-namespace';
import { isNamespacedKind, isNamespacedType } from '../facets/kubernetes-pod';
import { AttributeValue } from '../model/attribute-value';
import { isObject } from '../model/json';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const LEVEL = 'pod-security.kubernetes.io/enforce';

export const kubernetesNamespacesFenced: IRule = {
  id: 'MLP-K8S-001',
  title: 'nothing lives in default or kube-system, and namespaces enforce a pod security level',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['kubernetes_*'],
  why: 'In default no quota and no policy applies; without the label any pod may become root of its node.',
  fix: 'set metadata.namespace; label the namespace pod-security.kubernetes.io/enforce (Tenant and AddonNamespace do)',
  mappings: { checkov: ['CKV_K8S_21'], trivy: ['KSV-0037', 'KSV-0110'], azurePolicy: ['AKS_BlockDefaultNamespace'] },
  check: (resource) => {
    if (/^kubernetes_namespace(_v1)?$/.test(resource.type))
      return [level(resource.value('metadata.name'), resource.value('metadata.labels'))];
    if (resource.type === 'kubernetes_manifest') {
      if (resource.value('manifest.kind').text === 'Namespace') {
        return [level(resource.value('manifest.metadata.name'), resource.value('manifest.metadata.labels'))];
      }
      const stated = namespaceOf(resource);
      const lives = !stated.isMissing || isNamespacedKind(resource.value('manifest.kind').text);
      return lives ? [place(stated)] : [];
    }
    return isNamespacedType(resource.type) ? [place(resource.value('metadata.namespace'))] : [];
  },
};

function place(namespace: AttributeValue): Verdict {
  // A reference to a namespace of this stack is a namespace of our own.
  if (namespace.isReference) return Verdict.pass(namespace);
  return expectThat(namespace, { finding: 'namespace' }).holds(
    (name) => typeof name === 'string' && !['default', 'kube-system', 'kube-public'].includes(name),
    'a namespace of its own',
    ['default'],
  );
}

function level(name: AttributeValue, labels: AttributeValue): Verdict {
  if (labels.isUnresolved) return Verdict.unknown(labels, 'level');
  const entry = new AttributeValue(
    `${labels.path}.${LEVEL}`,
    isObject(labels.literal) ? labels.literal[LEVEL] : undefined,
    false,
    false,
    labels.address,
  );
  const levels = isOperatorNamespace(name) ? ['restricted', 'baseline', 'privileged'] : ['restricted', 'baseline'];
  return expectThat(entry, { finding: 'level' }).is(...levels);
}
