import { roleOf, scopeOf } from '../facets/role';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const narrowScopes: IRule = {
  id: 'MLP-IAM-002',
  title: 'roles are given on a resource or a resource group',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_role_assignment'],
  why: 'A role on a subscription reaches what will be built there next year.',
  fix: 'give the role on the resource: storage.grantRead(identity) and its kin',
  check: (assignment) => {
    const value = assignment.value('scope');
    const scope = scopeOf(assignment);
    if (scope === undefined) return [Verdict.unknown(value)];
    if (roleOf(assignment) === 'Contributor' && scope !== 'resource') {
      return [Verdict.fail({ value, finding: 'contributor', what: `Contributor on a whole ${scope}`, allowed: 'a resource' })];
    }
    return scope === 'subscription' || scope === 'management group'
      ? [
          Verdict.fail({
            value,
            finding: scope.replace(' ', '-'),
            what: `the role reaches a ${scope}`,
            allowed: 'a resource or a resource group',
            final: scope === 'management group',
          }),
        ]
      : [Verdict.pass(value)._refusing('/subscriptions/00000000-0000-0000-0000-000000000000')];
  },
};
