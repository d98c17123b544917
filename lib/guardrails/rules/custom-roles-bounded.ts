import { expectThat } from '../checks';
import type { AttributeValue } from '../model/attribute-value';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict, VerdictKind } from '../verdict';

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
        .map((list) => expectThat(list, { finding: 'wildcard' }).excludes((action) => action === '*', 'named actions', [['*']])),
      boundedScopes(scopes),
    ];
  },
};

function boundedScopes(scopes: AttributeValue): Verdict {
  const types = scopes.references.map((address) => address.replace(/^data\./, '').split('.')[0]);
  if (types.includes('azurerm_management_group')) {
    return Verdict.fail({ value: scopes, finding: 'scopes', allowed: 'subscriptions or below' });
  }
  const known = expectThat(scopes, { finding: 'scopes' }).excludes(
    (scope) => scope === '/' || /managementGroups/i.test(scope),
    'subscriptions or below',
    [['/providers/Microsoft.Management/managementGroups/root']],
  );
  // References to subscriptions, groups and resources reach no further than those.
  const settled =
    types.length > 0 &&
    types.every((type) => type?.startsWith('azurerm_')) &&
    scopes.elements().every((scope) => !scope.isUnresolved || scope.references.length > 0);
  return known.kind === VerdictKind.UNKNOWN && settled ? Verdict.pass(scopes) : known;
}
