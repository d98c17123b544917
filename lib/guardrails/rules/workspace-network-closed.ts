import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const workspaceNetworkClosed: IRule = {
  id: 'MLP-AML-001',
  title: 'the workspace is closed to the public network',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['azurerm_machine_learning_workspace', 'azurerm_ai_foundry', 'azapi_resource'],
  why: 'The workspace holds experiments, models and tokens to its data; its public endpoint is the same for everyone.',
  fix: 'set public_network_access_enabled = false, as MlWorkspace does (ai_foundry: public_network_access = "Disabled")',
  mappings: {
    checkov: ['CKV_AZURE_144', 'CKV2_AZURE_49'],
    psRule: ['Azure.ML.PublicAccess'],
    benchmark: ['NS-2'],
    azurePolicy: ['Workspace_PublicNetworkAccessDisabled'],
  },
  check: (workspace) => {
    if (workspace.type === 'azurerm_ai_foundry') return [expectThat(workspace.value('public_network_access')).is('Disabled')];
    if (workspace.type !== 'azapi_resource') return [expectThat(workspace.value('public_network_access_enabled')).is(false)];
    return isArmType(workspace, ML.workspace)
      ? [expectThat(workspace.value('body.properties.publicNetworkAccess')).is('Disabled')]
      : [];
  },
};
