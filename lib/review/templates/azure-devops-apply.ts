import { CALL, INSTALL, LOGIN, MERGED, terraformTask } from './azure-devops-parts';
import { seal } from './seal';
import { directlyBefore, inOrder, jobName, orderOf, type PipelineStack } from './stack-list';
import { APPLY, block, knownOrder, PLAN_AGAIN, review, sameTree, unsealForApply, verdict } from './steps';

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

const FOUND = "ne(variables['reviewed.run'], '')";
const WELL = "'Succeeded', 'SucceededWithIssues'";

/**
 * Stages after the merge, two for each stack: Azure DevOps asks for the approvals of a stage before anything in it runs, so what is
 * planned and reviewed again must stand in a stage before the one that waits for the approval.
 */
export function afterMerge(stacks: readonly PipelineStack[]): string[] {
  return [
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
    ...block(10, download('review', 'review', '$(reviewed.run)', `and(succeeded(), ${FOUND})`)),
    '          - script: |',
    ...block(14, [
      'set -euo pipefail',
      ...knownOrder('$PIPELINE_WORKSPACE/review/review.json', orderOf(stacks)),
      '# stacks that are planned again, as the review found that their plan would be out of date, or that there could be none yet',
      'pending=$(jq -r \'.upstreamPending[].stack | gsub("[^A-Za-z0-9]"; "_")\' "$PIPELINE_WORKSPACE/review/review.json")',
      'for stack in $pending; do echo "##vso[task.setvariable variable=again_$stack;isOutput=true]true"; done',
    ]),
    '            name: pending',
    `            condition: and(succeeded(), ${FOUND})`,
    '            displayName: Find the stacks that are planned again',
    ...inOrder(stacks).flatMap((stack) => {
      const before = directlyBefore(stack, stacks);
      return [...(before.length > 0 ? replanStage(stack, before) : []), ...applyStage(stack, before)];
    }),
  ];
}

/** The variable of the step "pending" that says that a stack is planned again: names may not begin as stacks do, e.g. with "path". */
function pendingOutput({ name }: PipelineStack): string {
  return `pending.again_${name.replace(/[^A-Za-z0-9]/g, '_')}`;
}

// A condition takes the place of succeeded(), which would be false where any stage before was skipped: results are asked for by name.
function afterAll(before: readonly string[], more: readonly string[]): string {
  const needed = ['find', ...before.map((name) => `apply_${jobName(name)}`)];
  const results = needed.map((name) => `in(dependencies.${name}.result, ${WELL})`);
  return `    condition: and(${['not(canceled())', ...results, "ne(dependencies.find.outputs['find.reviewed.run'], '')", ...more].join(', ')})`;
}

function dependsOn(before: readonly string[], ...more: string[]): string {
  return `    dependsOn: [${['find', ...before.map((name) => `apply_${jobName(name)}`), ...more].join(', ')}]`;
}

/** What was found, for the job of a stack. */
const FOUND_VARIABLES = [
  '        variables:',
  "          run: $[stageDependencies.find.find.outputs['reviewed.run']]",
  "          tree: $[stageDependencies.find.find.outputs['reviewed.tree']]",
];

function download(artifact: string, path: string, run: string, condition?: string): string[] {
  return [
    '- task: DownloadPipelineArtifact@2',
    ...(condition === undefined ? [] : [`  condition: ${condition}`]),
    '  inputs:',
    '    buildType: specific',
    '    project: $(System.TeamProjectId)',
    '    definition: $(System.DefinitionId)',
    '    buildVersionToDownload: specific',
    `    pipelineId: ${run}`,
    `    artifactName: ${artifact}`,
    `    targetPath: $(Pipeline.Workspace)/${path}`,
  ];
}

