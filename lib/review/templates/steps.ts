import { unseal } from './seal';

/** Scripts that pipelines of both providers run: one text, so that what is tested of one holds for the other. */

/** Lines of a block of YAML, moved in. */
export function block(spaces: number, lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(spaces)}${line}`));
}

/** The content of what was checked out: the same before and after a merge, if nothing else was merged in between. */
export const NAME_TREE = "git rev-parse 'HEAD^{tree}' > cdktf.out/tree.txt";

function plan(failed: readonly string[]): string[] {
  return [
    'code=0',
    '# what is printed may hold secrets, and stays here; errors go to the log',
    'terraform plan -input=false -lock-timeout=5m -out=tfplan -detailed-exitcode > plan.log || code=$?',
    '# 0 nothing changes, 2 changes',
    'if [ "$code" -ne 0 ] && [ "$code" -ne 2 ]; then',
    ...block(2, ['rm -f tfplan plan.log', ...failed]),
    'fi',
    'terraform show -json tfplan > plan.json',
  ];
}

/** Says, in the place of a sealed plan, that there is none. */
export const UNPLANNED = 'unplanned.txt';

/**
 * Plans for the review of a pull request. Where that fails, the fact goes to the review, which decides: a stack that reads what a new
 * one will make cannot be planned yet. Nothing of what was printed goes with it.
 */
export function planForReview(sealed: string): string[] {
  return plan([
    `mkdir -p "${sealed}"`,
    `echo "$STACK" > "${sealed}/${UNPLANNED}"`,
    'echo "planning $STACK failed: the review tells whether it waits for a stack that is new" >&2',
    'exit 0',
  ]);
}

/** Plans what others wait for: where that fails, the run ends. */
export const PLAN_AGAIN: readonly string[] = plan(['exit "$code"']);

/** What is planned again is what was synthesized for the review, and nothing that was merged beside it. */
export function sameTree(folder: string): string[] {
  return [
    `synthesized=$(cat "${folder}/tree.txt")`,
    'if [ "$synthesized" != "$TREE" ]; then',
    '  echo "what was reviewed is tree $synthesized, here is $TREE: something else was merged since; plan and review again" >&2',
    '  exit 1',
    'fi',
  ];
}

/** The plan to apply, into the folder of its stack. */
export function unsealForApply(sealed: string, temporary: string): string[] {
  return unseal({ sealed, stack: '$STACK', tree: '$TREE', temporary, files: 'tfplan .terraform.lock.hcl', into: '.' });
}

export const APPLY: readonly string[] = [
  'terraform init -input=false',
  '# Terraform refuses the plan where the state has moved on since',
  'terraform apply -input=false -lock-timeout=5m tfplan',
];

export interface ReviewPlaces {
  /** Folders of cdktf synth. */
  readonly head: string;
  /** It may be missing. @default - what is reviewed has none */
  readonly base?: string;
  /** Folder with plan-<stack>/plan.sealed, or that it could not be planned. */
  readonly plans: string;
  /** Folder of the job. */
  readonly temporary: string;
  /** Whether this is the run of the night, as a test of the shell. @default - it never is */
  readonly isNight?: string;
  readonly environments: readonly string[];
  readonly more: string;
}

/** Reviews what is there; leaves the exit code in `code`. */
export function review(places: ReviewPlaces): string[] {
  return [
    `args=(--head "${places.head}" --out review --format table${places.more})`,
    ...(places.base === undefined
      ? []
      : [
          `if [ -d "${places.base}" ]; then args+=(--base "${places.base}"); fi`,
          'if [ -n "${BASE:-}" ]; then args+=(--range "$BASE..HEAD"); fi',
        ]),
    ...policyArgument(places),
    `tree=$(cat "${places.head}/tree.txt")`,
    `for planned in "${places.plans}"/plan-*; do`,
    '  [ -d "$planned" ] || continue',
    '  stack=$(basename "$planned"); stack=${stack#plan-}',
    '  sealed=$planned/plan.sealed',
    `  if [ ! -e "$sealed" ] && [ -e "$planned/${UNPLANNED}" ]; then`,
    '    args+=(--unplanned "$stack")',
    '    continue',
    '  fi',
    `  mkdir -p "${places.temporary}/$stack"`,
    ...block(
      2,
      unseal({
        sealed: '$sealed',
        stack: '$stack',
        tree: '$tree',
        temporary: places.temporary,
        files: 'plan.json',
        into: `${places.temporary}/$stack`,
      }),
    ),
    `  args+=(--plan "$stack=${places.temporary}/$stack/plan.json")`,
    'done',
    'code=0',
    'npx ml-platform review "${args[@]}" || code=$?',
    // what was in clear for the review goes with it
    `rm -f "${places.temporary}"/*/plan.json`,
  ];
}

function policyArgument({ isNight, environments, temporary }: ReviewPlaces): string[] {
  if (isNight === undefined) return ['if [ -f review.yaml ]; then args+=(--policy review.yaml); fi'];
  return [
    `if ${isNight}; then`,
    '  # nothing should want to change at night',
    `  echo '${nightPolicy(environments)}' > "${temporary}/night.yaml"`,
    `  args+=(--policy "${temporary}/night.yaml")`,
    'elif [ -f review.yaml ]; then',
    '  args+=(--policy review.yaml)',
    'fi',
  ];
}

/** Asks at any change and any drift, in every environment alike. */
function nightPolicy(environments: readonly string[]): string {
  const all = { approve: ['any-change', 'drift', 'check-failed'], block: ['incomplete'] };
  return JSON.stringify({ version: 1, default: all, environments: Object.fromEntries(environments.map((name) => [name, all])) });
}

/**
 * Ends with a failure where a stack waits for another that this pipeline does not apply before it: it was written for other stacks.
 * @param order as `orderOf` gives it
 */
export function knownOrder(review: string, order: string): string[] {
  return [
    `order='${order}'`,
    'strange=$(jq -r --argjson order "$order" \'[.upstreamPending[] | .stack as $stack | .upstream[].stack | select(. as $first | $order[$stack] // [] | index($first) | not) | "\\($stack) after \\(.)" | gsub("[^A-Za-z0-9_. -]"; "?")] | join(", ")\' ' +
      `"${review}")`,
    'if [ -n "$strange" ]; then',
    '  echo "this pipeline does not know an order of stacks that the review found: $strange; run ml-platform init ci again" >&2',
    '  exit 1',
    'fi',
  ];
}

/** Ends with a failure where nobody may go on: blocked, no review, or a stack that wants to change at night. */
export function verdict(isNight?: string): string[] {
  return [
    'case "$CODE" in',
    '  0) ;;',
    isNight === undefined
      ? '  3) ;;'
      : `  3) if ${isNight}; then echo "drift, or changes that were never applied" >&2; exit 3; fi ;;`,
    '  4) echo "blocked by the policy: the review says why" >&2; exit 4 ;;',
    '  *) echo "the review did not come about: $CODE" >&2; exit 1 ;;',
    'esac',
  ];
}
