import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksWorkloadIdentity: IRule = {
  id: 'MLP-AKS-005',
  title: 'AKS issues workload identities',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'Without them pods carry keys of Azure in secrets.',
  fix: 'set oidc_issuer_enabled and workload_identity_enabled = true, as MlCluster does',
  mappings: { azurePolicy: ['AKS_WorkloadIdentity'] },
  check: (cluster) => [
    expectThat(cluster.value('oidc_issuer_enabled'), { finding: 'issuer' }).is(true),
    expectThat(cluster.value('workload_identity_enabled'), { finding: 'workload-identity' }).is(true),
  ],
};
