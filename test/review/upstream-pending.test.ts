import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import schema from '../../lib/review/model/review.schema.json';
import { renderReviewHtml } from '../../lib/review/render/html';
import { renderReviewJson } from '../../lib/review/render/json';
import { renderMarkdown } from '../../lib/review/render/markdown';
import { renderReviewTable } from '../../lib/review/render/table';
import { change, planOf, reviewOf } from './review-helpers';

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
function synth(contract: object): string {
  const entry = (name: string) => ({ name, synthesizedStackPath: `stacks/${name}/cdk.tf.json`, dependencies: ORDER[name] });
  return folder({
    'manifest.json': { stacks: Object.fromEntries(Object.keys(ORDER).map((name) => [name, entry(name)])) },
    ...Object.fromEntries(Object.keys(ORDER).map((name) => [`stacks/${name}/cdk.tf.json`, { resource: {} }])),
    'contracts/prod.json': { environment: { stage: 'prod', location: 'westeurope' }, nodePools: [], tenants: [], ...contract },
  });
}

const same = synth({});

function reviewOfPlans(plans: { [stack: string]: object[] }, base = same, head = same) {
  const files = folder(Object.fromEntries(Object.entries(plans).map(([stack, changes]) => [`${stack}.json`, planOf(changes)])));
  const given = Object.keys(plans).map((stack) => ({ stack, file: join(files, `${stack}.json`) }));
  return reviewOf({ plans: given, base, head });
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
