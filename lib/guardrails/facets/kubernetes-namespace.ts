import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';

/** Operators that must touch the node: drivers, device plugins, node agents. */
const OPERATORS = /^(gpu-operator|network-operator|nvidia|monitoring|kube-prometheus|velero|falco|csi|prometheus)/;

/** Whether the pods of a namespace of this name may be privileged. */
export function isOperatorNamespace(name: AttributeValue): boolean {
  return OPERATORS.test(name.text);
}

/** The namespace that an object is in; objects of a release take that of the release. */
export function namespaceOf(object: ResourceModel): AttributeValue {
  const own = object.value(object.type === 'kubernetes_manifest' ? 'manifest.metadata.namespace' : 'metadata.namespace');
  if (!own.isMissing) return own;
  const release = object.address.includes('/') ? object.stack.find(object.address.split('/')[0] ?? '') : undefined;
  return release?.value('namespace') ?? own;
}
