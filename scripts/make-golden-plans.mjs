// Makes test/fixtures/plans/golden/*.json: plans of a real Terraform on configurations that need no provider download. Each is
// applied with its first configuration and planned with its second. Run it where `terraform` is installed; the files are committed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run.mjs';

const out = join(root, 'test/fixtures/plans/golden');

/** name: [configuration that is applied first, configuration that is planned, arguments of the plan] */
const cases = {
  create: [
    '',
    'resource "terraform_data" "a" {\n  input = { size = "small", zones = ["1", "2"] }\n}\nresource "terraform_data" "b" {\n  input = terraform_data.a.id\n}\noutput "b" {\n  value = terraform_data.b.id\n}\n',
  ],
  nothing: ['resource "terraform_data" "a" {\n  input = "x"\n}\n', 'resource "terraform_data" "a" {\n  input = "x"\n}\n'],
  update: [
    'resource "terraform_data" "a" {\n  input = { size = "small", count = 2 }\n}\n',
    'resource "terraform_data" "a" {\n  input = { size = "large", count = 2 }\n}\n',
  ],
  replace: [
    'resource "terraform_data" "network" {\n  input = "10.0.0.0/16"\n  triggers_replace = "v1"\n}\nresource "terraform_data" "subnet" {\n  triggers_replace = terraform_data.network.id\n}\nresource "terraform_data" "pool" {\n  triggers_replace = terraform_data.subnet.id\n}\n',
    'resource "terraform_data" "network" {\n  input = "10.0.0.0/16"\n  triggers_replace = "v2"\n}\nresource "terraform_data" "subnet" {\n  triggers_replace = terraform_data.network.id\n}\nresource "terraform_data" "pool" {\n  triggers_replace = terraform_data.subnet.id\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n',
  ],
  destroy: [
    'resource "terraform_data" "a" {\n  count = 2\n  input = count.index\n}\nresource "terraform_data" "gone" {\n  input = "x"\n}\n',
    'resource "terraform_data" "a" {\n  count = 1\n  input = count.index\n}\n',
  ],
  move: [
    'resource "terraform_data" "old" {\n  input = "x"\n}\nresource "terraform_data" "renamed" {\n  input = { a = 1, b = 2, c = 3 }\n}\n',
    'resource "terraform_data" "new" {\n  input = "x"\n}\nmoved {\n  from = terraform_data.old\n  to   = terraform_data.new\n}\nresource "terraform_data" "renamed_without_moved" {\n  input = { a = 1, b = 2, c = 3 }\n}\n',
  ],
  import: [
    '',
    'import {\n  to = terraform_data.there\n  id = "0b0f3f4e-5c0a-4d0e-9f6e-2a1f8f1f0001"\n}\nresource "terraform_data" "there" {\n}\n',
  ],
  forget: [
    'resource "terraform_data" "kept" {\n  input = "x"\n}\n',
    'removed {\n  from = terraform_data.kept\n  lifecycle {\n    destroy = false\n  }\n}\n',
  ],
  sensitive: [
    'variable "password" {\n  sensitive = true\n  default   = "planted-password-one"\n}\nresource "terraform_data" "vault" {\n  input = { user = "app", password = var.password }\n}\nresource "terraform_data" "copy" {\n  input = { note = "the key is planted-password-one, do not tell" }\n}\noutput "password" {\n  value     = var.password\n  sensitive = true\n}\n',
    'variable "password" {\n  sensitive = true\n  default   = "planted-password-two"\n}\nresource "terraform_data" "vault" {\n  input = { user = "app", password = var.password }\n}\nresource "terraform_data" "copy" {\n  input = { note = "the key is planted-password-two, do not tell" }\n}\noutput "password" {\n  value     = var.password\n  sensitive = true\n}\n',
  ],
  unknown: [
    'resource "terraform_data" "a" {\n  input = "one"\n}\nresource "terraform_data" "b" {\n  input = { from = terraform_data.a.output, fixed = "same" }\n}\n',
    'resource "terraform_data" "a" {\n  input = "two"\n}\nresource "terraform_data" "b" {\n  input = { from = terraform_data.a.output, fixed = "same" }\n}\n',
  ],
  taint: [
    'resource "terraform_data" "a" {\n  input = "x"\n}\n',
    'resource "terraform_data" "a" {\n  input = "x"\n}\n',
    ['-replace=terraform_data.a'],
  ],
  check: [
    'resource "terraform_data" "a" {\n  input = "x"\n}\n',
    'resource "terraform_data" "a" {\n  input = "x"\n}\ncheck "quota" {\n  assert {\n    condition     = terraform_data.a.output == "y"\n    error_message = "the quota of the region is used up"\n  }\n}\n',
  ],
  foreach: [
    'resource "terraform_data" "pool" {\n  for_each = { cpu = 2, gpu = 4 }\n  input    = { name = each.key, nodes = each.value }\n}\n',
    'resource "terraform_data" "pool" {\n  for_each = { cpu = 2, a100 = 1 }\n  input    = { name = each.key, nodes = each.value }\n}\n',
  ],
  errored: [
    'resource "terraform_data" "a" {\n  input = "x"\n}\n',
    'resource "terraform_data" "a" {\n  input = "z"\n}\nresource "terraform_data" "b" {\n  input = "y"\n  lifecycle {\n    precondition {\n      condition     = terraform_data.a.id == "never"\n      error_message = "not today"\n    }\n  }\n}\n',
  ],
};

const wanted = process.argv.slice(2);
mkdirSync(out, { recursive: true });
for (const [name, [first, second, args = []]] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = mkdtempSync(join(tmpdir(), 'golden-'));
  const terraform = (...rest) => {
    const { status, stdout, stderr } = spawnSync('terraform', rest, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0 && rest[0] !== 'plan') throw new Error(`${name}: terraform ${rest.join(' ')} failed\n${stdout}${stderr}`);
    return stdout;
  };
  try {
    writeFileSync(join(folder, 'main.tf'), first);
    terraform('init', '-input=false', '-no-color');
    if (first !== '') terraform('apply', '-auto-approve', '-input=false', '-no-color');
    writeFileSync(join(folder, 'main.tf'), second);
    terraform('init', '-input=false', '-no-color');
    terraform('plan', '-out=tfplan', '-input=false', '-no-color', ...args);
    const plan = terraform('show', '-json', 'tfplan');
    if (plan.includes(folder)) throw new Error(`${name}: the plan names the folder it was made in`);
    writeFileSync(join(out, `${name}.json`), `${JSON.stringify(JSON.parse(plan), null, 1)}\n`);
    process.stdout.write(`${name}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
