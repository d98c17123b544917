import { uses } from './actions';
import { AZURE, INSTALL, SETUP_TERRAFORM } from './github-parts';
import { seal } from './seal';
import { directlyBefore, inOrder, jobName, orderOf, type PipelineStack } from './stack-list';
import { APPLY, block, knownOrder, PLAN_AGAIN, review, sameTree, unsealForApply, verdict } from './steps';

/**
 * Jobs after the merge. A stack is applied from the plan of the pull request; one that was pending is planned and reviewed again once
 * what stands before it is applied, and applied from that plan.
 */
export function afterMerge(stacks: readonly PipelineStack[]): string[] {
  return [
    '',
    '  # After the merge: the very plan that was reviewed, of the run of the pull request that ended well.',
    '  find-plan:',
    "    if: github.event_name == 'push'",
    '    runs-on: ubuntu-24.04',
    '    permissions: { contents: read, pull-requests: read, actions: read }',
    '    outputs:',
    '      run: ${{ steps.find.outputs.run }}',
    '      tree: ${{ steps.find.outputs.tree }}',
    '      # stacks that are planned again, as the review found that their plan would be out of date, or that there could be none yet',
    '      pending: ${{ steps.find.outputs.pending }}',
    '    steps:',
    '      - id: find',
    '        env: { GH_TOKEN: "${{ github.token }}" }',
    '        run: |',
    ...block(10, [
      'head=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" --jq \'.[0].head.sha // empty\')',
      'if [ -z "$head" ]; then echo "no pull request behind this commit: nothing was reviewed, nothing is applied"; exit 0; fi',
      'run=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow infrastructure.yml --event pull_request --commit "$head" --status success --limit 1 --json databaseId --jq \'.[0].databaseId // empty\')',
      'if [ -z "$run" ]; then echo "no review of $head ended well: nothing is applied" >&2; exit 1; fi',
      'tree=$(gh api "repos/$GITHUB_REPOSITORY/git/commits/$GITHUB_SHA" --jq .tree.sha)',
      'gh run download "$run" --repo "$GITHUB_REPOSITORY" --name review --dir "$RUNNER_TEMP/reviewed"',
      ...knownOrder('$RUNNER_TEMP/reviewed/review.json', orderOf(stacks)),
      'pending=$(jq -c \'[.upstreamPending[].stack]\' "$RUNNER_TEMP/reviewed/review.json")',
      'echo "run=$run" >> "$GITHUB_OUTPUT"',
      'echo "tree=$tree" >> "$GITHUB_OUTPUT"',
      'echo "pending=$pending" >> "$GITHUB_OUTPUT"',
    ]),
    ...inOrder(stacks).flatMap((stack) => {
      const before = directlyBefore(stack, stacks);
      return [...(before.length > 0 ? replanJob(stack, before) : []), ...applyJob(stack, before)];
    }),
  ];
}

// Without a status function, GitHub puts success() before a condition. It is false where any job before, however far, was skipped: a
// stack that was not planned again would stop all that come after. So each job asks for the results of those it needs by name.
function afterAll(before: readonly string[], ...more: string[]): string {
  const applied = before.map((name) => `needs.apply_${jobName(name)}.result == 'success'`);
  const found = ["needs.find-plan.result == 'success'", "needs.find-plan.outputs.run != ''"];
  return `    if: \${{ ${['!cancelled()', ...found, ...applied, ...more].join(' && ')} }}`;
}

function isPending({ name }: PipelineStack): string {
  return `contains(fromJSON(needs.find-plan.outputs.pending), '${name}')`;
}

/** The job of a stack: identity, and one run of Terraform on it at a time. */
function header(stack: PipelineStack, environment: string): string[] {
  return [
    '    runs-on: ubuntu-24.04',
    `    environment: ${environment}`,
    `    concurrency: { group: terraform-${stack.name}, cancel-in-progress: false }`,
    '    permissions: { contents: read, id-token: write, actions: read }',
    '    env:',
    ...AZURE,
    '      ARM_CLIENT_ID: ${{ vars.AZURE_CLIENT_ID }}',
    `      STACK: ${stack.name}`,
    '      RUN: ${{ needs.find-plan.outputs.run }}',
    '      TREE: ${{ needs.find-plan.outputs.tree }}',
  ];
}

function needs(jobs: readonly string[]): string {
  return `    needs: [${jobs.join(', ')}]`;
}

