import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../stacks/platform-app';
import type { AppJson, Json } from './mutation';

/** Terraform JSON of the repository's own stacks by name. */
export function ourStacks(): AppJson {
  const folder = mkdtempSync(join(tmpdir(), 'our-app-'));
  buildApp(folder).synth();
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return Object.fromEntries(
    Object.entries(manifest.stacks).map(([name, entry]) => [
      name,
      JSON.parse(readFileSync(join(folder, entry.synthesizedStackPath), 'utf8')) as Json,
    ]),
  );
}
