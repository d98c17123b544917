// Makes the example of docs/review.md: a staged change to prod, reviewed without a plan. Base is what stacks/ synthesizes; head is
// the same with the GPU pool resized, a subnet renamed and a role widened. Prints the comment; with --picture it also writes
// docs/images/review.png, for which a Chromium is needed.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, root, run } from './run.mjs';

const work = mkdtempSync(join(tmpdir(), 'review-example-'));
const [base, head] = [join(work, 'base'), join(work, 'head')];

function edit(file, change) {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  change(json);
  writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`);
}

const withPath = (resources, part) => Object.values(resources).find((resource) => resource['//'].metadata.path.includes(part));

try {
  const synth = run(bin('tsx'), ['stacks/main.ts'], { env: { CDKTF_OUTDIR: base } });
  if (synth.code !== 0) process.exit(synth.code);
  cpSync(base, head, { recursive: true });
  edit(join(head, 'stacks/prod-foundation/cdk.tf.json'), ({ resource }) => {
    withPath(resource.azurerm_kubernetes_cluster_node_pool, 'Cluster/a100').vm_size = 'Standard_NC48ads_A100_v4';
    withPath(resource.azurerm_subnet, 'Network/compute').name = 'snet-ml-jobs';
    const role = withPath(resource.azurerm_role_assignment, 'ModelRegistry');
    role.role_definition_id = role.role_definition_id.replace(/[^/]+$/, 'b24988ac-6180-42a0-ab88-20f7382dd24c'); // Contributor
  });
  edit(join(head, 'contracts/prod.json'), (contract) => {
    const pool = contract.nodePools.find(({ name }) => name === 'a100');
    pool.vmSize = 'Standard_NC48ads_A100_v4';
    contract.network.subnetIds.compute = contract.network.subnetIds.compute.replace(/[^/]+$/, 'snet-ml-jobs');
  });
  const out = join(work, 'out');
  const { code, output } = run(bin('tsx'), ['lib/review/main.ts', 'review', '--base', base, '--head', head, '--out', out], {
    quiet: true,
  });
  if (code !== 3 && code !== 4) throw new Error(`the review ended with ${code}:\n${output}`);
  process.stdout.write(readFileSync(join(out, 'review.md'), 'utf8'));
  mkdirSync(join(root, 'docs/images'), { recursive: true });
  if (process.argv.includes('--picture')) {
    run(process.execPath, [
      'scripts/test-browser.mjs',
      '--page',
      join(out, 'review.html'),
      '--picture',
      join(root, 'docs/images/review.png'),
      '--only-picture',
    ]);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
