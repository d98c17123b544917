import { expectThat } from '../checks';
import { asRole, roleOf, roleValue } from '../facets/role';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const noUnconditionalOwner: IRule = {
  id: 'MLP-IAM-001',
  title: 'nobody may give roles without a condition',
  severity: RuleSeverity.CRITICAL,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_role_assignment'],
  why: 'Who may assign roles may take any role: one stolen token of such a principal is the whole subscription.',
  fix: 'grant the narrowest role (BuiltInRole, RoleGrant), or add a condition that names the roles that may be given',
  check: (assignment) => {
    const value = roleValue(assignment);
    const role = roleOf(assignment);
    if (role === undefined) return [Verdict.unknown(value)];
    if (!['Owner', 'User Access Administrator', 'Role Based Access Control Administrator'].includes(role))
      return [Verdict.pass(value)._refusing(asRole(value, 'Owner'))];
    return [expectThat(assignment.value('condition'), { what: `${role} without a condition` }).isSet()];
  },
};
