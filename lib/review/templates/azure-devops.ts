import { afterMerge } from './azure-devops-apply';
import { CALL, INSTALL, LOGIN, MERGED, terraformTask } from './azure-devops-parts';
import { seal } from './seal';
import { inOrder, jobName, orderOf, type PipelineStack } from './stack-list';
import { block, knownOrder, NAME_TREE, planForReview, review, verdict } from './steps';

const PULL_REQUEST = "eq(variables['Build.Reason'], 'PullRequest')";
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
    ...block(14, ['set -euo pipefail', ...knownOrder('review/review.json', orderOf(stacks)), ...verdict(IS_NIGHT)]),
    '            env: { CODE: $(reviewCode), REASON: $(Build.Reason) }',
    '            displayName: Verdict',
    ...afterMerge(stacks),
    '',
  ].join('\n');
}

function planJob(stack: PipelineStack): string[] {
  return [
    '',
    `      - job: plan_${jobName(stack.name)}`,
    '        dependsOn: synth',
    '        steps:',
    '          - checkout: none',
    '          - download: current',
    '            artifact: synth',
    ...block(
      10,
      terraformTask(stack, { title: 'Plan', right: 'plan', tree: false }, [
        ...LOGIN,
        'terraform init -input=false',
        ...planForReview('$AGENT_TEMPDIRECTORY/sealed'),
        'mkdir -p "$AGENT_TEMPDIRECTORY/sealed"',
        ...seal('$AGENT_TEMPDIRECTORY/sealed/plan.sealed'),
      ]),
    ),
    '          - publish: $(Agent.TempDirectory)/sealed',
    `            artifact: plan-${stack.name}`,
  ];
}
