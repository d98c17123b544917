import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { change, golden, planOf, run } from './review-helpers';

const folder = mkdtempSync(join(tmpdir(), 'review-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const small = planOf([change('terraform_data.a', ['create'], null, { input: 'x' })]);

describe('input that is no whole plan ends with 2, names the file and says what is wrong', () => {
  test.each([
    ['empty', '', 'empty'],
    ['cut', JSON.stringify(small).slice(0, -20), 'cut off'],
    ['text', 'Terraform used the selected providers to generate', 'text that a plan prints'],
    ['log', '{"@level":"info"}\n{"@level":"info"}', 'log of terraform plan -json'],
    ['binary', Buffer.from('PK\x03\x04rest', 'latin1'), 'binary plan'],
    ['state', JSON.stringify({ format_version: '1.0', values: {} }), 'a state'],
    ['list', '[]', 'no plan'],
    ['future', JSON.stringify({ ...small, format_version: '2.0' }), '1.x'],
    ['old', JSON.stringify({ ...small, format_version: '0.2' }), '1.x'],
    ['changes', JSON.stringify({ ...small, resource_changes: {} }), 'resource_changes is no list'],
    ['entry', JSON.stringify({ ...small, resource_changes: [{}] }), 'resource_changes[0].address'],
    [
      'actions',
      JSON.stringify(planOf([{ address: 'a.b', type: 'a', name: 'b', change: { actions: 'create' } }])),
      'resource_changes[0].change.actions',
    ],
    [
      'deep',
      `{"format_version":"1.2","resource_changes":[{"address":"a_b.c","type":"a_b","name":"c","change":{"actions":["update"],"before":${'['.repeat(5000)}${']'.repeat(5000)},"after":{}}}]}`,
      'nested deeper',
    ],
  ])('%s', async (name, content, expected) => {
    const path = file(`${name}.json`, content);
    const { code, out, err } = await run('review', '--plan', `prod-x=${path}`);
    expect(code).toBe(2);
    expect(err).toContain(path);
    expect(err).toContain(expected);
    expect(out).toBe('');
  });

  test('200 MB', async () => {
    const path = file('huge.json', '');
    truncateSync(path, 200 * 1024 * 1024);
    const { code, err } = await run('review', '--plan', `prod-x=${path}`);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/huge\.json: file is larger than a review takes, got 200 MB\s+allowed: 100 MB/),
    ]);
  });

  test('one broken plan among good ones gives no partial result', async () => {
    const { code, out } = await run('review', '--plan', `prod-x=${golden('create')}`, `prod-y=${file('bad.json', '{')}`);
    expect([code, out]).toEqual([2, '']);
  });

  test.each([
    [['review'], 'nothing to review'],
    [['review', '--plan', 'nonsense'], '<stack>=<file>'],
    [['review', '--plan', `a=${golden('create')}`, `a=${golden('update')}`], 'two plans'],
    [['review', '--plan', `a=${golden('create')}`, '--range', '--output=x'], 'not a range'],
    [['review', '--plan', 'a=/does/not/exist.json'], 'cannot be read'],
    [['review', '--format', 'pdf'], 'pdf'],
    [['review', '--plan', `a=${golden('create')}`, '--today', 'yesterday'], 'a date as 2026-11-30'],
  ])('%s', async (args, expected) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(expected)]);
  });
});

test('UTF-16, as PowerShell writes it, and a byte order mark are read', async () => {
  for (const content of [
    Buffer.from(`\uFEFF${JSON.stringify(small)}`, 'utf16le'),
    Buffer.from(`\uFEFF${JSON.stringify(small)}`),
  ]) {
    const { code, out } = await run('review', '--plan', `dev-x=${file('utf.json', content)}`);
    expect([code, out]).toEqual([0, expect.stringContaining('terraform_data.a')]);
  }
});

