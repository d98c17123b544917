import { expectThat } from '../checks';
import { locationName } from '../facets/location';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const registryResilient: IRule = {
  id: 'MLP-ACR-003',
  title: 'the registry survives a zone, stands where it is pulled from, keeps images inside and cleans up',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_container_registry'],
  why: 'Without the registry no node can start; an export carries images past the network; untagged images pile up.',
  fix: 'set zone_redundancy_enabled, data_endpoint_enabled, retention_policy_in_days and export_policy_enabled = false, as ContainerRegistry does; with clusters or workspaces in other regions a replica in each (addReplica)',
  mappings: {
    checkov: ['CKV_AZURE_165', 'CKV_AZURE_167', 'CKV_AZURE_233', 'CKV_AZURE_237'],
    psRule: ['Azure.ACR.ExportPolicy', 'Azure.ACR.Retention', 'Azure.ACR.GeoReplica'],
  },
  check: (registry) => [
    expectThat(registry.value('zone_redundancy_enabled'), { finding: 'zones' }).is(true),
    expectThat(registry.value('export_policy_enabled'), { finding: 'export' }).is(false),
    expectThat(registry.value('retention_policy_in_days'), { finding: 'retention' }).atLeast(1),
    expectThat(registry.value('data_endpoint_enabled'), { finding: 'data-endpoint' }).is(true),
    ...replicas(registry),
  ],
};

/** A cluster or a workspace that pulls over the ocean starts late, and not at all when the region of the registry is down. */
function replicas(registry: ResourceModel): Verdict[] {
  const own = registry.value('location');
  const elsewhere = new Set(
    ['azurerm_kubernetes_cluster', 'azurerm_machine_learning_workspace']
      .flatMap((type) => registry.stack.inEnvironment(type))
      .map((puller) => puller.value('location').literal)
      .filter((location): location is string => typeof location === 'string')
      .map(locationName)
      .filter((location) => location !== locationName(own.text)),
  );
  if (elsewhere.size === 0) return [];
  const stated = registry.value('georeplications');
  if (own.isUnresolved || stated.holdsUnresolved) return [Verdict.unknown(own.isUnresolved ? own : stated, 'replicas')];
  const present = stated.elements().map((replica) => locationName(replica.value('location').text));
  const missing = [...elsewhere].filter((location) => !present.includes(location)).sort();
  return [
    expectThat(stated, { finding: 'replicas', what: `the platform also runs in ${[...elsewhere].sort().join(', ')}` }).holds(
      () => missing.length === 0,
      `a replica in ${[...elsewhere].sort().join(' and ')}`,
      [[]],
    ),
  ];
}
