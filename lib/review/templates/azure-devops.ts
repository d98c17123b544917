import { seal } from './seal';
import { inOrder, jobName, type PipelineStack } from './stack-list';
import { APPLY, block, NAME_TREE, PLAN, review, unsealForApply, verdict } from './steps';

const INSTALL = [
  '          - task: UseNode@1',
  '            inputs: { version: 22.x }',
  '          - script: npm ci --ignore-scripts',
];
const PULL_REQUEST = "eq(variables['Build.Reason'], 'PullRequest')";
const MERGED =
  "and(eq(variables['Build.SourceBranch'], 'refs/heads/main'), in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI'))";
const CALL =
  'call() { curl --fail --silent --show-error -H "Authorization: Bearer $SYSTEM_ACCESSTOKEN" -H "Content-Type: application/json" "$@"; }';

const COMMENT = [
  'set -euo pipefail',
  'threads="$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_apis/git/repositories/$BUILD_REPOSITORY_ID/pullRequests/$PULL/threads"',
  CALL,
  'marker=$(head -n 1 review/review.md)',
  '# a thread stays open while somebody must approve or change something',
  'status=closed; if [ "$CODE" -ge 3 ]; then status=active; fi',
  'call "$threads?api-version=7.1" > "$AGENT_TEMPDIRECTORY/threads.json"',
  'found=$(jq -r --arg marker "$marker" \'[.value[] | select(.comments[0].content // "" | startswith($marker))][0] | select(. != null) | "\\(.id) \\(.comments[0].id)"\' "$AGENT_TEMPDIRECTORY/threads.json")',
  'if [ -n "$found" ]; then',
  '  read -r thread comment <<< "$found"',
  '  jq -n --rawfile content review/review.md \'{content: $content}\' | call -X PATCH "$threads/$thread/comments/$comment?api-version=7.1" --data @- > /dev/null',
  '  jq -n --arg status "$status" \'{status: $status}\' | call -X PATCH "$threads/$thread?api-version=7.1" --data @- > /dev/null',
  'else',
  '  jq -n --rawfile content review/review.md --arg status "$status" \'{comments: [{content: $content, commentType: 1}], status: $status}\' | call -X POST "$threads?api-version=7.1" --data @- > /dev/null',
  'fi',
];

/** Which build planned what was merged: the last one of its pull request that ended well. */
const FIND = [
  'set -euo pipefail',
  CALL,
  'project="$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID"',
  'query=$(jq -n --arg commit "$BUILD_SOURCEVERSION" \'{queries: [{type: "lastMergeCommit", items: [$commit]}]}\')',
  'pull=$(call -X POST "$project/_apis/git/repositories/$BUILD_REPOSITORY_ID/pullrequestquery?api-version=7.1" --data "$query" | jq -r --arg commit "$BUILD_SOURCEVERSION" \'.results[0][$commit][0].pullRequestId // empty\')',
  'if [ -z "$pull" ]; then echo "no pull request behind this commit: nothing was reviewed, nothing is applied"; exit 0; fi',
  'run=$(call "$project/_apis/build/builds?definitions=$SYSTEM_DEFINITIONID&reasonFilter=pullRequest&branchName=refs/pull/$pull/merge&statusFilter=completed&resultFilter=succeeded&queryOrder=finishTimeDescending&\\$top=1&api-version=7.1" | jq -r \'.value[0].id // empty\')',
  'if [ -z "$run" ]; then echo "no review of pull request $pull ended well: nothing is applied" >&2; exit 1; fi',
  'echo "##vso[task.setvariable variable=run;isOutput=true]$run"',
  'echo "##vso[task.setvariable variable=tree;isOutput=true]$(git rev-parse \'HEAD^{tree}\')"',
];

const IS_NIGHT = '[ "$REASON" = Schedule ]';

