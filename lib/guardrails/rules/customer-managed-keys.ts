import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const customerManagedKeys: IRule = {
  id: 'MLP-CMK-001',
  title: 'regulated data is encrypted with keys of your own',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_kubernetes_cluster', 'azurerm_machine_learning_workspace', 'azurerm_storage_account'],
  why: 'Some regulators ask that you can withdraw the key; a key in a vault without purge protection can take all data with it.',
  fix: 'AKS: disk_encryption_set_id and key_management_service (secretsEncryption); workspace: encryption; storage: customer_managed_key',
  mappings: {
    checkov: ['CKV_AZURE_117', 'CKV2_AZURE_1'],
    trivy: ['AZU-0060', 'AZU-0061', 'AZU-0067'],
    azurePolicy: ['Workspace_CMKEnabled', 'Storage_CMK', 'AKS_EnableKMS'],
  },
  check: (resource) => {
    if (resource.type === 'azurerm_kubernetes_cluster') {
      return [
        expectThat(resource.value('disk_encryption_set_id'), { finding: 'disks' }).isSet(),
        expectThat(resource.value('key_management_service.key_vault_key_id'), { finding: 'etcd' }).isSet(),
      ];
    }
    if (resource.type === 'azurerm_storage_account') {
      const separate = resource.stack.referrers(
        'azurerm_storage_account_customer_managed_key',
        'storage_account_id',
        resource,
      )[0];
      return [
        separate
          ? Verdict.pass()._restingOn(separate.address)
          : expectThat(resource.value('customer_managed_key'), { finding: 'key' }).isSet(),
      ];
    }
    const vault = resource.stack.targetsOf(resource.value('encryption.key_vault_id'))[0];
    return [
      expectThat(resource.value('encryption.key_id'), { finding: 'key' }).isSet(),
      ...(vault?.type === 'azurerm_key_vault'
        ? [expectThat(vault.value('purge_protection_enabled'), { finding: 'vault' }).is(true)]
        : []),
    ];
  },
};