function replanJob(stack: PipelineStack, before: readonly string[]): string[] {
  const folder = `cdktf.out/stacks/${stack.name}`;
  return [
    '',
    `  replan_${jobName(stack.name)}:`,
    needs(['find-plan', ...before.map((name) => `apply_${jobName(name)}`)]),
    afterAll(before, isPending(stack)),
    ...header(stack, `${stack.environment}-plan`),
    '    steps:',
    `      - uses: ${uses('actions/checkout')}`,
    ...SETUP_TERRAFORM,
    '      - name: Fetch what was synthesized',
    '        env: { GH_TOKEN: "${{ github.token }}" }',
    '        run: |',
    '          gh run download "$RUN" --repo "$GITHUB_REPOSITORY" --name synth',
    ...block(10, sameTree('cdktf.out')),
    '      - name: Plan again',
    `        working-directory: ${folder}`,
    '        run: |',
    ...block(10, ['terraform init -input=false', ...PLAN_AGAIN]),
    '      - name: Seal the new plan, which holds secrets',
    `        working-directory: ${folder}`,
    '        env: { PLAN_PASSPHRASE: "${{ secrets.PLAN_PASSPHRASE }}" }',
    '        run: |',
    ...block(10, [
      'mkdir -p "$RUNNER_TEMP/again/plan-$STACK"',
      ...seal('$RUNNER_TEMP/again/plan-$STACK/plan.sealed'),
      'rm -f tfplan',
    ]),
    ...INSTALL,
    '      - name: Review the new plan',
    '        id: review',
    '        env: { PLAN_PASSPHRASE: "${{ secrets.PLAN_PASSPHRASE }}" }',
    '        run: |',
    ...block(10, [
      ...review({ head: 'cdktf.out', plans: '$RUNNER_TEMP/again', temporary: '$RUNNER_TEMP', environments: [], more: '' }),
      'echo "code=$code" >> "$GITHUB_OUTPUT"',
      'if [ "$code" -eq 1 ] || [ "$code" -eq 2 ]; then exit 1; fi',
      'cat review/review.md >> "$GITHUB_STEP_SUMMARY"',
    ]),
    `      - uses: ${uses('actions/upload-artifact')}`,
    `        with: { name: review-${stack.name}, path: review, overwrite: true }`,
    '      - name: Verdict on the new plan',
    '        env: { CODE: "${{ steps.review.outputs.code }}" }',
    '        run: |',
    ...block(10, verdict()),
    '      # Last: what is blocked cannot be applied.',
    `      - uses: ${uses('actions/upload-artifact')}`,
    `        with: { name: replan-${stack.name}, path: "\${{ runner.temp }}/again/plan-${stack.name}", overwrite: true, retention-days: 5 }`,
  ];
}

function applyJob(stack: PipelineStack, before: readonly string[]): string[] {
  const folder = `cdktf.out/stacks/${stack.name}`;
  const own = `plan-${stack.name}`;
  const replan = `replan_${jobName(stack.name)}`;
  const isFirst = before.length === 0;
  const download = (run: string, name: string) =>
    `gh run download "$${run}" --repo "$GITHUB_REPOSITORY" --name ${name} --dir sealed`;
  return [
    '',
    `  apply_${jobName(stack.name)}:`,
    needs(['find-plan', ...before.map((name) => `apply_${jobName(name)}`), ...(isFirst ? [] : [replan])]),
    afterAll(before, ...(isFirst ? [] : [`needs.${replan}.result == (${isPending(stack)} && 'success' || 'skipped')`])),
    ...header(stack, stack.environment),
    '      GH_TOKEN: ${{ github.token }}',
    ...(isFirst ? [] : [`      PENDING: \${{ ${isPending(stack)} }}`]),
    '    steps:',
    ...SETUP_TERRAFORM,
    '      - name: Fetch what was reviewed',
    '        run: |',
    ...block(10, [
      'gh run download "$RUN" --repo "$GITHUB_REPOSITORY" --name synth',
      ...(isFirst
        ? [download('RUN', own)]
        : [
            'if [ "$PENDING" = true ]; then',
            `  ${download('GITHUB_RUN_ID', `re${own}`)}`,
            'else',
            `  ${download('RUN', own)}`,
            'fi',
          ]),
    ]),
    '      - name: Open the plan, if it was made for what was merged',
    `        working-directory: ${folder}`,
    '        env: { PLAN_PASSPHRASE: "${{ secrets.PLAN_PASSPHRASE }}" }',
    '        run: |',
    ...block(10, unsealForApply('$GITHUB_WORKSPACE/sealed/plan.sealed', '$RUNNER_TEMP')),
    '      - name: Apply',
    `        working-directory: ${folder}`,
    '        run: |',
    ...block(10, APPLY),
  ];
}
