import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const endpointEntraAuth: IRule = {
  id: 'MLP-END-001',
  title: 'endpoints ask for Entra tokens',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azapi_resource'],
  why: 'An endpoint key is shared, does not expire, and names nobody in the log.',
  fix: 'set body.properties.authMode = "AADToken"',
  check: (endpoint) =>
    isArmType(endpoint, ML.onlineEndpoint, ML.batchEndpoint)
      ? [expectThat(endpoint.value('body.properties.authMode')).is('AADToken')]
      : [],
};
