import { expectThat } from '../checks';
import { roleOf, roleValue } from '../facets/role';
import type { ResourceModel } from '../model/stack-model';
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
      type.isMissing ? principal(assignment) : expectThat(type, { finding: 'person' }).isNot('User'),
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

/** Where the type is left out Azure looks it up; where the principal comes from says it too. */
function principal(assignment: ResourceModel): Verdict {
  const id = assignment.value('principal_id');
  const [source] = id.references.map((address) => address.replace(/^data\./, '').split('.')[0] ?? '');
  if (/^azuread_users?$/.test(source ?? '')) {
    return Verdict.fail({ value: id, finding: 'person', what: 'the principal is a person', allowed: 'a group' });
  }
  return source?.startsWith('azure') && !source.endsWith('_client_config') ? Verdict.pass() : Verdict.unknown(id, 'person');
}
