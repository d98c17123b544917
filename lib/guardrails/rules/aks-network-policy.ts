import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksNetworkPolicy: IRule = {
  id: 'MLP-AKS-004',
  title: 'AKS runs Azure CNI with a network policy engine',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'Without an engine network policies are accepted and do nothing; kubenet ends in March 2028.',
  fix: 'set network_plugin = "azure" and network_policy = "cilium", as MlCluster does',
  mappings: {
    checkov: ['CKV_AZURE_7', 'CKV2_AZURE_29'],
    trivy: ['AZU-0043'],
    psRule: ['Azure.AKS.NetworkPolicy', 'Azure.AKS.AzureCNI'],
    benchmark: ['NS-1'],
  },
  check: (cluster) => [
    expectThat(cluster.value('network_profile.network_plugin'), { finding: 'plugin' }).is('azure'),
    expectThat(cluster.value('network_profile.network_policy'), { finding: 'policy' }).is('cilium', 'calico', 'azure'),
  ],
};
