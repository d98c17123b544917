import type { PipelineStack } from './stack-list';
import { block } from './steps';

/** Parts of jobs that several jobs on Azure DevOps share. */

export const INSTALL = [
  '          - task: UseNode@1',
  '            inputs: { version: 22.x }',
  '          - script: npm ci --ignore-scripts',
];

export const MERGED =
  "and(eq(variables['Build.SourceBranch'], 'refs/heads/main'), in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI'))";

export const CALL =
  'call() { curl --fail --silent --show-error -H "Authorization: Bearer $SYSTEM_ACCESSTOKEN" -H "Content-Type: application/json" "$@"; }';

export const LOGIN = [
  'export ARM_USE_OIDC=true ARM_CLIENT_ID="$servicePrincipalId" ARM_TENANT_ID="$tenantId" ARM_OIDC_TOKEN="$idToken"',
  'ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv); export ARM_SUBSCRIPTION_ID',
];

interface TerraformTask {
  readonly title: string;
  /** Which service connection of the stack's environment it takes. */
  readonly right: 'plan' | 'apply';
  /** Whether it is told the tree that was merged. */
  readonly tree: boolean;
}

/** A task that runs in the folder of a stack. */
export function terraformTask(stack: PipelineStack, { title, right, tree }: TerraformTask, script: readonly string[]): string[] {
  return [
    '- task: AzureCLI@2',
    `  displayName: ${title}`,
    '  inputs:',
    `    azureSubscription: ${stack.environment}-${right}`,
    '    scriptType: bash',
    '    scriptLocation: inlineScript',
    '    addSpnToEnvironment: true',
    `    workingDirectory: $(Pipeline.Workspace)/synth/stacks/${stack.name}`,
    '    inlineScript: |',
    ...block(6, ['set -euo pipefail', ...script]),
    `  env: { PLAN_PASSPHRASE: $(planPassphrase), STACK: ${stack.name}${tree ? ', TREE: $(tree)' : ''} }`,
  ];
}
