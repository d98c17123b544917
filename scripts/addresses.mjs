// `npm run addresses`: writes addresses.lock.json anew, the list of what each stack manages. Run it when an address is meant to
// change, and say in the pull request what moves.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, run } from './run.mjs';

const synth = run(bin('tsx'), ['stacks/main.ts']);
if (synth.code !== 0) process.exit(synth.code);
const stacks = join(root, 'cdktf.out', 'stacks');
const lock = Object.fromEntries(
  readdirSync(stacks)
    .sort()
    .map((name) => {
      const { resource = {} } = JSON.parse(readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8'));
      const addresses = Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((id) => `${type}.${id}`));
      return [name, addresses.sort()];
    }),
);
writeFileSync(join(root, 'addresses.lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
