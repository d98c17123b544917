import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksSecretRotation: IRule = {
  id: 'MLP-AKS-008',
  title: 'AKS mounts vault secrets and follows their rotation',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'A secret rotated in the vault stays old in the pod until somebody restarts it.',
  fix: 'give key_vault_secrets_provider { secret_rotation_enabled = true }, as MlCluster does',
  mappings: {
    checkov: ['CKV_AZURE_172'],
    psRule: ['Azure.AKS.SecretStore', 'Azure.AKS.SecretStoreRotation'],
    benchmark: ['IM-8', 'DP-7'],
  },
  check: (cluster) => [expectThat(cluster.value('key_vault_secrets_provider.secret_rotation_enabled')).is(true)],
};
