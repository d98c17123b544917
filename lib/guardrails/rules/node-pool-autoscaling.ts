import { expectThat } from '../checks';
import { fitsEphemeralDisk, NODE_POOL_TYPES, poolValue } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const nodePoolAutoscaling: IRule = {
  id: 'MLP-NPL-005',
  title: 'node pools scale and boot from local disk',
  severity: RuleSeverity.LOW,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: NODE_POOL_TYPES,
  why: 'A fixed pool pays for its peak all night; a managed OS disk costs money and minutes where a local one fits.',
  fix: 'set auto_scaling_enabled with min_count below max_count, and os_disk_type = "Ephemeral" where the size has a local disk (ephemeralOsDisk)',
  mappings: { checkov: ['CKV_AZURE_226'], psRule: ['Azure.AKS.AutoScaling', 'Azure.AKS.EphemeralOSDisk'] },
  check: (pool) => {
    const [least, most] = [poolValue(pool, 'min_count'), poolValue(pool, 'max_count')];
    const verdicts = [expectThat(poolValue(pool, 'auto_scaling_enabled'), { finding: 'autoscaling' }).is(true)];
    if (least.isUnresolved || most.isUnresolved) verdicts.push(Verdict.unknown(least.isUnresolved ? least : most, 'range'));
    else if (least.number !== undefined && most.number !== undefined) {
      const ceiling = most.number;
      verdicts.push(
        expectThat(least, { finding: 'range' }).holds(() => Number(least.number) < ceiling, `less than max_count ${ceiling}`, [
          ceiling,
        ]),
      );
    }
    const size = poolValue(pool, 'vm_size');
    const disk = poolValue(pool, 'os_disk_type');
    if (size.isUnresolved && disk.literal !== 'Ephemeral') verdicts.push(Verdict.unknown(size, 'os-disk'));
    else if (fitsEphemeralDisk(size.text)) verdicts.push(expectThat(disk, { finding: 'os-disk' }).is('Ephemeral'));
    return verdicts;
  },
};
