import { exists } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

/** Log categories without which a setting misses the point; each line is satisfied by any of its names. */
const WANTED: { readonly [type: string]: readonly string[][] } = {
  azurerm_kubernetes_cluster: [['kube-audit-admin', 'kube-audit'], ['guard']],
  azurerm_key_vault: [['AuditEvent']],
};

export const diagnosticsKept: IRule = {
  id: 'MLP-MON-001',
  title: 'audit logs are sent and kept',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: [
    'azurerm_kubernetes_cluster',
    'azurerm_machine_learning_workspace',
    'azurerm_key_vault',
    'azurerm_container_registry',
    'azurerm_storage_account',
    'azurerm_cognitive_account',
    'azurerm_ai_services',
    'azurerm_ai_foundry',
  ],
  why: 'After an incident, what was not logged cannot be asked.',
  fix: 'add a diagnostic setting: for AKS with kube-audit-admin and guard, for vaults with AuditEvent (DiagnosticSetting)',
  mappings: {
    checkov: ['CKV_AZURE_4'],
    trivy: ['AZU-0040'],
    psRule: ['Azure.AKS.AuditLogs', 'Azure.AKS.AuditAdmin', 'Azure.KeyVault.Logs'],
    benchmark: ['LT-4'],
    azurePolicy: ['AuditDiagnosticLog'],
  },
  check: (resource) => {
    const settings = resource.stack.referrers('azurerm_monitor_diagnostic_setting', 'target_resource_id', resource);
    const present = exists(
      settings.map((setting) => setting.address),
      'azurerm_monitor_diagnostic_setting',
      { finding: 'setting' },
    );
    const wanted = WANTED[resource.type] ?? [];
    const [first] = settings;
    if (!first) return [present];
    const logs = settings.flatMap((setting) => setting.blocks('enabled_log'));
    const unresolved = settings.map((setting) => setting.value('enabled_log')).find((value) => value.holdsUnresolved);
    if (unresolved) return [present, Verdict.unknown(unresolved, 'categories')];
    if (logs.length === 0) {
      const value = first.value('enabled_log');
      return [present, Verdict.fail({ value, finding: 'categories', what: 'the setting sends metrics only', allowed: 'logs' })];
    }
    const groups = logs.map((log) => log.value('category_group').text.toLowerCase());
    const categories = logs.map((log) => log.value('category').text.toLowerCase());
    const missing = wanted.filter((names) => !names.some((name) => categories.includes(name.toLowerCase())));
    const covered = groups.includes('alllogs') || groups.includes('audit') || missing.length === 0;
    if (covered) return [present];
    return [
      present,
      Verdict.fail({
        value: first.value('enabled_log'),
        finding: 'categories',
        what: `categories missing: ${missing.map((names) => names[0]).join(', ')}`,
        allowed: wanted.map((names) => names.join(' or ')).join(', '),
      }),
    ];
  },
};
