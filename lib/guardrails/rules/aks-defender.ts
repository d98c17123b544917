import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksDefender: IRule = {
  id: 'MLP-AKS-012',
  title: 'Defender watches AKS and old images are cleaned',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'Without Defender nobody sees a container that turns on its host; old images keep old flaws on every node.',
  fix: 'give microsoft_defender and image_cleaner_enabled = true (defender of the EnvironmentProfile, logAnalyticsWorkspaceId of MlCluster)',
  mappings: { psRule: ['Azure.AKS.DefenderProfile'], azurePolicy: ['AKS_Defender', 'AKS_ImageCleaner'] },
  check: (cluster) => [
    expectThat(cluster.value('microsoft_defender.log_analytics_workspace_id'), { finding: 'defender' }).isSet(),
    expectThat(cluster.value('image_cleaner_enabled'), { finding: 'image-cleaner' }).is(true),
  ],
};
