import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const STATEFUL = new Set([
  'azurerm_ai_foundry',
  'azurerm_ai_services',
  'azurerm_container_registry',
  'azurerm_cognitive_account',
  'azurerm_cosmosdb_account',
  'azurerm_eventhub_namespace',
  'azurerm_key_vault',
  'azurerm_kubernetes_cluster',
  'azurerm_log_analytics_workspace',
  'azurerm_machine_learning_workspace',
  'azurerm_managed_disk',
  'azurerm_monitor_workspace',
  'azurerm_mssql_database',
  'azurerm_postgresql_flexible_server',
  'azurerm_postgresql_flexible_server_database',
  'azurerm_search_service',
  'azurerm_storage_account',
  'azurerm_storage_container',
  'azurerm_storage_data_lake_gen2_filesystem',
  'azurerm_storage_share',
]);

export const statefulResourcesProtected: IRule = {
  id: 'MLP-STA-002',
  title: 'what holds data cannot be destroyed by mistake',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_*', 'azapi_resource'],
  why: 'A renamed construct id is a destroy and a create; for a storage account that is the end of its data.',
  fix: 'set lifecycle { prevent_destroy = true } (preventDestroy of the EnvironmentProfile), or a management lock',
  check: (resource) => {
    if (!STATEFUL.has(resource.type) && !isArmType(resource, ML.registry, ML.workspace)) return [];
    const lock = lockOf(resource);
    if (lock) return [Verdict.pass()._restingOn(lock.address)];
    const guard = resource.value('lifecycle.prevent_destroy');
    // A plan does not hold lifecycle; ml-platform check reads it from the synthesized stack beside the plan.
    return [
      resource.value('lifecycle').isMissing && resource.stack.origin === 'plan'
        ? Verdict.unknown(guard)
        : expectThat(guard).is(true),
    ];
  },
};

/** The lock on a resource, or on its group. */
function lockOf(resource: ResourceModel): ResourceModel | undefined {
  if (resource.stack.inApp('azurerm_management_lock').length === 0) return undefined;
  const group = resource.stack.targetsOf(resource.value('resource_group_name'))[0];
  return [resource, ...(group ? [group] : [])].flatMap((locked) =>
    resource.stack.referrers('azurerm_management_lock', 'scope', locked),
  )[0];
}
