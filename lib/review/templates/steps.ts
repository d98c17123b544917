import { unseal } from './seal';

/** Scripts that pipelines of both providers run: one text, so that what is tested of one holds for the other. */

/** Lines of a block of YAML, moved in. */
export function block(spaces: number, lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(spaces)}${line}`));
}

/** The content of what was checked out: the same before and after a merge, if nothing else was merged in between. */
export const NAME_TREE = "git rev-parse 'HEAD^{tree}' > cdktf.out/tree.txt";

export const PLAN: readonly string[] = [
  'code=0',
  '# what is printed may hold secrets, and stays here; errors go to the log',
  'terraform plan -input=false -lock-timeout=5m -out=tfplan -detailed-exitcode > plan.log || code=$?',
  '# 0 nothing changes, 2 changes',
  'if [ "$code" -ne 0 ] && [ "$code" -ne 2 ]; then exit "$code"; fi',
  'terraform show -json tfplan > plan.json',
];

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
  /** Folders of cdktf synth; the base may be missing. */
  readonly head: string;
  readonly base: string;
  /** Folder with plan-<stack>/plan.sealed. */
  readonly plans: string;
  /** Folder of the job. */
  readonly temporary: string;
  /** Whether this is the run of the night, as a test of the shell. */
  readonly isNight: string;
  readonly environments: readonly string[];
  readonly more: string;
}

/** Reviews what is there; leaves the exit code in `code`. */
export function review(places: ReviewPlaces): string[] {
  return [
    `args=(--head "${places.head}" --out review --format table${places.more})`,
    `if [ -d "${places.base}" ]; then args+=(--base "${places.base}"); fi`,
    'if [ -n "${BASE:-}" ]; then args+=(--range "$BASE..HEAD"); fi',
    `if ${places.isNight}; then`,
    '  # nothing should want to change at night',
    `  echo '${nightPolicy(places.environments)}' > "${places.temporary}/night.yaml"`,
    `  args+=(--policy "${places.temporary}/night.yaml")`,
    'elif [ -f review.yaml ]; then',
    '  args+=(--policy review.yaml)',
    'fi',
    `tree=$(cat "${places.head}/tree.txt")`,
    `for sealed in "${places.plans}"/plan-*/plan.sealed; do`,
    '  [ -e "$sealed" ] || continue',
    '  stack=$(basename "$(dirname "$sealed")"); stack=${stack#plan-}',
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

/** Asks at any change and any drift, in every environment alike. */
function nightPolicy(environments: readonly string[]): string {
  const all = { approve: ['any-change', 'drift', 'check-failed'], block: ['incomplete'] };
  return JSON.stringify({ version: 1, default: all, environments: Object.fromEntries(environments.map((name) => [name, all])) });
}

/** Ends with a failure where nobody may go on: blocked, no review, or a stack that wants to change at night. */
export function verdict(isNight: string): string[] {
  return [
    'case "$CODE" in',
    '  0) ;;',
    `  3) if ${isNight}; then echo "drift, or changes that were never applied" >&2; exit 3; fi ;;`,
    '  4) echo "blocked by the policy: the comment says why" >&2; exit 4 ;;',
    '  *) echo "the review did not come about: $CODE" >&2; exit 1 ;;',
    'esac',
  ];
}
