import { expectThat, masked } from '../checks';
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
    const passwords = ['administrator_password', 'administrator_password_wo'].map((name) => server.value(name));
    return [
      expectThat(server.value('authentication.active_directory_auth_enabled'), { finding: 'entra' }).is(true),
      ...passwords.map((password) =>
        password.literal === undefined
          ? Verdict.pass()
          : Verdict.fail({
              value: masked(password),
              finding: 'password',
              what: 'the password stands in the code',
              allowed: 'administrator_password_wo from a variable or another resource',
            }),
      ),
      expectThat(server.value('geo_redundant_backup_enabled'), { finding: 'backup' }).is(true),
    ];
  },
};
