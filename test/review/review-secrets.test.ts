import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Review } from '../../lib/review/model/review';
import { azure, change, planOf, run } from './review-helpers';

const folder = mkdtempSync(join(tmpdir(), 'review-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** All outputs of a review, and what it printed, as one text. */
async function outputsOf(plan: unknown): Promise<string> {
  count += 1;
  const file = join(folder, `${count}.json`);
  const out = join(folder, `out-${count}`);
  writeFileSync(file, JSON.stringify(plan));
  const { code, out: printed, err } = await run('review', '--plan', `prod-foundation=${file}`, '--out', out);
  expect([0, 3, 4]).toContain(code);
  return [printed, err, ...readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))].join('\n');
}

/** Secrets of any look: quotes, line breaks, markup and what Markdown and HTML escape are in them. */
const secret = fc
  .tuple(
    fc.string({ minLength: 3, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019+/=-_.~') }),
    fc.constantFrom('', '"', "'", '\n', '|', '<b>', '&', '`', '\\', '%'),
    fc.uuid(),
  )
  .map(([start, middle, end]) => `${start}${middle}${end}`);

/** What of a secret no output may hold: its longest run of plain characters. */
const trace = (text: string) =>
  (text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? [text]).at(-1) ?? text;

describe('no output shows a secret', () => {
  test('wherever one is planted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(secret, { minLength: 16, maxLength: 16 }), async (planted) => {
        const s = (index: number) => planted[index] ?? '';
        const plan = planOf(
          [
            change(
              'azurerm_storage_account.st',
              ['update'],
              { name: 'st', primary_access_key: s(0), note: `old ${s(0)}` },
              { name: 'st', primary_access_key: s(1), note: `new ${s(1)}` },
            ),
            change(
              'azurerm_kubernetes_cluster.aks',
              ['delete', 'create'],
              { name: 'aks', kube_config: [{ host: s(2), inner: { deep: [s(3)] } }] },
              { name: 'aks' },
              { before_sensitive: { kube_config: true }, replace_paths: [['name']] },
            ),
            change(
              'terraform_data.flagged',
              ['update'],
              { input: { harmless: s(4) } },
              { input: { harmless: s(5) } },
              { before_sensitive: { input: { harmless: true } }, after_sensitive: { input: { harmless: true } } },
            ),
            change(
              'helm_release.app',
              ['update'],
              { values: [JSON.stringify({ auth: { password: s(6) }, replicas: 1 })] },
              { values: [JSON.stringify({ auth: { password: s(7) }, replicas: 2 })] },
            ),
            change(
              'helm_release.yaml',
              ['update'],
              { values: ['replicas: 1\n'] },
              { values: [`replicas: 2\nadmin:\n  token: ${JSON.stringify(s(8))}\n`] },
            ),
            change('kubernetes_secret_v1.k', ['create'], null, { metadata: [{ name: 'k' }], data: { anything: s(9) } }),
            change(
              'kubernetes_manifest.m',
              ['update'],
              { manifest: { apiVersion: 'v1', kind: 'Secret', stringData: { plain: s(10) } } },
              { manifest: { apiVersion: 'v1', kind: 'Secret', stringData: { plain: s(11) } } },
            ),
            change(
              'azurerm_subnet.copy',
              ['update'],
              { name: 'a', description: Buffer.from(s(0)).toString('base64') },
              { name: 'a', description: encodeURIComponent(s(1)) },
            ),
            change(`azurerm_subnet.keyed[${JSON.stringify(s(4))}]`, ['delete'], { name: s(4) }, null),
            change(
              'azapi_resource.a',
              ['update'],
              { type: 'a@1', body: { properties: { clientSecret: s(12) } } },
              { type: 'a@1', body: { properties: { clientSecret: s(13), x: 1 } } },
            ),
          ],
          {
            variables: { db: { value: s(14) } },
            output_changes: {
              connection_string: {
                actions: ['update'],
                before: s(15),
                after: s(14),
                after_unknown: false,
                before_sensitive: false,
                after_sensitive: true,
              },
            },
            configuration: { root_module: { variables: { db: { sensitive: true } } } },
            checks: [
              {
                address: { to_display: 'check.x' },
                status: 'fail',
                instances: [{ problems: [{ message: `it says ${s(14)}` }] }],
              },
            ],
          },
        );
        const text = await outputsOf(plan);
        for (const one of planted) expect(text).not.toContain(trace(one));
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    ['a JWT', ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJwbGFudGVkIn0', 'c2lnbmF0dXJlLXBsYW50ZWQ'].join('.')],
    ['a SAS URL', 'https://st.blob.core.windows.net/c?sv=2024&sig=pLaNtEd0123456789abcdef%3D'],
    ['a connection string', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=pLaNtEd0123456789==;EndpointSuffix=core'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\npLaNtEd0123456789\n-----END RSA PRIVATE KEY-----'],
    ['a password in a URL', 'postgresql://app:pLaNtEd0123456789@db.internal/x'],
    ['a kubeconfig', 'apiVersion: v1\nusers:\n- user:\n    token: pLaNtEd0123456789\n    client-key-data: pLaNtEd0123456789xx\n'],
    ['a bearer token', 'curl -H "Authorization: Bearer pLaNtEd0123456789abc"'],
  ])('%s under a harmless name', async (_, text) => {
    const outputs = await outputsOf(
      planOf([change('azurerm_subnet.a', ['update'], { name: 'a', note: 'x' }, { name: 'a', note: text })]),
    );
    expect(outputs).not.toMatch(/pLaNtEd|c2lnbmF0dXJl|eyJzdWIi/);
    expect(outputs).toContain('(sensitive #');
  });

  test.each(['create', 'update-and-replace', 'node-pool-rotation', 'drift'])('of the plan %s of azurerm', async (name) => {
    const text = await outputsOf(JSON.parse(readFileSync(azure(name), 'utf8')));
    expect(text).not.toContain('planted-');
    for (const planted of ['planted-storage-key', 'planted-kubeconfig-token', 'planted-primary-shared-key']) {
      expect(text).not.toContain(Buffer.from(planted).toString('base64').slice(0, -4));
    }
  });

  test('in the message about broken JSON', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"password": planted-in-broken-json}');
    const { code, err } = await run('review', '--plan', `prod-x=${file}`);
    expect(code).toBe(2);
    expect(err).not.toContain('planted');
  });
});

