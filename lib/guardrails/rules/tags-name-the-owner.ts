import { type CheckOptions, expectThat } from '../checks';
import { locationName } from '../facets/location';
import type { ResourceModel, StackModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { strictnessOfName } from '../stage';
import type { Verdict } from '../verdict';

const REQUIRED = ['owner', 'cost-center', 'environment', 'data-classification'].map((tag) => ({
  path: `tags.${tag}`,
  options: { finding: tag },
}));
/** Types that hold data, run code or cost money; tags on the rest are checked where there are any. */
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

export const tagsNameTheOwner: IRule = {
  id: 'MLP-TAG-001',
  title: 'tags name owner, cost center, environment and data classification, and the location is allowed',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_*', 'azapi_resource'],
  why: 'What nobody owns, nobody patches, pays for or deletes.',
  fix: 'build it below an Environment and pass the tags of environment.name(...); outside our constructs set the four tags',
  mappings: { psRule: ['Azure.ACR.ReplicaLocation'] },
  check: (resource) => [...tags(resource), ...place(resource)],
};

function tags(resource: ResourceModel): Verdict[] {
  if (!TAGGED.has(resource.type)) {
    const stated = resource.value('tags');
    if (stated.keys.length === 0 && !stated.isUnresolved) return [];
  }
  const verdicts = REQUIRED.map(({ path, options }) => expectThat(resource.value(path), options).isSet());
  const environment = resource.value('tags.environment');
  const expected = expectedOf(resource.stack);
  if (expected !== undefined && typeof environment.literal === 'string') {
    verdicts.push(expectThat(environment, expected.options).holds(expected.test, 'the environment of the stack', ['elsewhere']));
  }
  return verdicts;
}

interface Expected {
  readonly options: CheckOptions;
  readonly test: (tag: unknown) => boolean;
}

const EXPECTED = new WeakMap<StackModel, Expected | undefined>();

/** What is expected of the tag in a stack whose name says its environment: worked out once, and asked for every resource. */
function expectedOf(stack: StackModel): Expected | undefined {
  if (EXPECTED.has(stack)) return EXPECTED.get(stack);
  const strictness = strictnessOfName(stack.name.split('-')[0] ?? '');
  const what = `stack ${stack.name} belongs to another environment`;
  const expected =
    strictness === undefined
      ? undefined
      : {
          options: { finding: 'environment-differs', what },
          test: (tag: unknown) => strictnessOfName(String(tag)) === strictness,
        };
  EXPECTED.set(stack, expected);
  return expected;
}

/** Asked only where the pack names locations; replicas carry data abroad as well as the resource itself. */
function place(resource: ResourceModel): Verdict[] {
  const allowed = resource.stack.allowed.locations?.map(locationName);
  if (!allowed) return [];
  const location = resource.value('location');
  const replicas = resource.type === 'azurerm_container_registry' ? resource.blocks('georeplications') : [];
  return [location, ...replicas.map((replica) => replica.value('location'))]
    .filter((value) => !value.isMissing)
    .map((value) =>
      expectThat(value, {
        finding: 'location',
        fix: 'move it, or name the location: GuardrailPack.BASELINE.allowingLocations(...), --allow-locations',
      }).holds((name) => typeof name === 'string' && [...allowed, 'global'].includes(locationName(name)), allowed.join(', '), [
        'antarcticasouth',
      ]),
    );
}
