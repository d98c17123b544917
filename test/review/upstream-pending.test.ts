import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import schema from '../../lib/review/model/review.schema.json';
import { renderReviewHtml } from '../../lib/review/render/html';
import { renderReviewJson } from '../../lib/review/render/json';
import { renderMarkdown } from '../../lib/review/render/markdown';
import { renderReviewSarif } from '../../lib/review/render/sarif';
import { renderReviewTable } from '../../lib/review/render/table';
import { change, type Given, planOf, reviewOf, run } from './review-helpers';

const work = mkdtempSync(join(tmpdir(), 'upstream-pending-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let count = 0;

const ORDER: { [stack: string]: string[] } = {
  shared: [],
  'prod-foundation': ['shared'],
  'prod-addons': ['prod-foundation'],
  'prod-workloads': ['prod-addons'],
  'dev-trial': ['prod-foundation'],
};

function folder(files: { [path: string]: unknown }): string {
  count += 1;
  const root = join(work, String(count));
  for (const [path, json] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(json));
  }
  return root;
}

/** What cdktf synth wrote: stacks in order, and the contract of prod. */
function synth(contract: object, stacks: { [stack: string]: object } = {}): string {
  const entry = (name: string) => ({ name, synthesizedStackPath: `stacks/${name}/cdk.tf.json`, dependencies: ORDER[name] });
  return folder({
    'manifest.json': { stacks: Object.fromEntries(Object.keys(ORDER).map((name) => [name, entry(name)])) },
    ...Object.fromEntries(Object.keys(ORDER).map((name) => [`stacks/${name}/cdk.tf.json`, stacks[name] ?? { resource: {} }])),
    'contracts/prod.json': { environment: { stage: 'prod', location: 'westeurope' }, nodePools: [], tenants: [], ...contract },
  });
}

const same = synth({});

/** Changes of a plan, or these with the rest of the plan. */
type Planned = object[] | { changes: object[]; rest: object };

function filesOf(plans: { [stack: string]: Planned }) {
  const json = (planned: Planned) => (Array.isArray(planned) ? planOf(planned) : planOf(planned.changes, planned.rest));
  const files = folder(Object.fromEntries(Object.entries(plans).map(([stack, planned]) => [`${stack}.json`, json(planned)])));
  return Object.keys(plans).map((stack) => ({ stack, file: join(files, `${stack}.json`) }));
}

function reviewOfPlans(plans: { [stack: string]: Planned }, base = same, head = same, more: Given = {}) {
  return reviewOf({ plans: filesOf(plans), base, head, ...more });
}

const pending = (...given: Parameters<typeof reviewOfPlans>) =>
  reviewOfPlans(...given).upstreamPending.map(({ stack, upstream }) => [stack, ...upstream.map((one) => one.stack)]);

const REGISTRY = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/cr';
const still = change('azurerm_resource_group.rg', ['no-op'], { name: 'rg' }, { name: 'rg' });
const registry = (after: object, actions = ['update']) =>
  change('azurerm_container_registry.cr', actions, { id: REGISTRY, name: 'cr' }, { id: REGISTRY, name: 'cr', ...after });
const release = change('helm_release.kueue', ['update'], { name: 'kueue', version: '1' }, { name: 'kueue', version: '2' });

describe('upstream pending', () => {
  test('a plan is out of date where a stack before it changes what the contract carries', () => {
    const review = reviewOfPlans({ 'prod-foundation': [registry({ sku: 'Premium' })], 'prod-addons': [release] });
    expect(review.upstreamPending).toEqual([
      {
        stack: 'prod-addons',
        environment: 'prod',
        upstream: [{ stack: 'prod-foundation', isNew: false, uses: ['azurerm_container_registry.cr'], total: 1 }],
      },
    ]);
  });

  test('also where it stands several stacks before: what is applied first is named first', () => {
    const cluster = change('azurerm_kubernetes_cluster.aks', ['update'], { name: 'a' }, { name: 'a', sku_tier: 'Standard' });
    expect(
      pending({
        shared: [registry({ sku: 'Premium' })],
        'prod-foundation': [cluster],
        'prod-addons': [still],
        'prod-workloads': [still],
      }),
    ).toEqual([
      ['prod-addons', 'shared', 'prod-foundation'],
      ['prod-foundation', 'shared'],
      ['prod-workloads', 'shared', 'prod-foundation'],
    ]);
  });

  test('also where nothing of the stack before it stands yet', () => {
    const create = change('azurerm_storage_account.st', ['create'], null, { name: 'st' });
    expect(reviewOfPlans({ shared: [create], 'prod-foundation': [still] }).upstreamPending).toMatchObject([
      { stack: 'prod-foundation', upstream: [{ stack: 'shared', isNew: true, uses: [], total: 0 }] },
    ]);
  });

  test('a change that the later stack does not use makes no plan old', () => {
    const alert = change('azurerm_monitor_action_group.a', ['update'], { name: 'a' }, { name: 'a', short_name: 'b' });
    expect(pending({ 'prod-foundation': [still, alert], 'prod-addons': [release] })).toEqual([]);
  });

  test('nor do tags, or a stack that comes later or is not in the order', () => {
    expect(pending({ 'prod-foundation': [registry({ tags: { a: 'b' } })], 'prod-addons': [release] })).toEqual([]);
    expect(pending({ 'prod-foundation': [still], 'prod-addons': [registry({ sku: 'Premium' })] })).toEqual([]);
    expect(pending({ 'prod-foundation': [registry({ sku: 'Premium' })], 'other-addons': [release] })).toEqual([]);
  });

  test('a promise of the contract that breaks makes the plans of its readers old', () => {
    const [base, head] = [synth({ keyVault: { uri: 'https://one/' } }), synth({ keyVault: { uri: 'https://two/' } })];
    const vault = change('azurerm_key_vault_access_policy.p', ['update'], { id: 'p', n: 1 }, { id: 'p', n: 2 });
    expect(reviewOfPlans({ 'prod-foundation': [vault], 'prod-addons': [still] }, base, head).upstreamPending).toMatchObject([
      { stack: 'prod-addons', upstream: [{ uses: ['contract keyVault.uri'] }] },
    ]);
  });

  test('a promise makes none old where the stack that gives it changes in tags only, or gives it to another environment', () => {
    const [base, head] = [synth({ keyVault: { uri: 'https://one/' } }), synth({ keyVault: { uri: 'https://two/' } })];
    expect(pending({ 'prod-foundation': [registry({ tags: { a: 'b' } })], 'prod-addons': [release] }, base, head)).toEqual([]);
    const dev = (uri: string) => synth({ environment: { stage: 'dev', location: 'westeurope' }, keyVault: { uri } });
    const alert = change('azurerm_monitor_action_group.a', ['update'], { name: 'a' }, { name: 'a', short_name: 'b' });
    expect(
      pending({ 'prod-foundation': [still, alert], 'dev-trial': [release] }, dev('https://one/'), dev('https://two/')),
    ).toEqual([]);
  });

  test('a new promise does so where the reader changes itself', () => {
    const [base, head] = [synth({}), synth({ keyVault: { uri: 'https://new/' } })];
    const added = [still, change('azurerm_monitor_action_group.a', ['create'], null, { name: 'a' })];
    expect(pending({ 'prod-foundation': added, 'prod-addons': [release] }, base, head)).toEqual([
      ['prod-addons', 'prod-foundation'],
    ]);
    expect(pending({ 'prod-foundation': added, 'prod-addons': [still] }, base, head)).toEqual([]);
  });

  test('what comes after a stack that is planned again is planned again, as nobody knows what that one will change', () => {
    const plans = { 'prod-foundation': [registry({ sku: 'Premium' })], 'prod-addons': [release] };
    const alert = change('azurerm_monitor_action_group.a', ['update'], { name: 'a' }, { name: 'a', short_name: 'b' });
    const ordered = reviewOfPlans({ 'prod-foundation': [alert], 'prod-addons': [still], 'prod-workloads': [still] });
    expect(ordered.upstreamPending).toEqual([]);
    const usesRegistry = change('azurerm_role_assignment.pull', ['no-op'], { scope: REGISTRY }, { scope: REGISTRY });
    const cr = change('azurerm_container_registry_scope_map.m', ['update'], { id: REGISTRY, a: 1 }, { id: REGISTRY, a: 2 });
    const review = reviewOfPlans({ 'prod-foundation': [cr], 'prod-addons': [usesRegistry], 'prod-workloads': [still] });
    expect(review.upstreamPending).toMatchObject([
      { stack: 'prod-addons', upstream: [{ stack: 'prod-foundation', total: 1 }] },
      { stack: 'prod-workloads', upstream: [{ stack: 'prod-addons', isNew: false, uses: [], total: 0 }] },
    ]);
    expect(renderReviewTable(review, false)).toContain(
      'prod-workloads: plan it again once prod-addons is applied: it was planned before what prod-addons changes is known',
    );
    expect(pending(plans)).toEqual([['prod-addons', 'prod-foundation']]);
  });

  test('a stack compared without a plan does not grow old', () => {
    expect(pending({ 'prod-foundation': [registry({ sku: 'Premium' })] })).toEqual([]);
  });

  test('five uses are named, the others counted', () => {
    const subnets = Array.from({ length: 7 }, (_, index) =>
      change(`azurerm_subnet.s${index}`, ['delete', 'create'], { name: 'a' }, { name: 'b' }),
    );
    const [first] = reviewOfPlans({ 'prod-foundation': subnets, 'prod-addons': [release] }).upstreamPending;
    expect([first?.upstream[0]?.uses.length, first?.upstream[0]?.total]).toEqual([5, 7]);
  });

  test('stands on top of each format', () => {
    const review = reviewOfPlans({ 'prod-foundation': [registry({ sku: 'Premium' })], 'prod-addons': [release] });
    const text =
      'plan it again once prod-foundation is applied: it was planned before what it uses of prod-foundation is changed';
    const markdown = renderMarkdown(review, { dialect: 'github', limit: 60_000 });
    expect(markdown.replaceAll('\\', '')).toContain(`> - \`prod-addons\`: ${text} (azurerm_container_registry.cr)`);
    expect(markdown.indexOf('Upstream pending')).toBeLessThan(markdown.indexOf('Data lost'));
    expect(renderReviewHtml(review)).toContain(`<li><code>prod-addons</code>: ${text} (azurerm_container_registry.cr)</li>`);
    expect(renderReviewTable(review, false)).toContain(`upstream pending  prod-addons: ${text}`);
    const json = JSON.parse(renderReviewJson(review));
    expect(json).toMatchObject({ schemaVersion: '1.1', upstreamPending: review.upstreamPending });
    const validate = new Ajv({ strict: false }).compile(schema);
    validate(json);
    expect(validate.errors ?? []).toEqual([]);
  });
});

/** A stack that keeps its state under a key, and reads states of others. */
function keeping(key: string, reads: { [name: string]: string } = {}, resource: object = {}): object {
  const at = (name: string) => ({ storage_account_name: 'state', container_name: 'tfstate', key: name });
  const data = Object.fromEntries(
    Object.entries(reads).map(([name, other]) => [name, { backend: 'azurerm', config: { ...at(other), use_oidc: true } }]),
  );
  return {
    terraform: { backend: { azurerm: at(key) } },
    ...(Object.keys(reads).length > 0 ? { data: { terraform_remote_state: data } } : {}),
    resource,
  };
}

describe('upstream pending through states', () => {
  const outputs = { output_changes: { subnet: { actions: ['update'], before: 'a', after: 'b' } } };
  const reading = (expression: string) => ({ terraform_data: { t: { input: expression } } });
  const of = (expression: string, reads = 'foundation') => {
    const head = synth(
      {},
      {
        'prod-foundation': keeping('foundation'),
        'prod-addons': keeping('addons', { base: reads }, reading(expression)),
      },
    );
    const plans = { 'prod-foundation': { changes: [still], rest: outputs }, 'prod-addons': [still] };
    return reviewOfPlans(plans, head, head).upstreamPending.map(({ stack, upstream }) => [stack, upstream[0]?.uses]);
  };

  test('a plan is out of date where an output changes that it reads from the state of a stack before it', () => {
    const expected = [['prod-addons', ['output subnet']]];
    expect(of('${data.terraform_remote_state.base.outputs.subnet}')).toEqual(expected);
    expect(of('${data.terraform_remote_state.base.outputs["subnet"]}')).toEqual(expected);
    expect(of('${data.terraform_remote_state.base.outputs}')).toEqual(expected);
  });

  test('not where it reads another output, or the state of another stack', () => {
    expect(of('${data.terraform_remote_state.base.outputs.vault}')).toEqual([]);
    expect(of('${data.terraform_remote_state.base.outputs.subnet}', 'elsewhere')).toEqual([]);
  });

  test('who reads a state comes after who keeps it, where no manifest tells the order: from the stacks beside their plans', () => {
    const files = folder({
      'a/plan.json': planOf([still], outputs),
      'a/cdk.tf.json': keeping('one'),
      'b/plan.json': planOf([still]),
      'b/cdk.tf.json': keeping('two', { a: 'one' }, reading('${data.terraform_remote_state.a.outputs.subnet}')),
    });
    const plans = ['a', 'b'].map((stack) => ({ stack, file: join(files, stack, 'plan.json') }));
    expect(reviewOf({ plans }).upstreamPending).toMatchObject([
      { stack: 'b', upstream: [{ stack: 'a', uses: ['output subnet'] }] },
    ]);
  });
});

describe('upstream pending through data', () => {
  const zone = change('azurerm_private_dns_zone.z', ['update'], { name: 'ml.example' }, { name: 'ml.example', soa_record: [1] });
  const of = (data: object, made: object = { name: 'ml.example', resource_group_name: 'rg-net' }) => {
    const head = synth(
      {},
      {
        'prod-foundation': { resource: { azurerm_private_dns_zone: { z: made } } },
        'prod-addons': { data },
      },
    );
    return reviewOfPlans({ 'prod-foundation': [zone], 'prod-addons': [still] }, head, head).upstreamPending.map(
      ({ stack, upstream }) => [stack, upstream[0]?.uses],
    );
  };
  const zoneOf = (attributes: object) => ({ azurerm_private_dns_zone: { d: attributes } });
  const expected = [['prod-addons', ['azurerm_private_dns_zone.z']]];

  test('a plan is out of date where a resource changes that it looked up by name', () => {
    expect(of(zoneOf({ name: 'ml.example', resource_group_name: 'rg-net' }))).toEqual(expected);
    expect(of(zoneOf({ name: 'ml.example' }))).toEqual(expected);
    expect(of(zoneOf({ name: 'ml.example', resource_group_name: '${var.group}' }))).toEqual(expected);
  });

  test('not where it looked up another one, or something of another type', () => {
    expect(of(zoneOf({ name: 'other.example', resource_group_name: 'rg-net' }))).toEqual([]);
    expect(of(zoneOf({ name: 'ml.example', resource_group_name: 'rg-else' }))).toEqual([]);
    expect(of({ azurerm_dns_zone: { d: { name: 'ml.example' } } })).toEqual([]);
    expect(of(zoneOf({ name: '${var.zone}' }), { name: '${var.zone}' })).toEqual([]);
  });
});

const added = change('terraform_data.settings', ['create'], null, { input: 'a' });
const INCOMPLETE = 'planning failed, and no stack before it is new: read the log of its plan, mend what it names, and plan again';

describe('a stack that could not be planned', () => {
  const waits = (plans: { [stack: string]: Planned }, unplanned: string[]) =>
    reviewOfPlans(plans, same, same, { unplanned }).upstreamPending.map(({ stack, upstream }) => [
      stack,
      ...upstream.map((one) => `${one.stack}${one.isNew ? ' (new)' : ''}`),
    ]);

  test('waits for a stack before it that is new, directly or not, and for one that waits itself', () => {
    expect(waits({ 'prod-foundation': [added] }, ['prod-workloads', 'prod-addons'])).toEqual([
      ['prod-addons', 'prod-foundation (new)'],
      ['prod-workloads', 'prod-foundation (new)', 'prod-addons'],
    ]);
    expect(waits({ 'prod-foundation': [added], 'prod-addons': [still] }, ['prod-workloads'])).toEqual([
      ['prod-addons', 'prod-foundation (new)'],
      ['prod-workloads', 'prod-foundation (new)'],
    ]);
    const outputs = { output_changes: { subnet: { actions: ['create'], before: null, after: 'b' } } };
    expect(waits({ 'prod-foundation': { changes: [], rest: outputs } }, ['prod-addons'])).toEqual([
      ['prod-addons', 'prod-foundation (new)'],
    ]);
  });

  test('waits for nothing where what stands before it stands already, adds nothing, or was not planned for another reason', () => {
    const half = [still, added];
    expect(waits({ 'prod-foundation': half }, ['prod-addons'])).toEqual([]);
    expect(waits({ 'prod-foundation': [] }, ['prod-addons'])).toEqual([]);
    expect(waits({ 'prod-workloads': [added] }, ['prod-addons'])).toEqual([
      ['prod-workloads', 'prod-addons'], // planned, but what comes before it is not known
    ]);
    expect(waits({ 'prod-workloads': [added] }, ['prod-foundation', 'prod-addons'])).toEqual([
      ['prod-workloads', 'prod-foundation', 'prod-addons'],
    ]);
  });

  test('makes the plans of all that come after it old', () => {
    expect(waits({ shared: [added], 'prod-addons': [still] }, ['prod-foundation'])).toEqual([
      ['prod-addons', 'shared (new)', 'prod-foundation'],
      ['prod-foundation', 'shared (new)'],
    ]);
  });

  test('does not block while it waits, but is never told as nothing', () => {
    const review = reviewOfPlans({ 'prod-foundation': [added] }, same, same, { unplanned: ['prod-addons'] });
    expect(review.verdict).toMatchObject({ decision: 'pass', exitCode: 0, reasons: [] });
    expect(review.inputs.find(({ stack }) => stack === 'prod-addons')).toMatchObject({ kind: 'synth', unplanned: true });
    const outputs = { output_changes: { subnet: { actions: ['create'], before: null, after: 'b' } } };
    const plans = { 'prod-foundation': { changes: [], rest: outputs } };
    expect(reviewOfPlans(plans, same, same, { unplanned: ['prod-addons'] }).verdict.decision).toBe('pass');
  });

  test.each(['prod-addons', 'dev-trial'])('blocks where nothing explains it, whatever the policy says of %s', (stack) => {
    const review = reviewOfPlans({ 'prod-foundation': [still] }, same, same, { unplanned: [stack] });
    expect(review.verdict).toMatchObject({
      decision: 'block',
      exitCode: 4,
      reasons: [{ level: 'block', trigger: 'incomplete', count: 1, examples: [`${stack} is not planned`] }],
    });
  });

  test('is compared as code', () => {
    const head = synth({}, { 'prod-addons': { resource: { helm_release: { kueue: { name: 'kueue' } } } } });
    const review = reviewOfPlans({ 'prod-foundation': [added] }, same, head, { unplanned: ['prod-addons'] });
    expect(review.changes.filter(({ stack }) => stack === 'prod-addons')).toMatchObject([{ action: 'create', estimate: true }]);
    const alone = reviewOf({ plans: filesOf({ 'prod-foundation': [added] }), head, unplanned: ['prod-addons'] });
    expect(alone.changes.map(({ stack }) => stack).sort()).toEqual(['prod-addons', 'prod-foundation']);
  });

  test.each([
    [
      'waits',
      [added],
      'waits for prod-foundation, which is new, and prod-addons, which is not planned itself; plan and review it once they are applied',
      'warning',
    ],
    ['blocks', [still], INCOMPLETE, 'error'],
  ] as const)('stands on top of each format where it %s', (_, foundation, text, level) => {
    const review = reviewOfPlans({ 'prod-foundation': [...foundation] }, same, same, {
      unplanned: ['prod-addons', 'prod-workloads'],
    });
    const markdown = renderMarkdown(review, { dialect: 'github', limit: 60_000 });
    expect(markdown.split('\n')[1]).toContain('2 stacks not planned');
    expect(markdown.replaceAll('\\', '')).toContain(`> - \`prod-workloads\`: ${text}`);
    expect(markdown.indexOf('**Not planned**')).toBeLessThan(markdown.indexOf('Data lost'));
    expect(renderReviewHtml(review)).toContain(`<li><code>prod-workloads</code>: ${text}</li>`);
    const table = renderReviewTable(review, false);
    expect(table).toContain(`not planned  prod-workloads: ${text}`);
    expect(table).toMatch(/prod-workloads +code, not planned/);
    const [sarif] = JSON.parse(renderReviewSarif(review)).runs;
    expect(sarif.results).toContainEqual(
      expect.objectContaining({
        ruleId: 'MLP-REVIEW-UNPLANNED',
        level,
        message: { text: `prod-workloads is not planned: ${text}` },
      }),
    );
    const json = JSON.parse(renderReviewJson(review));
    expect(json.schemaVersion).toBe('1.2');
    const validate = new Ajv({ strict: false }).compile(schema);
    validate(json);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('all that are not planned are named, however many', () => {
    const names = Array.from({ length: 30 }, (_, index) => `prod-s${index}`);
    const head = folder({
      'manifest.json': {
        stacks: Object.fromEntries(names.map((name) => [name, { name, synthesizedStackPath: `${name}.json`, dependencies: [] }])),
      },
      ...Object.fromEntries(names.map((name) => [`${name}.json`, {}])),
    });
    const markdown = renderMarkdown(reviewOf({ head, unplanned: names }), { dialect: 'github', limit: 60_000 });
    for (const name of names) expect(markdown).toContain(`\`${name}\``);
  });
});

describe('--unplanned', () => {
  const review = (...args: string[]) => run('review', '--today', '2026-11-21', ...args);

  test('is told for each stack, and needs no plan beside it', async () => {
    const [{ file = '' } = {}] = filesOf({ 'prod-foundation': [added] });
    const args = ['--base', same, '--head', same, '--unplanned', 'prod-addons', '--unplanned', 'prod-workloads'];
    const { code, out } = await review(...args, '--plan', `prod-foundation=${file}`);
    expect([code, out.match(/^not planned {2}/gm)?.length]).toEqual([0, 2]);
    expect((await review(...args)).code).toBe(4);
  });

  test.each([
    ['a stack that is not there', ['--head', same, '--unplanned', 'prod-adons'], /--unplanned: .*got prod-adons\n.*prod-addons/],
    ['no folder to know it from', ['--unplanned', 'prod-addons'], /--head/],
  ])('refuses %s', async (_, args, told) => {
    const { code, err } = await review(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(told)]);
  });

  test('refuses a stack that has a plan', async () => {
    const [{ file = '' } = {}] = filesOf({ 'prod-addons': [added] });
    const { code, err } = await review('--head', same, '--unplanned', 'prod-addons', '--plan', `prod-addons=${file}`);
    expect([code, err]).toEqual([2, expect.stringContaining('a plan is given for a stack that is said not to be planned')]);
  });
});
