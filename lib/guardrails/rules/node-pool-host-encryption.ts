import { expectThat } from '../checks';
import { NODE_POOL_TYPES, poolValue } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const nodePoolHostEncryption: IRule = {
  id: 'MLP-NPL-002',
  title: 'disks and caches of nodes are encrypted at the host',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: NODE_POOL_TYPES,
  why: 'Without it temporary disks and caches, where models and data are unpacked, lie in clear on the host.',
  fix: 'set host_encryption_enabled = true (hostEncryption of the pool); the subscription needs the feature EncryptionAtHost',
  mappings: { checkov: ['CKV_AZURE_227'], azurePolicy: ['AKS_EncryptionAtHost'] },
  check: (pool) => [expectThat(poolValue(pool, 'host_encryption_enabled')).is(true)],
};
