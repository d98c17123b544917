import { containersOf, environmentOf, POD_TYPES, podsOf } from '../facets/kubernetes-pod';
import { isSecretName } from '../facets/secret-name';
import { AttributeValue } from '../model/attribute-value';
import { isExpression, isObject } from '../model/json';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const noSecretInObjects: IRule = {
  id: 'MLP-K8S-008',
  title: 'no Kubernetes object carries a secret in clear',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['kubernetes_*'],
  why: "What stands in an object's JSON stands in git, in the plan and in state.",
  fix: 'sync it from Key Vault (ExternalSecret), or mount it through the CSI driver',
  mappings: { checkov: ['CKV_K8S_35'], trivy: ['KSV-0109'], azurePolicy: ['AKS_NoSecretEnv'] },
  check: (resource) => {
    if (/^kubernetes_secret(_v1)?$/.test(resource.type))
      return ['data', 'string_data', 'binary_data'].flatMap((list) => clear(resource.value(list), true));
    if (/^kubernetes_config_map(_v1)?$/.test(resource.type)) return clear(resource.value('data'), false);
    const kind = resource.type === 'kubernetes_manifest' ? resource.value('manifest.kind').text : '';
    if (kind === 'Secret') return ['data', 'stringData'].flatMap((list) => clear(resource.value(`manifest.${list}`), true));
    if (kind === 'ConfigMap') return clear(resource.value('manifest.data'), false);
    if (!POD_TYPES.includes(resource.type)) return [];
    return podsOf(resource).flatMap((pod) =>
      pod.root.isUnresolved
        ? [Verdict.unknown(pod.root)]
        : containersOf(pod).flatMap((container) => environmentOf(container).flatMap(variable)),
    );
  },
};

function clear(map: AttributeValue, everyKey: boolean): Verdict[] {
  if (map.isUnresolved) return [Verdict.unknown(map, 'clear')];
  const values = isObject(map.literal) ? map.literal : {};
  return Object.entries(values)
    .filter(([key, value]) => (everyKey || isSecretName(key)) && typeof value === 'string' && value !== '')
    .map(([key, value]) => {
      const entry = new AttributeValue(`${map.path}.${key}`, value, false, true);
      return isExpression(value)
        ? Verdict.pass(entry)
        : Verdict.fail({ value: entry, finding: 'clear', allowed: 'nothing in clear' });
    });
}

function variable(entry: AttributeValue): Verdict[] {
  const value = entry.value('value');
  if (!isSecretName(entry.value('name').text.toLowerCase())) return [];
  if (value.isMissing || value.isUnresolved) return [Verdict.pass()];
  const masked = new AttributeValue(`${value.path} of ${entry.value('name').text}`, value.text, false, true);
  return [Verdict.fail({ value: masked, finding: 'env', allowed: 'valueFrom a secret' })];
}
