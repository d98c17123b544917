import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_POLICY, readReviewPolicy } from '../../lib/review/policy/review-policy';
import { REVIEW_POLICY } from '../../lib/review/templates/review-policy';
import { change, planOf, readJson, reviewOf, run } from './review-helpers';

const folder = mkdtempSync(join(tmpdir(), 'review-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function reviewOfChanges(changes: object[], stack = 'prod-foundation', rest: object = {}) {
  count += 1;
  const file = join(folder, `${count}.json`);
  writeFileSync(file, JSON.stringify(planOf(changes, rest)));
  return reviewOf({ plans: [{ stack, file }] });
}

const pool = (values: object) => ({ name: 'gpu', vm_size: 'Standard_NC4as_T4_v3', location: 'westeurope', ...values });
const node = 'azurerm_kubernetes_cluster_node_pool.gpu';

describe('updates that users feel', () => {
  test('a rotation without a temporary name fails at apply, and blocks', () => {
    const review = reviewOfChanges([change(node, ['update'], pool({}), pool({ vm_size: 'Standard_NC8as_T4_v3' }))]);
    expect(review.changes[0]?.disruptions).toEqual([expect.objectContaining({ failsAtApply: true })]);
    expect(review.verdict.exitCode).toBe(4);
  });

  test.each([
    ['Ubuntu', 'AzureLinux', 'update'],
    ['Ubuntu2204', 'AzureLinux3', 'update'],
    ['Ubuntu', 'Windows2022', 'disrupt'],
  ])('node image from %s to %s is %s', (before, after, action) => {
    const [update] = reviewOfChanges([
      change(node, ['update'], pool({ os_sku: before }), pool({ os_sku: after, temporary_name_for_rotation: 't' })),
    ]).changes;
    expect(update?.action).toBe(action);
  });

  test('a raised maximum is felt by nobody', () => {
    expect(reviewOfChanges([change(node, ['update'], pool({ max_count: 1 }), pool({ max_count: 2 }))]).changes[0]?.action).toBe(
      'update',
    );
  });

  test('upgrade settings that AKS fills in by itself are noise', () => {
    const settings = { upgrade_settings: [{ max_surge: '10%', drain_timeout_in_minutes: 0 }] };
    const review = reviewOfChanges([change(node, ['update'], pool(settings), pool({ upgrade_settings: [] }))]);
    expect(review.changes[0]?.class).toBe('noise');
  });

  test('drift that the plan was made from stands before other drift, tags last', () => {
    const drifted = (name: string, before: object, after: object) => change(`azurerm_subnet.${name}`, ['update'], before, after);
    const review = reviewOfChanges([], 'prod-foundation', {
      resource_drift: [
        drifted('tags', { tags: { a: '1' } }, { tags: { a: '2' } }),
        drifted('a', { name: 'a', size: 1 }, { name: 'a', size: 2 }),
        drifted('z', { name: 'z', size: 1 }, { name: 'z', size: 2 }),
      ],
      relevant_attributes: [{ resource: 'azurerm_subnet.z', attribute: ['size'] }],
    });
    expect(review.drift.map((one) => [one.address, one.feedsPlan ?? false, one.class])).toEqual([
      ['azurerm_subnet.z', true, 'change'],
      ['azurerm_subnet.a', false, 'change'],
      ['azurerm_subnet.tags', false, 'noise'],
    ]);
  });

  test('tags alone are noise, and count as no change', () => {
    const review = reviewOfChanges([change('azurerm_subnet.a', ['update'], { tags: { a: '1' } }, { tags: { a: '2' } })]);
    expect(review.changes[0]?.class).toBe('noise');
    expect(review.summary.update).toBe(0);
  });
});

describe('identity and network', () => {
  const assignment = (role: string, scope: string) => ({
    role_definition_name: role,
    scope,
    principal_id: 'p',
    principal_type: 'User',
  });
  const group = '/subscriptions/s/resourceGroups/g';

  test.each([
    ['Reader', group, 'Owner', group, 'broadened'],
    ['Owner', group, 'Reader', group, 'narrowed'],
    ['Reader', group, 'Reader', '/subscriptions/s', 'broadened'],
    ['Reader', '/subscriptions/s', 'Reader', group, 'narrowed'],
  ])('%s on %s to %s on %s is %s', (role, scope, newRole, newScope, effect) => {
    const review = reviewOfChanges([
      change('azurerm_role_assignment.a', ['delete', 'create'], assignment(role, scope), assignment(newRole, newScope)),
    ]);
    expect(review.security).toEqual([expect.objectContaining({ kind: 'identity', effect, subject: 'User p' })]);
  });

  test('a rule of a security group is told by itself', () => {
    const rule = (source: string) => ({
      name: 'g',
      security_rule: [
        {
          name: 'ssh',
          access: 'Allow',
          direction: 'Inbound',
          protocol: 'Tcp',
          source_address_prefix: source,
          destination_address_prefix: '*',
          destination_port_range: '22',
        },
      ],
    });
    const review = reviewOfChanges([change('azurerm_network_security_group.g', ['update'], rule('10.0.0.0/8'), rule('*'))]);
    expect(review.security).toEqual([
      expect.objectContaining({
        kind: 'network',
        effect: 'broadened',
        before: 'allow Tcp 10.0.0.0/8 to * port 22',
        after: 'allow Tcp * to * port 22',
        scope: 'g',
      }),
    ]);
  });

  test('opening is exposure, closing is an outage for some', () => {
    const body = (open: boolean) => ({ name: 'v', public_network_access_enabled: open });
    expect(reviewOfChanges([change('azurerm_key_vault.v', ['update'], body(false), body(true))]).security[0]).toMatchObject({
      effect: 'broadened',
      after: 'open to the public network',
    });
    expect(reviewOfChanges([change('azurerm_key_vault.v', ['update'], body(true), body(false))]).changes[0]?.action).toBe(
      'disrupt',
    );
  });
});

test('values of a chart and objects of a release are told one by one', () => {
  const release = (replicas: number, image: string) => ({
    values: [
      JSON.stringify({
        objects: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' }, data: { same: 'x' } },
          {
            apiVersion: 'serving/v1',
            kind: 'InferenceService',
            metadata: { name: 'fraud', namespace: 'risk' },
            spec: { replicas, image },
          },
        ],
      }),
    ],
  });
  const [update] = reviewOfChanges([change('helm_release.m', ['update'], release(1, 'a'), release(2, 'a'))]).changes;
  expect(update?.attributes.map(({ path, before, after }) => [path, before, after])).toEqual([
    ['values.objects.InferenceService risk/fraud.spec.replicas', 1, 2],
  ]);
});

