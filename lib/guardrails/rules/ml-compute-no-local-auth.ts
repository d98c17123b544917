import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const mlComputeNoLocalAuth: IRule = {
  id: 'MLP-AML-005',
  title: 'ML compute has no local accounts',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: [
    'azurerm_machine_learning_compute_cluster',
    'azurerm_machine_learning_compute_instance',
    'azurerm_machine_learning_synapse_spark',
    'azapi_resource',
  ],
  why: 'An SSH password on a training node is one more door to the data it mounts.',
  fix: 'set local_auth_enabled = false (azapi: disableLocalAuth = true), give no ssh.admin_password and leave ssh_public_access_enabled unset',
  mappings: { checkov: ['CKV_AZURE_142'], psRule: ['Azure.ML.DisableLocalAuth'], azurePolicy: ['Compute_DisableLocalAuth'] },
  check: (compute) => {
    if (compute.type !== 'azapi_resource') {
      return [
        expectThat(compute.value('local_auth_enabled'), { finding: 'local-auth' }).is(false),
        expectThat(compute.value('ssh.admin_password'), { finding: 'password' }).isNotSet(),
        expectThat(compute.value('ssh_public_access_enabled'), { finding: 'public-ssh' }).isNot(true),
      ];
    }
    if (!isArmType(compute, ML.compute)) return [];
    const properties = (path: string) => compute.value(`body.properties.properties.${path}`);
    return [
      expectThat(compute.value('body.properties.disableLocalAuth'), { finding: 'local-auth' }).is(true),
      expectThat(properties('userAccountCredentials.adminUserPassword'), { finding: 'password' }).isNotSet(),
      expectThat(properties('sshSettings.sshPublicAccess'), { finding: 'public-ssh' }).isNot('Enabled'),
      expectThat(properties('remoteLoginPortPublicAccess'), { finding: 'public-ssh' }).isNot('Enabled'),
    ];
  },
};
