import { expectThat } from '../checks';
import { isGpuSize, NODE_POOL_TYPES, poolValue } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const gpuPoolFenced: IRule = {
  id: 'MLP-GPU-001',
  title: 'GPU pools are tainted and labelled',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: NODE_POOL_TYPES,
  why: 'Without a taint any pod may sit on the dearest nodes and keep them from scaling to zero.',
  fix: 'add the taint nvidia.com/gpu=present:NoSchedule and a label (GpuNodePool does both)',
  check: (pool) => {
    const size = poolValue(pool, 'vm_size');
    if (pool.type === 'azurerm_kubernetes_cluster') {
      return isGpuSize(size.text)
        ? [
            Verdict.fail({
              value: size,
              finding: 'default-pool',
              what: 'the default pool takes no taint',
              allowed: 'GPUs in a pool of their own',
            }),
          ]
        : [];
    }
    if (size.isUnresolved) return [Verdict.unknown(size)];
    if (!isGpuSize(size.text)) return [];
    const labels = pool.value('node_labels');
    return [
      expectThat(pool.value('node_taints'), { finding: 'taint' }).contains(
        (taint) => taint.endsWith(':NoSchedule') && !taint.includes('scalesetpriority'),
        'a NoSchedule taint of its own',
      ),
      expectThat(labels, { finding: 'label' }).holds(() => labels.keys.length > 0, 'a label of its own', [{}]),
    ];
  },
};
