import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksLocalAccountsDisabled: IRule = {
  id: 'MLP-AKS-001',
  title: 'AKS has no local accounts',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'A local certificate opens the cluster long after its holder lost access, and no audit log says who held it.',
  fix: 'set local_account_disabled = true, as MlCluster does; the Azure ML extension needs local accounts: acknowledge it on that cluster',
  mappings: {
    checkov: ['CKV_AZURE_141'],
    psRule: ['Azure.AKS.LocalAccounts'],
    benchmark: ['IM-1', 'PA-7'],
    azurePolicy: ['AKS_DisableLocalAccounts'],
  },
  check: (cluster) => [expectThat(cluster.value('local_account_disabled')).is(true)],
};