/** Pipeline for Azure DevOps: the same stages as on GitHub. */
export function azureDevOpsPipeline(stacks: readonly PipelineStack[]): string {
  const ordered = inOrder(stacks);
  const environments = [...new Set(ordered.map((stack) => stack.environment))];
  return [
    '# Written by `ml-platform init ci --provider azure-devops`. Needs, for each environment <name>: the service connections',
    '# <name>-plan (workload identity federation, an identity that reads only) and <name>-apply, the environment <name> with an',
    '# approval check; the secret variable planPassphrase, one line of 20 characters or more that nobody could guess: it seals plans',
    '# between the jobs; for the build service the rights "contribute to pull requests" and "view builds"; and a build validation',
    '# policy on main, which runs this on pull requests. The agent must have terraform, jq and gpg.',
    'trigger:',
    '  branches: { include: [main] }',
    'schedules:',
    "  - cron: '17 3 * * *'",
    '    displayName: drift',
    '    branches: { include: [main] }',
    '    always: true',
    'pool: { vmImage: ubuntu-24.04 }',
    'stages:',
    '  - stage: plan',
    `    condition: not(${MERGED})`,
    '    jobs:',
    '      - job: synth',
    '        steps:',
    '          - checkout: self',
    '            fetchDepth: 0',
    ...INSTALL,
    '          - script: npx cdktf synth',
    `          - script: ${NAME_TREE}`,
    '            displayName: Name the tree that is planned',
    '          - script: |',
    ...block(14, [
      'set -euo pipefail',
      'base=$(git merge-base "origin/${TARGET#refs/heads/}" HEAD)',
      'git worktree add "$AGENT_TEMPDIRECTORY/base" "$base"',
      '(cd "$AGENT_TEMPDIRECTORY/base" && npm ci --ignore-scripts && npx cdktf synth)',
      'mv "$AGENT_TEMPDIRECTORY/base/cdktf.out" cdktf.out/.base',
    ]),
    `            condition: and(succeeded(), ${PULL_REQUEST})`,
    '            env: { TARGET: $(System.PullRequest.TargetBranch) }',
    '            displayName: Synthesize what the pull request starts from',
    '          - publish: cdktf.out',
    '            artifact: synth',
    ...ordered.flatMap(planJob),
    '',
    '  - stage: review',
    '    dependsOn: plan',
    "    condition: and(not(canceled()), in(dependencies.plan.result, 'Succeeded', 'SucceededWithIssues', 'Failed'))",
    '    jobs:',
    '      - job: review',
    '        variables:',
    "          targetBranch: $[variables['System.PullRequest.TargetBranch']]",
    '        steps:',
    '          - checkout: self',
    '            fetchDepth: 0',
    ...INSTALL,
    '          - download: current',
    '          - script: |',
    ...block(14, [
      'set -euo pipefail',
      'BASE=""',
      'if [ -n "${TARGET:-}" ]; then BASE=$(git merge-base "origin/${TARGET#refs/heads/}" HEAD); fi',
      ...review({
        head: '$PIPELINE_WORKSPACE/synth',
        base: '$PIPELINE_WORKSPACE/synth/.base',
        plans: '$PIPELINE_WORKSPACE',
        temporary: '$AGENT_TEMPDIRECTORY',
        isNight: IS_NIGHT,
        environments,
        more: ' --dialect azure-devops',
      }),
      'echo "##vso[task.setvariable variable=reviewCode]$code"',
      '# without a review there is nothing to show, and nothing to go on with',
      'if [ "$code" -eq 1 ] || [ "$code" -eq 2 ]; then exit 1; fi',
    ]),
    '            env: { PLAN_PASSPHRASE: $(planPassphrase), TARGET: $(targetBranch), REASON: $(Build.Reason) }',
    '            displayName: Review',
    '          - script: |',
    ...block(14, COMMENT),
    `            condition: and(succeeded(), ${PULL_REQUEST})`,
    '            env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken), PULL: $(System.PullRequest.PullRequestId), CODE: $(reviewCode) }',
    '            displayName: Comment on the pull request',
    '          - publish: review',
    '            artifact: review',
    '          - script: |',
    ...block(14, ['set -euo pipefail', ...verdict(IS_NIGHT)]),
    '            env: { CODE: $(reviewCode), REASON: $(Build.Reason) }',
    '            displayName: Verdict',
    '',
    '  # After the merge: the very plan that was reviewed, of the build of the pull request that ended well.',
    '  - stage: find',
    '    dependsOn: []',
    `    condition: ${MERGED}`,
    '    jobs:',
    '      - job: find',
    '        steps:',
    '          - checkout: self',
    '            fetchDepth: 1',
    '          - script: |',
    ...block(14, FIND),
    '            name: reviewed',
    '            env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }',
    '            displayName: Find the build that planned what was merged',
    '',
    '  - stage: apply',
    '    dependsOn: find',
    "    condition: and(succeeded(), ne(dependencies.find.outputs['find.reviewed.run'], ''))",
    '    jobs:',
    ...ordered.flatMap((stack) => applyJob(stack, stacks)),
    '',
  ].join('\n');
}