test('a plan of OpenTofu is read as one of Terraform', async () => {
  const tofu = {
    ...small,
    format_version: '1.2',
    terraform_version: '1.10.6',
    timestamp: '2026-11-21T00:00:00Z',
    applyable: true,
  };
  const { code, out } = await run('review', '--plan', `dev-x=${file('tofu.json', JSON.stringify(tofu))}`);
  expect([code, out]).toEqual([0, expect.stringContaining('terraform_data.a')]);
});

test('titles of the commits in a range stand in the review, newest first', async () => {
  const repository = join(folder, 'repository');
  mkdirSync(repository);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], { cwd: repository });
  git('init', '-q');
  for (const title of ['first', 'Resize the GPU pool', 'Widen a role | for @everyone'])
    git('commit', '-q', '--allow-empty', '-m', title);
  const plan = file('titles.json', JSON.stringify(small));
  const command = join(__dirname, '../../lib/review/main.ts');
  const { stdout } = spawnSync(
    join(__dirname, '../../node_modules/.bin/tsx'),
    [command, 'review', '--plan', `dev-x=${plan}`, '--range', 'HEAD~2..HEAD', '--format', 'markdown'],
    { cwd: repository, encoding: 'utf8' },
  );
  expect(stdout).toContain('- Widen a role \\| for @\u200beveryone\n- Resize the GPU pool');
  expect(stdout).not.toContain('- first');
});

test('what infracost found stands in for list prices, by the address it names', async () => {
  const node = 'azurerm_kubernetes_cluster_node_pool.gpu';
  const pool = { name: 'gpu', vm_size: 'Standard_NC4as_T4_v3', location: 'westeurope', min_count: 0, max_count: 1 };
  const plan = file('cost-plan.json', JSON.stringify(planOf([change(node, ['create'], null, pool)])));
  const resources = [{ name: node, monthlyCost: '123.4' }];
  const found = file('infracost.json', JSON.stringify({ version: '0.2', projects: [{ name: 'x', diff: { resources } }] }));
  const { out } = await run('review', '--plan', `dev-x=${plan}`, '--infracost', found, '--format', 'json');
  const { cost } = JSON.parse(out) as { cost: { items: object[] } };
  expect(cost.items).toEqual([expect.objectContaining({ address: node, monthlyAtMax: 123.4, source: 'infracost' })]);
});

test('an action that nobody knows is told as a risk', async () => {
  const path = file('unknown-action.json', JSON.stringify(planOf([change('terraform_data.a', ['update', 'forget'], {}, {})])));
  const { code, out } = await run('review', '--plan', `prod-x=${path}`);
  expect([code, out]).toEqual([4, expect.stringContaining('update and forget')]);
});

test('any JSON in the place of values ends with an answer, never with an internal error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          before: fc.jsonValue(),
          after: fc.jsonValue(),
          marks: fc.jsonValue(),
          type: fc.constantFrom(
            'azurerm_role_assignment',
            'azurerm_network_security_group',
            'azurerm_kubernetes_cluster',
            'helm_release',
            'azapi_resource',
            'kubernetes_manifest',
            'x_y',
          ),
          actions: fc.constantFrom(['create'], ['update'], ['delete'], ['delete', 'create']),
        }),
        { maxLength: 4 },
      ),
      fc.jsonValue(),
      async (entries, rest) => {
        const changes = entries.map(({ before, after, marks, type, actions }, index) =>
          change(`${type}.r${index}`, [...actions], before, after, {
            after_unknown: marks,
            before_sensitive: marks,
            after_sensitive: marks,
            replace_paths: marks,
            importing: marks,
          }),
        );
        const plan = planOf(changes, {
          checks: [rest],
          relevant_attributes: [rest],
          output_changes: { a: rest },
          configuration: { root_module: { resources: [rest], variables: { a: rest }, module_calls: { m: rest } } },
          prior_state: { values: { root_module: rest } },
        });
        const { code } = await run(
          'review',
          '--plan',
          `prod-x=${file('fuzz.json', JSON.stringify(plan))}`,
          '--format',
          'markdown',
        );
        expect([0, 3, 4]).toContain(code);
      },
    ),
    { numRuns: 60 },
  );
});
