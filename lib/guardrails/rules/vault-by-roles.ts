import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const vaultByRoles: IRule = {
  id: 'MLP-KVT-002',
  title: 'access to the vault is given by roles',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_key_vault', 'azurerm_key_vault_access_policy'],
  why: 'Access policies stand beside role assignments: no review of roles shows them, and Contributors may write them.',
  fix: 'set rbac_authorization_enabled = true, as KeyVault does, and grant: vault.grantSecretsUser(identity)',
  mappings: { psRule: ['Azure.KeyVault.RBAC', 'Azure.KeyVault.AccessPolicy'] },
  check: (resource) => {
    if (resource.type === 'azurerm_key_vault_access_policy') {
      return [
        Verdict.fail({ value: resource.value('object_id'), finding: 'policy', what: 'an access policy instead of a role' }),
      ];
    }
    return [
      expectThat(resource.firstOf('rbac_authorization_enabled', 'enable_rbac_authorization'), { finding: 'rbac' }).is(true),
      expectThat(resource.value('access_policy'), { finding: 'policy' }).isNotSet(),
    ];
  },
};
