import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const providerNeverPurges: IRule = {
  id: 'MLP-STA-004',
  title: 'the provider neither purges nor force-deletes',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['provider'],
  why: 'By default a destroy purges soft-deleted vaults, and with them the way back.',
  fix: 'set features.key_vault.purge_soft_delete_on_destroy = false and leave the other guards on (AzureProvider does)',
  check: (provider) => {
    if (provider.name !== 'azurerm') return [];
    const { stack } = provider;
    const feature = (path: string) => provider.value(`features.${path}`);
    const keyless = stack
      .ofType('azurerm_storage_account')
      .some((account) => account.value('shared_access_key_enabled').literal === false);
    return [
      ...(stack.ofType('azurerm_key_vault').length > 0
        ? [expectThat(feature('key_vault.purge_soft_delete_on_destroy'), { finding: 'vault' }).is(false)]
        : []),
      ...(stack.ofType('azurerm_machine_learning_workspace').length > 0
        ? [expectThat(feature('machine_learning.purge_soft_deleted_workspace_on_destroy'), { finding: 'workspace' }).isNot(true)]
        : []),
      ...(stack.ofType('azurerm_resource_group').length > 0
        ? [
            expectThat(feature('resource_group.prevent_deletion_if_contains_resources'), { finding: 'resource-group' }).isNot(
              false,
            ),
          ]
        : []),
      ...(keyless ? [expectThat(provider.value('storage_use_azuread'), { finding: 'storage' }).is(true)] : []),
    ];
  },
};
