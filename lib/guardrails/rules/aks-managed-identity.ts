import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksManagedIdentity: IRule = {
  id: 'MLP-AKS-006',
  title: 'AKS acts as a managed identity',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'A service principal has a secret that expires, and the cluster with it.',
  fix: 'give an identity block and no service_principal, as MlCluster does',
  mappings: { psRule: ['Azure.AKS.ManagedIdentity'], benchmark: ['IM-1', 'IM-2'] },
  check: (cluster) => [
    expectThat(cluster.value('identity.type'), { finding: 'identity' }).isSet(),
    expectThat(cluster.value('service_principal'), { finding: 'service-principal' }).isNotSet(),
  ],
};
