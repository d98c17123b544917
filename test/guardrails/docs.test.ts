import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ALL_RULES } from '../../lib/guardrails/rules';
import { docsPage } from './docs-page';

test('docs/guardrails.md is what the rules say', async () => {
  await expect(docsPage(ALL_RULES)).toMatchFileSnapshot(join(__dirname, '../../docs/guardrails.md'));
});
