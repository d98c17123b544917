import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../lib/review/main';

type Json = Record<string, unknown>;

function resource(path: string, attributes: Json): Json {
  return { '//': { metadata: { path, uniqueId: 'x' } }, ...attributes };
}

/** A folder as `cdktf synth` writes it. */
function synthFolder(
  stacks: Record<string, { json: Json; dependencies?: string[] }>,
  contracts: Record<string, Json> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const manifest = Object.fromEntries(
    Object.entries(stacks).map(([name, { dependencies = [] }]) => [
      name,
      {
        name,
        synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
        workingDirectory: `stacks/${name}`,
        constructPath: name,
        dependencies,
      },
    ]),
  );
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '0.21.0', stacks: manifest }));
  for (const [name, { json }] of Object.entries(stacks)) {
    mkdirSync(join(folder, 'stacks', name), { recursive: true });
    writeFileSync(join(folder, 'stacks', name, 'cdk.tf.json'), JSON.stringify(json));
  }
  if (Object.keys(contracts).length > 0) mkdirSync(join(folder, 'contracts'));
  for (const [name, json] of Object.entries(contracts)) writeFileSync(join(folder, 'contracts', name), JSON.stringify(json));
  return folder;
}

const FOUNDATION = {
  resource: {
    azurerm_kubernetes_cluster: {
      Platform_Cluster: resource('prod-foundation/Platform/Cluster/Default', {
        location: 'westeurope',
        default_node_pool: { name: 'system', vm_size: 'Standard_D4ds_v5', min_count: 3, max_count: 6 },
        local_account_disabled: false,
      }),
    },
    azurerm_kubernetes_cluster_node_pool: {
      Platform_T4: resource('prod-foundation/Platform/Cluster/T4/Default', {
        name: 't4',
        kubernetes_cluster_id: '${azurerm_kubernetes_cluster.Platform_Cluster.id}',
        vm_size: 'Standard_NC4as_T4_v3',
        min_count: 0,
        max_count: 4,
        priority: 'Spot',
      }),
    },
  },
  data: { azurerm_client_config: { Me: resource('prod-foundation/Me', {}) } },
};

const CONTRACT = {
  environment: { project: 'contoso-ml', stage: 'prod', location: 'westeurope' },
  nodePools: [
    {
      name: 'a100',
      vmSize: 'Standard_NC24ads_A100_v4',
      minCount: 1,
      maxCount: 2,
      gpu: { model: 'NVIDIA A100 <80GB>', count: 1 },
    },
    { name: 'odd', vmSize: 'Standard_Unheard_v9', minCount: 0, maxCount: 1 },
  ],
};

async function report(folder: string, ...args: string[]) {
  let printed = '';
  let complaint = '';
  const code = await main(
    ['report', folder, '--today', '2026-11-21', ...args],
    (text) => {
      printed += text;
    },
    (text) => {
      complaint += text;
    },
  );
  const read = (file: string) => readFileSync(join(folder, 'report', file), 'utf8');
  return { code, printed, complaint, read, json: () => JSON.parse(read('report.json')) };
}

const app = () =>
  synthFolder({
    'prod-foundation': { json: FOUNDATION },
    'prod-addons': { json: {}, dependencies: ['prod-foundation'] },
    shared: { json: {} },
  });

