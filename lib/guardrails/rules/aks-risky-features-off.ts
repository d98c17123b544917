import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksRiskyFeaturesOff: IRule = {
  id: 'MLP-AKS-011',
  title: 'AKS has no demo routing, retired mesh or remote command',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'HTTP routing publishes services in clear; Open Service Mesh is retired; a remote command passes the private network by.',
  fix: 'leave http_application_routing_enabled and open_service_mesh_enabled unset; in prod set run_command_enabled = false, as MlCluster does',
  mappings: {
    checkov: ['CKV_AZURE_246'],
    psRule: ['Azure.AKS.HttpAppRouting'],
    benchmark: ['NS-1', 'DP-4'],
    azurePolicy: ['AKS_DisableRunCommand'],
  },
  check: (cluster) => [
    expectThat(cluster.value('http_application_routing_enabled'), { finding: 'http-routing' }).is(false),
    expectThat(cluster.value('open_service_mesh_enabled'), { finding: 'mesh' }).is(false),
    ...(cluster.strictness === 'prod'
      ? [expectThat(cluster.value('run_command_enabled'), { finding: 'run-command' }).is(false)]
      : []),
  ],
};
