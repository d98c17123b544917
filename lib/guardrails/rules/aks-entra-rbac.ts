import { anyOf, expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksEntraRbac: IRule = {
  id: 'MLP-AKS-002',
  title: 'people reach AKS through Entra ID and roles',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'Without Entra ID the cluster keeps its own accounts, which no leaver process closes.',
  fix: 'give azure_active_directory_role_based_access_control with azure_rbac_enabled or admin_group_object_ids (adminGroupObjectIds of MlCluster)',
  mappings: {
    checkov: ['CKV_AZURE_5'],
    trivy: ['AZU-0042'],
    psRule: ['Azure.AKS.ManagedAAD', 'Azure.AKS.AzureRBAC', 'Azure.AKS.UseRBAC'],
    benchmark: ['IM-1', 'IM-2', 'PA-7'],
  },
  check: (cluster) => {
    const entra = (attribute: string) => cluster.value(`azure_active_directory_role_based_access_control.${attribute}`);
    return [
      anyOf(
        expectThat(entra('azure_rbac_enabled'), { finding: 'entra' }).is(true),
        expectThat(entra('admin_group_object_ids'), { finding: 'entra' }).isSet(),
      ),
      expectThat(cluster.value('role_based_access_control_enabled'), { finding: 'rbac' }).is(true),
    ];
  },
};
