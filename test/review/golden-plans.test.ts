import { describe, expect, test } from 'vitest';
import { golden, reviewOf, reviewOfAzure, reviewOfGolden, run } from './review-helpers';

const told = (name: string) => reviewOfGolden(name).changes.map((change) => `${change.action} ${change.address}`);

describe('plans that a real Terraform made', () => {
  test.each([
    ['create', ['create terraform_data.a', 'create terraform_data.b']],
    ['update', ['update terraform_data.a']],
    ['destroy', ['destroy terraform_data.a[1]', 'destroy terraform_data.gone']],
    ['import', ['import terraform_data.there']],
    ['forget', ['forget terraform_data.kept']],
    ['taint', ['replace terraform_data.a']],
    ['foreach', ['destroy terraform_data.pool["gpu"]', 'create terraform_data.pool["a100"]']],
    ['nothing', []],
  ])('%s', (name, expected) => {
    expect(told(name)).toEqual(expected);
  });

  test('a move stands apart, with the address it had', () => {
    expect(reviewOfGolden('move').changes.find((change) => change.action === 'move')).toMatchObject({
      address: 'terraform_data.new',
      previousAddress: 'terraform_data.old',
      attributes: [],
    });
  });

  test('a rename without a moved block is found, with the code that keeps the object', () => {
    expect(reviewOfGolden('move').renames).toEqual([
      {
        stack: 'prod-foundation',
        from: 'terraform_data.renamed',
        to: 'terraform_data.renamed_without_moved',
        why: expect.any(String),
        code: expect.stringContaining(".moveFromId('terraform_data.renamed')"),
      },
    ]);
  });

  test('the cause of a replacement is followed up to the first change', () => {
    const pool = reviewOfGolden('replace').changes.find((change) => change.address === 'terraform_data.pool');
    expect(pool?.replaceCauses).toEqual([
      { path: 'triggers_replace', upstream: ['terraform_data.subnet', 'terraform_data.network'] },
    ]);
    expect(pool?.reason).toContain('the new one is made first');
  });

  test('only the attributes that change are told', () => {
    const [update] = reviewOfGolden('update').changes;
    expect(update?.attributes.map(({ path, before, after }) => [path, before, after])).toContainEqual([
      'input.size',
      'small',
      'large',
    ]);
    expect(update?.attributes.some(({ path }) => path === 'input.count')).toBe(false);
  });

  test('a value that depends on another change is known after apply, and no noise', () => {
    const change = reviewOfGolden('unknown').changes.find((one) => one.address === 'terraform_data.b');
    expect(change).toMatchObject({ action: 'update', class: 'change' });
    expect(change?.attributes.some((attribute) => attribute.unknown)).toBe(true);
  });

  test('a secret is masked by its mark, and wherever else it stands; that it changed still shows', () => {
    const review = reviewOfGolden('sensitive');
    const text = JSON.stringify(review);
    expect(text).not.toContain('planted-');
    const copy = review.changes
      .find((change) => change.address === 'terraform_data.copy')
      ?.attributes.find(({ path }) => path === 'input.note');
    expect(copy?.before).toMatch(/^the key is \(sensitive #[0-9a-f]{8}\), do not tell$/);
    expect(copy?.before).not.toBe(copy?.after);
    const output = review.outputs.find((one) => one.name === 'password');
    expect(copy?.after).toContain(String(output?.after));
  });

  test('a plan that ended with an error is refused, as it is a part only', async () => {
    const { code, err } = await run('review', '--plan', `prod-x=${golden('errored')}`);
    expect([code, err]).toEqual([2, expect.stringContaining('ended with an error')]);
  });

  test('a part is reviewed on demand, and never passes as whole', async () => {
    const { code, out } = await run('review', '--plan', `prod-x=${golden('errored')}`, '--allow-partial', '--format', 'markdown');
    expect(code).toBe(4);
    expect(out).toContain('Not complete');
  });
});

describe('plans of azurerm', () => {
  test('a replaced workspace comes first, with what is lost and what forces it', () => {
    const review = reviewOfAzure('update-and-replace');
    expect(review.changes[0]).toMatchObject({
      address: 'azurerm_machine_learning_workspace.mlw',
      action: 'replace',
      class: 'stateful-loss',
      severity: 'critical',
      replaceCauses: [{ path: 'high_business_impact', upstream: [] }],
    });
    expect(review.verdict).toMatchObject({ decision: 'block', exitCode: 4 });
  });

  test('what is replaced because of it says so', () => {
    const review = reviewOfAzure('update-and-replace');
    expect(review.changes.find((change) => change.address === 'azurerm_private_endpoint.pe')?.replaceCauses).toEqual([
      {
        path: 'private_service_connection[0].private_connection_resource_id',
        upstream: ['azurerm_machine_learning_workspace.mlw'],
      },
    ]);
  });

  test('a widened role names who, what and on what', () => {
    expect(reviewOfAzure('update-and-replace').security).toContainEqual(
      expect.objectContaining({
        kind: 'identity',
        effect: 'broadened',
        before: 'AcrPull',
        after: 'Contributor',
        subject: expect.stringContaining('azurerm_kubernetes_cluster.aks'),
        scope: expect.stringContaining('registries/crmlprodx1'),
      }),
    );
  });

  test('a raised maximum costs its nodes by list price', () => {
    const { cost } = reviewOfAzure('update-and-replace');
    expect(cost.items).toHaveLength(1);
    expect(cost.items[0]).toMatchObject({
      before: '0-2 × Standard_NC24ads_A100_v4',
      after: '0-4 × Standard_NC24ads_A100_v4',
      monthlyAtMin: 0,
    });
    expect(cost.monthlyAtMax).toBeGreaterThan(5000);
  });

  test('another VM size is an outage, whatever Terraform calls it', () => {
    expect(reviewOfAzure('node-pool-rotation').changes).toEqual([
      expect.objectContaining({
        action: 'disrupt',
        terraformActions: ['update'],
        disruptions: [expect.objectContaining({ attributes: ['vm_size'], failsAtApply: false })],
      }),
    ]);
  });

  test('drift is told apart, and empty values are not drift', () => {
    const review = reviewOfAzure('drift');
    expect(
      review.drift.filter((change) => change.class !== 'noise').map((change) => `${change.action} ${change.address}`),
    ).toEqual(['destroy azurerm_kubernetes_cluster_node_pool.gpu', 'update azurerm_key_vault.kv']);
    expect(review.quietDrift).toBeGreaterThan(10);
  });

  test('what was opened or deleted outside comes first, with what became reachable', () => {
    const [first, second] = reviewOfAzure('drift').drift;
    expect([first?.address, first?.class]).toEqual(['azurerm_kubernetes_cluster_node_pool.gpu', 'loss']);
    expect(second).toMatchObject({
      address: 'azurerm_key_vault.kv',
      class: 'security',
      reason: expect.stringMatching(/^broadened outside Terraform: closed to .* → open to/),
    });
  });

  test('none shows a secret in any form', () => {
    for (const name of ['create', 'update-and-replace', 'node-pool-rotation', 'drift']) {
      const text = JSON.stringify(reviewOfAzure(name));
      expect(text).not.toContain('planted-');
      expect(text).not.toContain(Buffer.from('planted-storage-key').toString('base64').slice(0, 20));
    }
  });
});

test('the same files give the same bytes', () => {
  const given = { plans: [{ stack: 'prod-foundation', file: golden('sensitive') }] };
  expect(JSON.stringify(reviewOf(given))).toBe(JSON.stringify(reviewOf(given)));
});
