import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const customRolesBounded: IRule = {
  id: 'MLP-IAM-004',
  title: 'custom roles name their actions and stay below management groups',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_role_definition'],
  why: 'A role with "*" is Owner under another name.',
  fix: 'list the actions; keep assignable_scopes to subscriptions or below',
  mappings: { checkov: ['CKV_AZURE_39'], trivy: ['AZU-0030'] },
  check: (definition) => {
    const scopes = definition.value('assignable_scopes');
    const lists = definition.blocks('permissions').flatMap((block) => [block.value('actions'), block.value('data_actions')]);
    return [
      ...lists
        .filter((list) => !list.isMissing)
        .map((list) =>
          expectThat(list, { finding: 'wildcard' }).holds(() => !list.strings.includes('*'), 'named actions', [['*']]),
        ),
      scopes.holdsUnresolved && !scopes.references.every((address) => !address.includes('management_group'))
        ? Verdict.fail({ value: scopes, finding: 'scopes', allowed: 'subscriptions or below' })
        : expectThat(scopes, { finding: 'scopes' }).holds(
            () => !scopes.strings.some((scope) => scope === '/' || /managementGroups/i.test(scope)),
            'subscriptions or below',
            [['/providers/Microsoft.Management/managementGroups/root']],
          ),
    ];
  },
};
