import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksUpgradesPlanned: IRule = {
  id: 'MLP-AKS-010',
  title: 'AKS upgrades itself inside maintenance windows',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'A version out of support gets no patches; an upgrade at noon drains the nodes that serve.',
  fix: 'set automatic_upgrade_channel, node_os_upgrade_channel and both maintenance windows (upgradeWindow, nodeImageWindow of MlCluster)',
  mappings: {
    checkov: ['CKV_AZURE_171'],
    psRule: ['Azure.AKS.AutoUpgrade', 'Azure.AKS.NodeAutoUpgrade', 'Azure.AKS.MaintenanceWindow'],
    benchmark: ['PV-7'],
  },
  check: (cluster) => [
    expectThat(cluster.value('automatic_upgrade_channel'), { finding: 'channel' }).is('patch', 'stable', 'rapid', 'node-image'),
    expectThat(cluster.value('node_os_upgrade_channel'), { finding: 'node-os' }).is('NodeImage', 'SecurityPatch'),
    expectThat(cluster.value('maintenance_window_auto_upgrade'), { finding: 'window' }).isSet(),
    expectThat(cluster.value('maintenance_window_node_os'), { finding: 'node-os-window' }).isSet(),
  ],
};
