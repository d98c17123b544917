import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const registryResilient: IRule = {
  id: 'MLP-ACR-003',
  title: 'the registry survives a zone, keeps images inside and cleans up',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_container_registry'],
  why: 'Without the registry no node can start; an export carries images past the network; untagged images pile up.',
  fix: 'set zone_redundancy_enabled, data_endpoint_enabled, retention_policy_in_days and export_policy_enabled = false, as ContainerRegistry does',
  mappings: {
    checkov: ['CKV_AZURE_165', 'CKV_AZURE_167', 'CKV_AZURE_233', 'CKV_AZURE_237'],
    psRule: ['Azure.ACR.ExportPolicy', 'Azure.ACR.Retention', 'Azure.ACR.GeoReplica'],
  },
  check: (registry) => [
    expectThat(registry.value('zone_redundancy_enabled'), { finding: 'zones' }).is(true),
    expectThat(registry.value('export_policy_enabled'), { finding: 'export' }).is(false),
    expectThat(registry.value('retention_policy_in_days'), { finding: 'retention' }).atLeast(1),
    expectThat(registry.value('data_endpoint_enabled'), { finding: 'data-endpoint' }).is(true),
  ],
};