describe('ml-platform report', () => {
  test('prints stack, layer, resources and findings, then where the report is', async () => {
    const folder = app();
    const { code, printed } = await report(folder);
    expect(code).toBe(0);
    expect(printed).toMatch(/^stack +layer +resources +findings\n/);
    expect(printed).toMatch(/prod-addons +addons +0 +/);
    expect(printed).toMatch(/prod-foundation +foundation +2 +\d+ errors/);
    expect(printed).toMatch(/shared +shared +0 +/);
    expect(printed.trimEnd().split('\n').at(-1)).toBe(`report: ${join(folder, 'report', 'index.html')}`);
  });

  test('writes HTML, markdown and JSON', async () => {
    const folder = app();
    await report(folder);
    expect(readdirSync(join(folder, 'report')).sort()).toEqual(['index.html', 'report.json', 'report.md']);
  });

  test('writes the same bytes for the same input', async () => {
    const first = await report(app());
    const second = await report(app());
    for (const file of ['index.html', 'report.md', 'report.json']) expect(second.read(file)).toBe(first.read(file));
  });

  test('names its schema, layers, strictness and resources in the JSON', async () => {
    const { json } = await report(app());
    expect(json()).toMatchObject({ schemaVersion: '1.0', pack: 'baseline', price: { currency: 'USD', date: '2026-06-18' } });
    expect(json().stacks[1]).toMatchObject({
      name: 'prod-foundation',
      environment: 'prod',
      layer: 'foundation',
      strictness: 'prod',
      resources: 2,
      data: 1,
    });
  });

  test('groups resources by the construct that made them', async () => {
    const { json } = await report(app());
    expect(json().constructs.map((construct: { path: string }) => construct.path)).toEqual([
      'prod-foundation/Platform/Cluster',
      'prod-foundation/Platform/Cluster/T4',
    ]);
  });

  test('lists guardrail findings with path, value seen and fix', async () => {
    const { json } = await report(app());
    expect(json().findings).toContainEqual(
      expect.objectContaining({
        id: 'MLP-AKS-001',
        constructPath: 'prod-foundation/Platform/Cluster',
        attribute: 'local_account_disabled',
        seen: 'false',
        allowed: 'true',
        level: 'error',
        status: 'open',
      }),
    );
  });

  test('prices pools from Terraform where there is no contract', async () => {
    const { json } = await report(app());
    const [system, t4] = json().pools;
    expect(system).toMatchObject({ name: 'system', gpu: false, minCount: 3, maxCount: 6, location: 'westeurope' });
    expect(t4).toMatchObject({ name: 't4', gpu: true, spot: true, minCount: 0, maxCount: 4, hourlyUsdAtMin: 0 });
    expect(t4.hourlyUsdAtMax).toBeCloseTo(4 * t4.hourlyUsd, 4);
  });

  test('takes the pools of the contract where there is one, and says when a size has no price', async () => {
    const { json, read } = await report(synthFolder({ 'prod-foundation': { json: FOUNDATION } }, { 'prod.json': CONTRACT }));
    expect(json().pools).toMatchObject([
      { name: 'a100', gpu: true, gpuModel: '1 x NVIDIA A100 <80GB>', minCount: 1, maxCount: 2 },
      { name: 'odd', gpu: false, hourlyUsd: null, hourlyUsdAtMax: null },
    ]);
    expect(read('report.md')).toContain('all pools, 1 without price');
  });

  test('prices Azure ML compute clusters, whose sizes come in capitals', async () => {
    const compute = {
      C: resource('dev-ml/C', {
        name: 'gpu',
        location: 'westeurope',
        vm_size: 'STANDARD_NC4AS_T4_V3',
        scale_settings: { min_node_count: 0, max_node_count: 2 },
      }),
    };
    const { json } = await report(
      synthFolder({ 'dev-ml': { json: { resource: { azurerm_machine_learning_compute_cluster: compute } } } }),
    );
    expect(json().pools).toMatchObject([{ kind: 'ML compute', vmSize: 'Standard_NC4as_T4_v3', hourlyUsd: expect.any(Number) }]);
  });

  test('shows the address plan in the order of addresses, with the network that each subnet is cut from', async () => {
    const network = resource('dev-foundation/Network', { name: 'vnet', address_space: ['10.40.0.0/18'] });
    const subnet = (name: string, addressPrefix: string) =>
      resource(`dev-foundation/${name}`, {
        name,
        address_prefixes: [addressPrefix],
        virtual_network_name: '${azurerm_virtual_network.Network.name}',
      });
    const json = {
      resource: {
        azurerm_virtual_network: { Network: network },
        azurerm_subnet: {
          Pods: subnet('pods', '10.40.16.0/20'),
          Gpu: subnet('gpu', '10.40.4.0/22'),
          Fw: subnet('fw', '10.40.10.0/26'),
        },
      },
    };
    const { json: parsed, read } = await report(synthFolder({ 'dev-foundation': { json } }));
    expect(parsed().subnets).toEqual([
      { environment: 'dev', addressSpace: '10.40.0.0/18', name: 'gpu', addressPrefix: '10.40.4.0/22', usableAddresses: 1019 },
      { environment: 'dev', addressSpace: '10.40.0.0/18', name: 'fw', addressPrefix: '10.40.10.0/26', usableAddresses: 59 },
      { environment: 'dev', addressSpace: '10.40.0.0/18', name: 'pods', addressPrefix: '10.40.16.0/20', usableAddresses: 4091 },
    ]);
    expect(read('report.md')).toContain('| dev | 10.40.0.0/18 | `gpu` | `10.40.4.0/22` | 1019 |');
    expect(read('index.html')).toContain('Address plan');
  });

  test('is one HTML file that loads nothing and escapes what it shows', async () => {
    const { read } = await report(synthFolder({ 'prod-foundation': { json: FOUNDATION } }, { 'prod.json': CONTRACT }));
    const html = read('index.html');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/\b(?:src|href)="(?!#|data:)/);
    expect(html).not.toContain('<80GB>');
    expect(html).toContain('&#60;80GB&#62;');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('@media print');
  });

  test('draws a box for each stack and an arrow for each dependency', async () => {
    const html = (await report(app())).read('index.html');
    expect(html.match(/<g class="box/g)).toHaveLength(3);
    expect(html).toContain('<title>prod-addons needs prod-foundation</title>');
  });

  test('works on any CDKTF output', async () => {
    const { code, json } = await report(synthFolder({ network: { json: { resource: { null_resource: { a: {} } } } } }));
    expect(code).toBe(0);
    expect(json().stacks).toMatchObject([{ name: 'network', layer: 'network', resources: 1 }]);
  });

  test('says what to do when the folder is no synth output', async () => {
    const { code, complaint } = await report(mkdtempSync(join(tmpdir(), 'empty-')));
    expect(code).toBe(2);
    expect(complaint).toMatch(/no manifest.json.*\n.*\n {2}fix: run cdktf synth first/);
  });

  test('says which file is broken', async () => {
    const folder = app();
    writeFileSync(join(folder, 'stacks/shared/cdk.tf.json'), '{');
    const { code, complaint } = await report(folder);
    expect(code).toBe(2);
    expect(complaint).toMatch(/shared\/cdk\.tf\.json: file is no JSON/);
    expect(existsSync(join(folder, 'report'))).toBe(false);
  });
});
