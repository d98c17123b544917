import { expectThat } from '../checks';
import { isGpuSize } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const gpuPoolFenced: IRule = {
  id: 'MLP-GPU-001',
  title: 'GPU pools are tainted and labelled',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster_node_pool'],
  why: 'Without a taint any pod may sit on the dearest nodes and keep them from scaling to zero.',
  fix: 'add the taint nvidia.com/gpu=present:NoSchedule and a label (GpuNodePool does both)',
  check: (pool) => {
    const size = pool.value('vm_size');
    if (size.isUnresolved) return [Verdict.unknown(size)];
    if (!isGpuSize(size.text)) return [];
    const taints = pool.value('node_taints');
    const labels = pool.value('node_labels');
    return [
      expectThat(taints, { finding: 'taint' }).holds(
        () => taints.strings.some((taint) => taint.endsWith(':NoSchedule') && !taint.includes('scalesetpriority')),
        'a NoSchedule taint of its own',
        [[]],
      ),
      expectThat(labels, { finding: 'label' }).holds(() => labels.keys.length > 0, 'a label of its own', [{}]),
    ];
  },
};
