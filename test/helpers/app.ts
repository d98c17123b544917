import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../stacks/platform-app';
import type { TerraformJson } from './synth';

/** All stacks of the repository as they are written, by name. */
export interface WrittenApp {
  readonly outdir: string;
  readonly stacks: ReadonlyMap<string, TerraformJson>;
}

let written: WrittenApp | undefined;

/** Synthesizes the repository's stacks into a temporary folder, once for a test file. */
export function writtenApp(): WrittenApp {
  if (written) return written;
  const outdir = mkdtempSync(join(tmpdir(), 'ml-platform-stacks-'));
  buildApp(outdir).synth();
  const names = readdirSync(join(outdir, 'stacks')).sort();
  const stacks = new Map(
    names.map((name) => [name, JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')) as TerraformJson]),
  );
  written = { outdir, stacks };
  return written;
}

/** Addresses of a stack's resources, sorted. */
export function addressesOf(stack: TerraformJson): string[] {
  return Object.entries(stack.resource ?? {})
    .flatMap(([type, named]) => Object.keys(named).map((id) => `${type}.${id}`))
    .sort();
}