function replanStage(stack: PipelineStack, before: readonly string[]): string[] {
  return [
    '',
    `  - stage: replan_${jobName(stack.name)}`,
    dependsOn(before),
    afterAll(before, [`eq(dependencies.find.outputs['find.${pendingOutput(stack)}'], 'true')`]),
    '    jobs:',
    '      - job: replan',
    ...FOUND_VARIABLES,
    '        steps:',
    '          - checkout: self',
    '            fetchDepth: 1',
    ...block(10, download('synth', 'synth', '$(run)')),
    ...block(
      10,
      terraformTask(stack, { title: 'Plan again', right: 'plan', tree: true }, [
        ...sameTree('../..'),
        ...LOGIN,
        'terraform init -input=false',
        ...PLAN_AGAIN,
        'mkdir -p "$AGENT_TEMPDIRECTORY/again/plan-$STACK"',
        ...seal('$AGENT_TEMPDIRECTORY/again/plan-$STACK/plan.sealed'),
        'rm -f tfplan',
      ]),
    ),
    ...INSTALL,
    '          - script: |',
    ...block(14, [
      'set -euo pipefail',
      ...review({
        head: '$PIPELINE_WORKSPACE/synth',
        plans: '$AGENT_TEMPDIRECTORY/again',
        temporary: '$AGENT_TEMPDIRECTORY',
        environments: [],
        more: ' --dialect azure-devops',
      }),
      'echo "##vso[task.setvariable variable=reviewCode]$code"',
      'if [ "$code" -eq 1 ] || [ "$code" -eq 2 ]; then exit 1; fi',
      'echo "##vso[task.uploadsummary]$PWD/review/review.md"',
    ]),
    '            env: { PLAN_PASSPHRASE: $(planPassphrase) }',
    '            displayName: Review the new plan',
    '          - publish: review',
    `            artifact: review-${stack.name}-$(System.StageAttempt)`,
    '          - script: |',
    ...block(14, ['set -euo pipefail', ...verdict()]),
    '            env: { CODE: $(reviewCode) }',
    '            displayName: Verdict on the new plan',
    '          # Last: what is blocked cannot be applied.',
    `          - publish: $(Agent.TempDirectory)/again/plan-${stack.name}`,
    `            artifact: replan-${stack.name}`,
  ];
}

function applyStage(stack: PipelineStack, before: readonly string[]): string[] {
  const replan = `replan_${jobName(stack.name)}`;
  const isFirst = before.length === 0;
  const pending = `dependencies.find.outputs['find.${pendingOutput(stack)}']`;
  const planned = [
    `and(eq(${pending}, 'true'), in(dependencies.${replan}.result, ${WELL}))`,
    `and(ne(${pending}, 'true'), eq(dependencies.${replan}.result, 'Skipped'))`,
  ];
  const own = `plan-${stack.name}`;
  return [
    '',
    `  - stage: apply_${jobName(stack.name)}`,
    dependsOn(before, ...(isFirst ? [] : [replan])),
    afterAll(before, isFirst ? [] : [`or(${planned.join(', ')})`]),
    '    jobs:',
    '      - deployment: apply',
    `        environment: ${stack.environment}`,
    ...FOUND_VARIABLES,
    ...(isFirst ? [] : [`          pending: $[stageDependencies.find.find.outputs['${pendingOutput(stack)}']]`]),
    '        strategy:',
    '          runOnce:',
    '            deploy:',
    '              steps:',
    '                - download: none',
    ...block(16, download('synth', 'synth', '$(run)')),
    ...block(16, isFirst ? download(own, own, '$(run)') : either(own)),
    ...block(
      16,
      terraformTask(stack, { title: 'Apply the plan that was reviewed', right: 'apply', tree: true }, [
        ...LOGIN,
        ...unsealForApply(`$PIPELINE_WORKSPACE/${own}/plan.sealed`, '$AGENT_TEMPDIRECTORY'),
        ...APPLY,
      ]),
    ),
  ];
}

/** The plan of this run where the stack was planned again, else that of the pull request. */
function either(own: string): string[] {
  return [
    ...download(own, own, '$(run)', "and(succeeded(), ne(variables['pending'], 'true'))"),
    '- task: DownloadPipelineArtifact@2',
    "  condition: and(succeeded(), eq(variables['pending'], 'true'))",
    '  inputs:',
    '    buildType: current',
    `    artifactName: re${own}`,
    `    targetPath: $(Pipeline.Workspace)/${own}`,
  ];
}
