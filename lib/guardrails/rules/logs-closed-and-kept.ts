import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const logsClosedAndKept: IRule = {
  id: 'MLP-MON-002',
  title: 'log stores take identities only and keep logs for 90 days',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_log_analytics_workspace', 'azurerm_application_insights'],
  why: 'A workspace key lets anyone write false logs; most intrusions are found after more than a month.',
  fix: 'turn local authentication off, keep 90 days or more, set workspace_id; behind a private link scope close internet access too',
  mappings: { psRule: ['Azure.AppInsights.Workspace', 'Azure.AppInsights.LocalAuth'] },
  check: (store) => {
    const insights = store.type === 'azurerm_application_insights';
    const scoped = store.stack.referrers('azurerm_monitor_private_link_scoped_service', 'linked_resource_id', store).length > 0;
    const old = store.value('local_authentication_disabled');
    return [
      insights
        ? expectThat(old, { finding: 'local-auth' }).is(true)
        : old.literal === true
          ? Verdict.pass(old)._refusing(false)
          : expectThat(store.value('local_authentication_enabled'), { finding: 'local-auth' }).is(false),
      expectThat(store.value('retention_in_days'), { finding: 'retention' }).atLeast(90),
      ...(insights ? [expectThat(store.value('workspace_id'), { finding: 'workspace' }).isSet()] : []),
      ...(scoped
        ? [
            expectThat(store.value('internet_ingestion_enabled'), { finding: 'ingestion' }).is(false),
            expectThat(store.value('internet_query_enabled'), { finding: 'query' }).is(false),
          ]
        : []),
    ];
  },
};
