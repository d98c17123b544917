import { expectThat } from '../checks';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
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
      const [disks, etcd] = [resource.value('disk_encryption_set_id'), resource.value('key_management_service.key_vault_key_id')];
      const set = resource.stack.targetsOf(disks).find((target) => target.type === 'azurerm_disk_encryption_set');
      return [
        expectThat(disks, { finding: 'disks' }).isSet(),
        expectThat(etcd, { finding: 'etcd' }).isSet(),
        ...vaultOf(resource, etcd),
        ...(set ? vaultOf(set, set.value('key_vault_key_id')) : []),
      ];
    }
    if (resource.type === 'azurerm_storage_account') {
      const separate = resource.stack.referrers(
        'azurerm_storage_account_customer_managed_key',
        'storage_account_id',
        resource,
      )[0];
      return separate
        ? [Verdict.pass()._restingOn(separate.address), ...vaultOf(separate, separate.value('key_vault_id'))]
        : [
            expectThat(resource.value('customer_managed_key'), { finding: 'key' }).isSet(),
            ...vaultOf(resource, resource.value('customer_managed_key.key_vault_key_id')),
          ];
    }
    return [
      expectThat(resource.value('encryption.key_id'), { finding: 'key' }).isSet(),
      ...vaultOf(resource, resource.value('encryption.key_vault_id')),
    ];
  },
};

/** The vault behind a reference to it, or to a key in it. */
function vaultOf(holder: ResourceModel, reference: AttributeValue): Verdict[] {
  const targets = holder.stack
    .targetsOf(reference)
    .flatMap((target) =>
      target.type === 'azurerm_key_vault_key' ? target.stack.targetsOf(target.value('key_vault_id')) : [target],
    );
  return targets
    .filter((target) => target.type === 'azurerm_key_vault')
    .map((vault) =>
      expectThat(vault.value('purge_protection_enabled'), {
        finding: 'vault',
        what: `${vault.address} holds the key`,
        fix: 'set purge_protection_enabled = true on the vault: who purges the key destroys all that it encrypts',
      }).is(true),
    );
}
