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
