import { expectThat } from '../checks';
import { isGpuSize, NODE_POOL_TYPES, poolValue } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const nodePoolZones: IRule = {
  id: 'MLP-NPL-003',
  title: 'node pools name their zones',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: NODE_POOL_TYPES,
  why: 'A pool in one zone goes down with it; a GPU pool in no named zone may lie apart from its disks.',
  fix: 'set zones: two or more, one for GPU pools (zones of the pool)',
  mappings: { psRule: ['Azure.AKS.AvailabilityZone'] },
  check: (pool) => {
    const size = poolValue(pool, 'vm_size');
    const zones = poolValue(pool, 'zones');
    if (size.isUnresolved && zones.strings.length === 1) return [Verdict.unknown(size)];
    const least = isGpuSize(size.text) ? 1 : 2;
    return [expectThat(zones).holds(() => zones.strings.length >= least, `${least} or more zones`, [[]])];
  },
};
