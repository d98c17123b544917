import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { strictnessOfName } from '../stage';

/** Types of azurerm without tags, and those whose tags Azure takes from their parent. */
const REQUIRED = ['owner', 'cost-center', 'environment', 'data-classification'];

export const tagsNameTheOwner: IRule = {
  id: 'MLP-TAG-001',
  title: 'tags name owner, cost center, environment and data classification',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['*'],
  why: 'What nobody owns, nobody patches, pays for or deletes.',
  fix: 'build it below an Environment and pass the tags of environment.name(...); outside our constructs set the four tags',
  mappings: { psRule: ['Azure.Resource.UseTags'] },
  check: (resource) => {
    if (!resource.type.startsWith('azurerm_')) return [];
    const tags = resource.value('tags');
    if (!TAGGED.has(resource.type) && tags.isMissing) return [];
    const verdicts = REQUIRED.map((tag) => {
      const value = resource.value(`tags.${tag}`);
      return expectThat(value, { finding: tag }).isSet();
    });
    const environment = resource.value('tags.environment');
    const stack = strictnessOfName(resource.stack.name.split('-')[0] ?? '');
    if (typeof environment.literal === 'string' && stack !== undefined) {
      verdicts.push(
        expectThat(environment, {
          finding: 'environment-differs',
          what: `the tag names another environment than the stack ${resource.stack.name}`,
        }).holds((tag) => strictnessOfName(String(tag)) === stack, `the environment of the stack`, ['elsewhere']),
      );
    }
    return verdicts;
  },
};

/** Types that hold data, run code or cost money; tags on the rest are welcome and checked where present. */
const TAGGED = new Set([
  'azurerm_ai_foundry',
  'azurerm_ai_services',
  'azurerm_application_insights',
  'azurerm_cognitive_account',
  'azurerm_container_registry',
  'azurerm_dashboard_grafana',
  'azurerm_eventhub_namespace',
  'azurerm_key_vault',
  'azurerm_kubernetes_cluster',
  'azurerm_kubernetes_cluster_node_pool',
  'azurerm_log_analytics_workspace',
  'azurerm_machine_learning_compute_cluster',
  'azurerm_machine_learning_compute_instance',
  'azurerm_machine_learning_workspace',
  'azurerm_nat_gateway',
  'azurerm_network_security_group',
  'azurerm_postgresql_flexible_server',
  'azurerm_private_endpoint',
  'azurerm_public_ip',
  'azurerm_resource_group',
  'azurerm_search_service',
  'azurerm_storage_account',
  'azurerm_user_assigned_identity',
  'azurerm_virtual_network',
]);
