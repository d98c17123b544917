import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(__dirname, '../..');

test('docs/validations.md lists what the code checks', () => {
  expect(() => execFileSync('node', ['scripts/list-validations.mjs', '--check'], { cwd: ROOT, stdio: 'pipe' })).not.toThrow();
});
