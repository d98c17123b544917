import { expectThat } from '../checks';
import { isMigSize } from '../facets/node-pool';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const gpuInstanceFits: IRule = {
  id: 'MLP-GPU-003',
  title: 'MIG is asked of sizes that can do it',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster_node_pool'],
  why: 'AKS refuses the pool at apply, after the plan was approved.',
  fix: 'drop gpu_instance, or take an A100, H100 or H200 size (GpuSharing.mig with a fitting GpuVmSize)',
  check: (pool) => {
    const instance = pool.value('gpu_instance');
    if (instance.isMissing) return [];
    const size = pool.value('vm_size');
    return [
      expectThat(instance, { finding: 'profile' }).is('MIG1g', 'MIG2g', 'MIG3g', 'MIG4g', 'MIG7g'),
      expectThat(size, { finding: 'size' }).holds(() => isMigSize(size.text), 'an A100, H100 or H200 size', [
        'Standard_NC4as_T4_v3',
      ]),
    ];
  },
};
