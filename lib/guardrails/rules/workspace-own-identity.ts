import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const workspaceOwnIdentity: IRule = {
  id: 'MLP-AML-004',
  title: 'the workspace acts as an identity of its own choice',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_machine_learning_workspace', 'azurerm_ai_foundry'],
  why: 'A system-assigned identity is born with the workspace: its grants come too late for a keyless first apply.',
  fix: 'give a user-assigned identity and primary_user_assigned_identity (identity of MlWorkspace)',
  mappings: { psRule: ['Azure.ML.UserManagedIdentity'], benchmark: ['IM-3'], azurePolicy: ['Workspace_UAIEnabled'] },
  check: (workspace) => [
    expectThat(workspace.value('identity.type'), { finding: 'identity' }).matches(/UserAssigned/, 'UserAssigned', [
      'SystemAssigned',
    ]),
    expectThat(workspace.value('primary_user_assigned_identity'), { finding: 'primary' }).isSet(),
  ],
};
