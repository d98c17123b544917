/**
 * A plan holds secrets, and is what will be done: between jobs it travels encrypted and authenticated. gpg refuses what was changed by
 * a byte, and the name of the stack and of the tree that the plan was made for travel inside, so that no plan stands in for another.
 * The passphrase comes by a descriptor, as arguments can be read by others on the machine.
 */

// A home of its own: no options, keys or remembered passphrases of the machine.
const GPG = 'gpg --batch --no-tty --quiet --no-options --no-symkey-cache --pinentry-mode loopback --passphrase-fd 3';
const CIPHER = '--cipher-algo AES256 --s2k-digest-algo SHA512 --s2k-count 65011712 --compress-algo none';
const SHORTEST_PASSPHRASE = 20;

/** Seals the plan in the folder of its stack, `$STACK`. */
export function seal(to: string): string[] {
  return [
    '# Azure DevOps leaves the name of a variable that is not set as it stands; gpg reads no further than the first line',
    'case "${PLAN_PASSPHRASE:-}" in',
    `  "" | "\\$("* | *$'\\n'*) echo "there is no passphrase, of one line, to seal the plan with" >&2; exit 1 ;;`,
    'esac',
    `if [ "\${#PLAN_PASSPHRASE}" -lt ${SHORTEST_PASSPHRASE} ]; then`,
    `  echo "the passphrase for plans is shorter than ${SHORTEST_PASSPHRASE} characters: whoever may read artifacts could guess it" >&2; exit 1`,
    'fi',
    'planned=$(cat ../../tree.txt)',
    'echo "$STACK $planned" > made-for.txt',
    'home=$(mktemp -d)',
    `tar -czf - made-for.txt tfplan plan.json .terraform.lock.hcl | ${GPG} --homedir "$home" ${CIPHER} --yes --output "${to}" --symmetric 3<<< "$PLAN_PASSPHRASE"`,
    'rm -rf "$home" plan.log plan.json',
  ];
}

export interface Opening {
  readonly sealed: string;
  /** What the plan must have been made for. */
  readonly stack: string;
  readonly tree: string;
  /** Folder of the job, for what is open only until it is known to be right. */
  readonly temporary: string;
  /** What is taken out, and where to. */
  readonly files: string;
  readonly into: string;
}

/** Opens a sealed plan, or ends with a failure that says why before anything of it is used. */
export function unseal({ sealed, stack, tree, temporary, files, into }: Opening): string[] {
  return [
    `home=$(mktemp -d "${temporary}/open.XXXXXX")`,
    '# gpg passes on what was never encrypted, and succeeds: only what it says of the decryption counts',
    `if ! ${GPG} --homedir "$home" --status-fd 4 --output "$home/plan.tgz" --decrypt "${sealed}" 3<<< "$PLAN_PASSPHRASE" 4> "$home/status" ||`,
    '  ! grep -qxF "[GNUPG:] DECRYPTION_OKAY" "$home/status"; then',
    '  rm -rf "$home"',
    `  echo "the sealed plan of ${stack} does not open: sealed with another passphrase, changed since, or cut off; plan and review again" >&2`,
    '  exit 1',
    'fi',
    'tar -xzf "$home/plan.tgz" -C "$home" made-for.txt',
    'read -r for_stack for_tree < "$home/made-for.txt"',
    `if [ "$for_stack" != "${stack}" ]; then`,
    '  rm -rf "$home"',
    `  echo "the plan was made for stack $for_stack, this is ${stack}: somebody mixed them up" >&2`,
    '  exit 1',
    'fi',
    `if [ "$for_tree" != "${tree}" ]; then`,
    '  rm -rf "$home"',
    `  echo "the plan was made for tree $for_tree, here is ${tree}: something else was merged since; plan and review again" >&2`,
    '  exit 1',
    'fi',
    `tar -xzf "$home/plan.tgz" -C "${into}" ${files}`,
    'rm -rf "$home"',
  ];
}
