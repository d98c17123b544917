import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const endpointTrafficAddsUp: IRule = {
  id: 'MLP-END-005',
  title: 'traffic of an endpoint adds up and goes to deployments that exist',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azapi_resource', 'azapi_update_resource'],
  why: 'Azure refuses such a split at apply, in the middle of a rollout.',
  fix: 'make the percentages of properties.traffic sum to 100 (or 0), mirrorTraffic to 50 at most, and name known deployments',
  check: (endpoint) => {
    if (!isArmType(endpoint, ML.onlineEndpoint)) return [];
    const traffic = endpoint.value('body.properties.traffic');
    const mirror = endpoint.value('body.properties.mirrorTraffic');
    const verdicts: Verdict[] = [];
    if (!traffic.isMissing) {
      verdicts.push(share(traffic, 'sum', (sum) => sum === 100 || sum === 0, '100 or 0 in sum'));
      verdicts.push(...known(endpoint, traffic));
    }
    if (!mirror.isMissing) {
      verdicts.push(share(mirror, 'mirror', (sum) => sum <= 50, '50 at most'));
      verdicts.push(...known(endpoint, mirror));
    }
    return verdicts;
  },
};

function share(split: AttributeValue, finding: string, test: (sum: number) => boolean, allowed: string): Verdict {
  if (split.holdsUnresolved) return Verdict.unknown(split, finding);
  const sum = split.keys.reduce((total, key) => total + (split.value(key).number ?? Number.NaN), 0);
  return expectThat(split, { finding }).holds(() => test(sum), allowed, [{ blue: 60 }]);
}

function known(endpoint: ResourceModel, traffic: AttributeValue): Verdict[] {
  const target =
    endpoint.type === 'azapi_update_resource' ? endpoint.stack.targetsOf(endpoint.value('resource_id'))[0] : endpoint;
  const deployments = target
    ? endpoint.stack.referrers('azapi_resource', 'parent_id', target).filter((one) => isArmType(one, ML.onlineDeployment))
    : [];
  // Deployments of another app: nobody here can tell.
  if (deployments.length === 0) return traffic.keys.length > 0 ? [Verdict.unknown(traffic, 'deployments')] : [];
  const names = deployments.map((deployment) => deployment.value('name').literal);
  const stray = traffic.keys.filter((name) => !names.includes(name));
  return [expectThat(traffic, { finding: 'deployments' }).holds(() => stray.length === 0, names.join(', '), [{ nobody: 100 }])];
}