test('names that only speak about secrets stay readable', async () => {
  const text = await outputsOf(
    planOf([
      change(
        'azurerm_subnet.a',
        ['update'],
        { key_vault_id: '/vaults/one', secret_name: 'db-password' },
        { key_vault_id: '/vaults/two', secret_name: 'db-password-2' },
      ),
    ]),
  );
  expect(text).toContain('/vaults/two');
  expect(text).toContain('db-password-2');
});

test('what a review shows does not tell the key of its masks: a short secret cannot be tried out', async () => {
  const pin = 'pin-4711';
  const file = join(folder, 'pin.json');
  const write = (note: string) =>
    writeFileSync(file, JSON.stringify(planOf([change('azurerm_key_vault_secret.s', ['create'], null, { value: pin, note })])));
  const shown = async () => {
    const { out } = await run('review', '--plan', `prod-foundation=${file}`, '--format', 'json');
    const { inputs, changes } = JSON.parse(out) as Review;
    const { digest } = inputs[0] ?? { digest: '' };
    return { digest, mark: changes[0]?.attributes.find(({ path }) => path === 'value')?.after };
  };
  write('one');
  const { digest, mark } = await shown();
  expect(digest).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
  expect(mark).toMatch(/^\(sensitive #[0-9a-f]{8}\)$/);
  const sha256 = (...parts: string[]) => createHash('sha256').update(parts.join('')).digest();
  const known = [digest, `prod-foundation${digest}`, `mask\0prod-foundation${digest}`, 'mask\0prod-foundation', digest + 'mask'];
  const keys = known.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'hex'), sha256(text)]);
  const tried = keys.map((key) => createHmac('sha256', key).update(pin).digest('hex').slice(0, 8));
  expect(tried).not.toContain(/[0-9a-f]{8}/.exec(String(mark))?.[0]);
  expect((await shown()).mark).toBe(mark);
  write('another');
  expect((await shown()).mark).not.toBe(mark);
});