describe('policy', () => {
  const loss = [change('azurerm_storage_account.st', ['delete'], { name: 'st' }, null)];
  const policy = (text: string) => {
    const file = join(folder, 'review.yaml');
    writeFileSync(file, text);
    return file;
  };
  const plan = (stack: string) => {
    const file = join(folder, 'loss.json');
    writeFileSync(file, JSON.stringify(planOf(loss)));
    return `${stack}=${file}`;
  };

  test.each([
    ['prod-foundation', 4],
    ['staging-foundation', 4],
    ['dev-foundation', 3],
  ])('without a file a stateful loss in %s ends with %i', async (stack, code) => {
    expect((await run('review', '--plan', plan(stack))).code).toBe(code);
  });

  test('one address is let through, with its reason told', async () => {
    const file = policy(
      'version: 1\nallow:\n  - {stack: prod-a, address: azurerm_storage_account.st, reason: "empty since May"}\n',
    );
    const { code, out } = await run('review', '--plan', plan('prod-a'), '--policy', file);
    expect([code, out]).toEqual([0, expect.stringContaining('empty since May')]);
  });

  test('an allowance that has run out lets nothing through', async () => {
    const file = policy(
      'version: 1\nallow:\n  - {stack: prod-a, address: azurerm_storage_account.st, reason: x, until: "2026-01-01"}\n',
    );
    expect((await run('review', '--plan', plan('prod-a'), '--policy', file)).code).toBe(4);
  });

  test('nothing changed ends with 0', async () => {
    expect((await run('review', '--plan', `prod-a=${join(__dirname, '../fixtures/plans/golden/nothing.json')}`)).code).toBe(0);
  });

  test.each([
    ['version: 2', 'version is 2'],
    ['version: 1\nblok: []', '"blok"'],
    ['version: 1\ndefault: {block: [explosion]}', '"explosion", which is no trigger'],
    ['version: 1\nallow: [{stack: a, address: "azurerm_*", reason: x}]', 'is a pattern'],
    ['version: 1\nallow: [{stack: a, address: b}]', 'needs stack, address and reason'],
    ['version: [', 'no YAML'],
  ])('a policy that is not valid is refused: %s', async (text, expected) => {
    const { code, err } = await run('review', '--plan', plan('prod-a'), '--policy', policy(text));
    expect([code, err]).toEqual([2, expect.stringContaining(expected)]);
  });

  test('the policy to start from says what holds without one', () => {
    expect(readReviewPolicy(policy(REVIEW_POLICY))).toEqual(DEFAULT_POLICY);
  });
});

