import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const postgresEntraAndBackup: IRule = {
  id: 'MLP-AIS-004',
  title: 'Postgres takes Entra users and keeps a copy elsewhere',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_postgresql_flexible_server'],
  why: 'A password in the code lies in state; a backup in the same region goes with the region.',
  fix: 'set authentication.active_directory_auth_enabled and geo_redundant_backup_enabled = true; use administrator_password_wo',
  mappings: { checkov: ['CKV_AZURE_136'] },
  check: (server) => {
    const password = server.value('administrator_password');
    return [
      expectThat(server.value('authentication.active_directory_auth_enabled'), { finding: 'entra' }).is(true),
      password.literal === undefined
        ? Verdict.pass()
        : Verdict.fail({
            value: password,
            finding: 'password',
            what: 'the password stands in the code',
            allowed: 'administrator_password_wo',
          }),
      expectThat(server.value('geo_redundant_backup_enabled'), { finding: 'backup' }).is(true),
    ];
  },
};