const LOGIN = [
  'export ARM_USE_OIDC=true ARM_CLIENT_ID="$servicePrincipalId" ARM_TENANT_ID="$tenantId" ARM_OIDC_TOKEN="$idToken"',
  'ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv); export ARM_SUBSCRIPTION_ID',
];

function planJob(stack: PipelineStack): string[] {
  return [
    '',
    `      - job: plan_${jobName(stack.name)}`,
    '        dependsOn: synth',
    '        steps:',
    '          - checkout: none',
    '          - download: current',
    '            artifact: synth',
    '          - task: AzureCLI@2',
    '            displayName: Plan',
    '            inputs:',
    `              azureSubscription: ${stack.environment}-plan`,
    '              scriptType: bash',
    '              scriptLocation: inlineScript',
    '              addSpnToEnvironment: true',
    `              workingDirectory: $(Pipeline.Workspace)/synth/stacks/${stack.name}`,
    '              inlineScript: |',
    ...block(16, [
      'set -euo pipefail',
      ...LOGIN,
      'terraform init -input=false',
      ...PLAN,
      'mkdir -p "$AGENT_TEMPDIRECTORY/sealed"',
      ...seal('$AGENT_TEMPDIRECTORY/sealed/plan.sealed'),
    ]),
    `            env: { PLAN_PASSPHRASE: $(planPassphrase), STACK: ${stack.name} }`,
    '          - publish: $(Agent.TempDirectory)/sealed',
    `            artifact: plan-${stack.name}`,
  ];
}

function fetch(artifact: string, path: string): string[] {
  return [
    '- task: DownloadPipelineArtifact@2',
    '  inputs:',
    '    buildType: specific',
    '    project: $(System.TeamProjectId)',
    '    definition: $(System.DefinitionId)',
    '    buildVersionToDownload: specific',
    '    pipelineId: $(run)',
    `    artifactName: ${artifact}`,
    `    targetPath: $(Pipeline.Workspace)/${path}`,
  ];
}

function applyJob(stack: PipelineStack, stacks: readonly PipelineStack[]): string[] {
  const before = stack.dependencies
    .filter((name) => stacks.some((other) => other.name === name))
    .map((name) => `apply_${jobName(name)}`);
  return [
    `      - deployment: apply_${jobName(stack.name)}`,
    ...(before.length > 0 ? [`        dependsOn: [${before.join(', ')}]`] : []),
    `        environment: ${stack.environment}`,
    '        variables:',
    "          run: $[stageDependencies.find.find.outputs['reviewed.run']]",
    "          tree: $[stageDependencies.find.find.outputs['reviewed.tree']]",
    '        strategy:',
    '          runOnce:',
    '            deploy:',
    '              steps:',
    '                - download: none',
    ...block(16, [...fetch('synth', 'synth'), ...fetch(`plan-${stack.name}`, `plan-${stack.name}`)]),
    '                - task: AzureCLI@2',
    '                  displayName: Apply the plan that was reviewed',
    '                  inputs:',
    `                    azureSubscription: ${stack.environment}-apply`,
    '                    scriptType: bash',
    '                    scriptLocation: inlineScript',
    '                    addSpnToEnvironment: true',
    `                    workingDirectory: $(Pipeline.Workspace)/synth/stacks/${stack.name}`,
    '                    inlineScript: |',
    ...block(22, [
      'set -euo pipefail',
      ...LOGIN,
      ...unsealForApply(`$PIPELINE_WORKSPACE/plan-${stack.name}/plan.sealed`, '$AGENT_TEMPDIRECTORY'),
      ...APPLY,
    ]),
    `                  env: { PLAN_PASSPHRASE: $(planPassphrase), STACK: ${stack.name}, TREE: $(tree) }`,
  ];
}