describe('without a plan', () => {
  const [base, head] = [join(folder, 'base'), join(folder, 'head')];
  const stackFile = (root: string) => join(root, 'stacks/prod-foundation/cdk.tf.json');
  const meta = (path: string) => ({ '//': { metadata: { path: `prod-foundation/${path}/Default` } } });

  beforeAll(() => {
    mkdirSync(join(base, 'stacks/prod-foundation'), { recursive: true });
    mkdirSync(join(base, 'contracts'));
    writeFileSync(
      join(base, 'manifest.json'),
      JSON.stringify({
        stacks: {
          'prod-foundation': {
            name: 'prod-foundation',
            synthesizedStackPath: 'stacks/prod-foundation/cdk.tf.json',
            dependencies: [],
          },
        },
      }),
    );
    writeFileSync(
      stackFile(base),
      JSON.stringify({
        resource: {
          azurerm_storage_account: { Old: { name: 'st', account_tier: 'Standard', ...meta('Data') } },
          azurerm_container_registry: { Cr: { name: 'cr', sku: 'Premium', ...meta('Registry') } },
        },
      }),
    );
    writeFileSync(
      join(base, 'contracts/prod.json'),
      JSON.stringify({
        contractVersion: '1.0',
        environment: { stage: 'prod', location: 'westeurope' },
        nodePools: [
          {
            name: 'gpu',
            vmSize: 'Standard_NC4as_T4_v3',
            minCount: 0,
            maxCount: 4,
            labels: { a: 'b' },
            taints: [],
            gpu: { model: 'T4', count: 1, resources: { 'nvidia.com/gpu': 1 } },
          },
        ],
        tenants: [{ name: 'risk', owner: { team: 'risk-ml' }, quota: { gpus: { 'nvidia.com/gpu': 4 } } }],
        keyVault: { uri: 'https://one/' },
      }),
    );
    cpSync(base, head, { recursive: true });
    const json = readJson(stackFile(head)) as {
      resource: { azurerm_storage_account: Record<string, unknown>; azurerm_container_registry: { Cr: { name: string } } };
    };
    json.resource.azurerm_storage_account = { New: { name: 'st', account_tier: 'Standard', ...meta('Storage') } };
    json.resource.azurerm_container_registry.Cr.name = 'cr2';
    writeFileSync(stackFile(head), JSON.stringify(json));
    const contract = readJson(join(head, 'contracts/prod.json')) as {
      nodePools: { maxCount: number; labels: object }[];
      keyVault: { uri: string };
    };
    Object.assign(contract.nodePools[0] ?? {}, { maxCount: 2, labels: {} });
    contract.keyVault.uri = 'https://two/';
    writeFileSync(join(head, 'contracts/prod.json'), JSON.stringify(contract));
  });

  test('a create-only argument is an estimated replacement', () => {
    expect(reviewOf({ base, head }).changes.find((one) => one.type === 'azurerm_container_registry')).toMatchObject({
      action: 'replace',
      estimate: true,
      class: 'stateful-loss',
      constructPath: 'prod-foundation/Registry',
      replaceCauses: [{ path: 'name' }],
    });
  });

  test('a rename is found, with the line of CDKTF that keeps the object', () => {
    expect(reviewOf({ base, head }).renames).toEqual([
      expect.objectContaining({
        from: 'azurerm_storage_account.Old',
        to: 'azurerm_storage_account.New',
        code: "(stack.node.findChild('Storage').node.findChild('Default') as TerraformResource).moveFromId('azurerm_storage_account.Old');",
      }),
    ]);
  });

  test('a moved block makes a move of it', () => {
    const moved = join(folder, 'moved');
    cpSync(head, moved, { recursive: true });
    writeFileSync(
      stackFile(moved),
      JSON.stringify({
        ...readJson(stackFile(head)),
        moved: [{ from: 'azurerm_storage_account.Old', to: 'azurerm_storage_account.New' }],
      }),
    );
    const review = reviewOf({ base, head: moved });
    expect(review.changes.find((one) => one.type === 'azurerm_storage_account')).toMatchObject({
      action: 'move',
      previousAddress: 'azurerm_storage_account.Old',
    });
    expect(review.renames).toEqual([]);
  });

  test('a contract that breaks says for whom', () => {
    const breaks = reviewOf({ base, head }).contracts.filter((one) => one.breaking);
    expect(breaks.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['keyVault.uri', 'https://one/', 'https://two/'],
      ['nodePools.gpu.labels.a', 'b', 'none'],
      ['nodePools.gpu.maxCount', '4', '2'],
    ]);
    expect(breaks[1]?.affects).toEqual(['tenant risk (risk-ml)']);
  });

  test('quotas that the pools cannot give any more are told', () => {
    expect(reviewOf({ base, head }).capacity).toEqual([
      expect.objectContaining({
        pool: 'nvidia.com/gpu',
        gpusAtMaxBefore: 4,
        gpusAtMaxAfter: 2,
        problem: expect.stringContaining('come to 4'),
      }),
    ]);
  });

  test('the address lock tells what is gone, and is written anew', async () => {
    const lock = join(folder, 'addresses.lock.json');
    expect((await run('addresses', 'check', base, '--lock', lock)).code).toBe(2);
    expect((await run('addresses', 'update', base, '--lock', lock)).code).toBe(0);
    expect((await run('addresses', 'check', base, '--lock', lock)).code).toBe(0);
    const { code, out } = await run('addresses', 'check', head, '--lock', lock);
    expect([code, out]).toEqual([
      3,
      expect.stringMatching(/- azurerm_storage_account\.Old[\s\S]*\+ azurerm_storage_account\.New[\s\S]*moveFromId/),
    ]);
  });

  test('an address that a moved block keeps is told as moved, not as gone', async () => {
    const [lock, moved] = [join(folder, 'moved.lock.json'), join(folder, 'moved-addresses')];
    await run('addresses', 'update', base, '--lock', lock);
    cpSync(head, moved, { recursive: true });
    const move = { from: 'azurerm_storage_account.Old', to: 'azurerm_storage_account.New' };
    writeFileSync(stackFile(moved), JSON.stringify({ ...readJson(stackFile(head)), moved: [move] }));
    const { code, out } = await run('addresses', 'check', moved, '--lock', lock);
    expect([code, out]).toEqual([3, expect.stringContaining(`${move.from} -> ${move.to}`)]);
    expect(out).not.toContain('destroys');
  });

  test.each(['github', 'azure-devops'])('a pipeline for %s names every stack, and is not written over', async (provider) => {
    const into = join(folder, provider);
    expect((await run('init', 'ci', base, '--provider', provider, '--into', into)).code).toBe(0);
    const file = join(into, provider === 'github' ? '.github/workflows/infrastructure.yml' : 'azure-pipelines.yml');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('prod-foundation');
    expect(parse(text)).toBeTypeOf('object');
    expect((await run('init', 'ci', base, '--provider', provider, '--into', into)).code).toBe(2);
  });
});

