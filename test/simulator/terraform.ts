// Terraform as the scripts of this folder run it.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PARALLELISM = '30';
const LIMIT_SECONDS = 900;

export interface Run {
  readonly code: number;
  readonly output: string;
}

export function terraform(cwd: string, env: Record<string, string>, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn('terraform', args, {
      cwd,
      env: { ...process.env, ...env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    // Providers poll for hours when an answer is not what they wait for.
    const limit = setTimeout(() => child.kill('SIGINT'), LIMIT_SECONDS * 1000);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The stack as written, but with its state in a file, and free to be destroyed. */
export function prepare(from: string, to: string, statePath = 'terraform.tfstate'): void {
  cpSync(from, to, { recursive: true });
  const file = join(to, 'cdk.tf.json');
  const stack = JSON.parse(readFileSync(file, 'utf8')) as {
    terraform: { backend: object };
    resource: Record<string, Record<string, { lifecycle?: { prevent_destroy?: boolean } }>>;
  };
  stack.terraform.backend = { local: { path: statePath } };
  for (const resource of Object.values(stack.resource).flatMap((named) => Object.values(named)))
    delete resource.lifecycle?.prevent_destroy;
  writeFileSync(file, JSON.stringify(stack, null, 1)); // errors quote the line
}

/** What a run complained of. */
export function errorsOf(output: string): string {
  const first = output.search(/^(╷|Error)/m);
  return first < 0 ? output.slice(-4000) : output.slice(first, first + 6000);
}
