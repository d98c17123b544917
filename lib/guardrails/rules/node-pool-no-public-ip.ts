import { expectThat } from '../checks';
import { NODE_POOL_TYPES, poolValue } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const nodePoolNoPublicIp: IRule = {
  id: 'MLP-NPL-001',
  title: 'nodes have no public IP',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: NODE_POOL_TYPES,
  why: "A node with a public address can be reached past the network's rules.",
  fix: 'leave node_public_ip_enabled unset, as the pools of MlCluster do',
  mappings: { checkov: ['CKV_AZURE_143'] },
  check: (pool) => [expectThat(poolValue(pool, 'node_public_ip_enabled')).is(false)],
};