test('prices of infracost stand in for the table', () => {
  const file = join(folder, 'cost.json');
  writeFileSync(file, JSON.stringify(planOf([change(node, ['create'], null, pool({ min_count: 0, max_count: 1 }))])));
  const review = reviewOf({ plans: [{ stack: 'prod-a', file }], infracost: new Map([[node, 123.4]]) });
  expect(review.cost.items).toEqual([expect.objectContaining({ source: 'infracost', monthlyAtMax: 123.4 })]);
});

test('who depends on a lost resource is told, in its stack and beyond', () => {
  const resources = [
    { address: 'azurerm_subnet.a', mode: 'managed', type: 'azurerm_subnet', name: 'a', expressions: {} },
    {
      address: 'azurerm_private_endpoint.b',
      mode: 'managed',
      type: 'azurerm_private_endpoint',
      name: 'b',
      expressions: { subnet_id: { references: ['azurerm_subnet.a.id', 'azurerm_subnet.a'] } },
    },
    {
      address: 'x_y.c',
      mode: 'managed',
      type: 'x_y',
      name: 'c',
      expressions: { z: { references: ['azurerm_private_endpoint.b.id', 'azurerm_private_endpoint.b'] } },
    },
  ];
  const [gone] = reviewOfChanges([change('azurerm_subnet.a', ['delete'], { name: 'a' }, null)], 'prod-a', {
    configuration: { root_module: { resources } },
  }).changes;
  expect(gone?.dependents).toEqual({ nearest: ['azurerm_private_endpoint.b', 'x_y.c'], total: 2, stacks: [] });
});

test('of what is destroyed, attributes are counted and none is told; empty ones do not count', () => {
  const before = { name: 'stone', tags: { owner: 'team', stage: 'prod' }, note: '', rules: [] };
  const [gone] = reviewOfChanges([change('azurerm_storage_account.a', ['delete'], before, null)]).changes;
  expect(gone?.attributes).toEqual([]);
  expect(gone?.omittedAttributes).toBe(3);
});
