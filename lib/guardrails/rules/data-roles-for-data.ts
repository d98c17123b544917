import { asRole, roleOf, roleValue, scopeType } from '../facets/role';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const DATA_TYPES =
  /^(azurerm_(storage_account|storage_container|key_vault|container_registry)|microsoft\.(storage|keyvault|containerregistry)\/.+)$/;
const MANAGEMENT_ROLES = ['Owner', 'Contributor', 'Storage Account Contributor', 'Storage Account Key Operator Service Role'];

export const dataRolesForData: IRule = {
  id: 'MLP-IAM-003',
  title: 'data is reached through data roles',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_role_assignment'],
  why: 'Contributor on an account reads its keys, changes its firewall and deletes it; a data role does none of that.',
  fix: 'grant Storage Blob Data Reader, Key Vault Secrets User or AcrPull: grantRead, grantSecretsUser, grantPull',
  check: (assignment) => {
    if (!DATA_TYPES.test(scopeType(assignment))) return [];
    const value = roleValue(assignment);
    const role = roleOf(assignment);
    if (role === undefined) return [Verdict.unknown(value)];
    return MANAGEMENT_ROLES.includes(role)
      ? [Verdict.fail({ value, what: `${role} on something that holds data`, allowed: 'a data role' })]
      : [Verdict.pass(value)._refusing(asRole(value, 'Contributor'))];
  },
};
