import { expectThat } from '../checks';
import { NODE_POOL_TYPES, poolValue } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksPoolRotationName: IRule = {
  id: 'MLP-AKS-013',
  title: 'node pools can be rotated',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: NODE_POOL_TYPES,
  why: 'Without a name for the temporary pool a change of size or zones plans well and then fails at apply.',
  fix: 'set temporary_name_for_rotation, as MlCluster and its pools do',
  check: (pool) => [expectThat(poolValue(pool, 'temporary_name_for_rotation')).isSet()],
};
