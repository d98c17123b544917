import { subjectsOf } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import { AttributeValue } from '../../lib/guardrails/model/attribute-value';
import { ResourceModel } from '../../lib/guardrails/model/stack-model';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { ALL_RULES } from '../../lib/guardrails/rules';
import { CLUSTER_CASES } from './cases/cluster';
import { DATA_CASES } from './cases/data';
import { KUBERNETES_CASES } from './cases/kubernetes';
import { NETWORK_CASES } from './cases/network';
import { STATE_CASES } from './cases/state';
import { WORKSPACE_CASES } from './cases/workspace';

const ALL_CASES = [CLUSTER_CASES, DATA_CASES, KUBERNETES_CASES, NETWORK_CASES, STATE_CASES, WORKSPACE_CASES];

/** Every attribute path that rules read while they judge all cases, by Terraform type. */
export function recordReads(): Record<string, string[]> {
  const reads = new Map<string, Set<string>>();
  const owners = new WeakMap<AttributeValue, string>();
  const note = (type: string, path: string, value: AttributeValue) => {
    owners.set(value, type);
    const paths = reads.get(type) ?? new Set();
    reads.set(type, paths.add(path.replace(/\[\d+\]/g, '')));
    return value;
  };
  const fromResource = ResourceModel.prototype.value;
  const fromValue = AttributeValue.prototype.value;
  const elements = AttributeValue.prototype.elements;
  ResourceModel.prototype.value = function (path) {
    return note(this.type, path, fromResource.call(this, path));
  };
  AttributeValue.prototype.value = function (path) {
    return note(owners.get(this) ?? '', `${this.path}.${path}`, fromValue.call(this, path));
  };
  AttributeValue.prototype.elements = function () {
    const list = elements.call(this);
    for (const item of list) owners.set(item, owners.get(this) ?? '');
    return list;
  };
  try {
    for (const cases of ALL_CASES) {
      for (const [id, { pass, fail, unknown }] of Object.entries(cases)) {
        const rule = ALL_RULES.find((one) => one.id === id);
        for (const one of [...pass, ...fail, ...unknown]) {
          const [stack] = asApp([readSynthesizedStack(one.stackName ?? 'prod-test', one.json)]);
          if (rule && stack) for (const resource of subjectsOf(rule, stack)) rule.check(resource);
        }
      }
    }
  } finally {
    ResourceModel.prototype.value = fromResource;
    AttributeValue.prototype.value = fromValue;
    AttributeValue.prototype.elements = elements;
  }
  return Object.fromEntries([...reads].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, paths]) => [type, [...paths].sort()]));
}
