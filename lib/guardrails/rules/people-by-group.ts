import { expectThat } from '../checks';
import { roleOf, roleValue } from '../facets/role';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const peopleByGroup: IRule = {
  id: 'MLP-IAM-006',
  title: 'people have roles by group, and administer clusters by request',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_role_assignment'],
  why: 'A role on a person stays when the person moves on; standing cluster admins are what attackers look for.',
  fix: 'assign Principal.group(...); give cluster-admin roles as eligible assignments (azurerm_pim_eligible_role_assignment)',
  check: (assignment) => {
    const type = assignment.value('principal_type');
    const role = roleOf(assignment);
    const admin = role !== undefined && /Cluster Admin/.test(role) && type.literal !== 'ServicePrincipal';
    return [
      expectThat(type, { finding: 'person' }).isNot('User'),
      ...(admin
        ? [
            Verdict.fail({
              value: roleValue(assignment),
              finding: 'standing-admin',
              what: `${role} for good`,
              allowed: 'an eligible assignment',
            }),
          ]
        : []),
    ];
  },
};
