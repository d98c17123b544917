import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { PlatformContract } from '../../lib/contract';
import { addressesOf, writtenApp } from '../helpers/app';
import { schemaProblems } from '../helpers/provider-schema';

const ENVIRONMENTS = ['dev', 'staging', 'prod'];

interface Server {
  readonly image?: string;
  readonly tag?: string;
  readonly disabled?: boolean;
}

function resources(stack: string, type: string): Record<string, unknown>[] {
  return Object.values(writtenApp().stacks.get(stack)?.resource?.[type] ?? {});
}

function contract(stage: string): PlatformContract {
  const scope = new TerraformStack(Testing.app(), 'Reader');
  return PlatformContract.fromFile(scope, 'Platform', join(writtenApp().outdir, 'contracts', `${stage}.json`));
}

describe('the stacks of this repository', () => {
  test('are the shared one and three layers for each environment', () => {
    expect([...writtenApp().stacks.keys()]).toEqual([
      'dev-addons',
      'dev-foundation',
      'dev-workloads',
      'prod-addons',
      'prod-foundation',
      'prod-workloads',
      'shared',
      'staging-addons',
      'staging-foundation',
      'staging-workloads',
    ]);
  });

  test('keep the addresses that the lock lists: a changed one replaces what users run', () => {
    const locked: unknown = JSON.parse(readFileSync('addresses.lock.json', 'utf8'));
    const now = Object.fromEntries([...writtenApp().stacks].map(([name, stack]) => [name, addressesOf(stack)]));
    // Meant so? `npm run addresses` writes the lock again; say in the pull request what moves.
    expect(now).toEqual(locked);
  });

  test('name no image of a model server in prod without its digest', () => {
    const releases = ['prod-addons', 'prod-workloads'].flatMap((stack) => resources(stack, 'helm_release'));
    const values = releases.flatMap((release) => (release.values ?? []) as string[]);
    const [runtimes] = values.filter((text) => text.includes('"servingruntime"'));
    const { servingruntime } = (JSON.parse(runtimes ?? '{}') as { kserve: { servingruntime: Record<string, Server> } }).kserve;
    const running = Object.values(servingruntime).filter(({ image, disabled }) => image !== undefined && !disabled);
    expect(running).toHaveLength(4);
    for (const { image, tag } of running) expect(`${image}:${tag}`).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/);
    const images = values.flatMap((text) => [...text.matchAll(/"image": "([^"]+[:@][^"]+)"/g)].map(([, image]) => image));
    expect(images.length).toBeGreaterThan(3);
    for (const image of images) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    const offered = Object.keys(contract('prod').attributes.serving.runtimes ?? {});
    expect(offered).toEqual(['kserve-sklearnserver', 'kserve-mlserver', 'kserve-tritonserver', 'kserve-vllmserver']);
    expect(Object.values(contract('dev').attributes.serving.runtimes ?? {})).toContain('tag');
  });

  test("pin kubectl of the webhook probes by the library's table", () => {
    for (const stage of ENVIRONMENTS) {
      const jobs = JSON.stringify(resources(`${stage}-addons`, 'kubernetes_job_v1'));
      expect(jobs).toMatch(/registry\.k8s\.io\/kubectl:v1\.34\.4@sha256:[0-9a-f]{64}/);
    }
  });

  test.each(ENVIRONMENTS)('refer to nothing of another stack: %s', (stage) => {
    for (const [name, stack] of writtenApp().stacks) {
      if (!name.startsWith(stage)) continue;
      const text = JSON.stringify(stack);
      expect(text, name).not.toContain('terraform_remote_state');
      expect(text, name).not.toContain('cross-stack-output');
      const defined = new Set([
        ...addressesOf(stack),
        ...Object.entries(stack.data ?? {}).flatMap(([type, named]) => Object.keys(named).map((id) => `data.${type}.${id}`)),
      ]);
      const used = [...text.matchAll(/\$\{((?:data\.)?(?:azurerm|azapi|kubernetes|helm)_\w+\.[\w-]+)/g)].map((match) => match[1]);
      expect(
        used.filter((address) => !defined.has(address ?? '')),
        name,
      ).toEqual([]);
    }
  });

  test('deploy in order: state first, then Azure, then controllers, then what they serve', () => {
    const manifest = JSON.parse(readFileSync(join(writtenApp().outdir, 'manifest.json'), 'utf8')) as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    for (const stage of ENVIRONMENTS) {
      expect(manifest.stacks[`${stage}-foundation`]?.dependencies).toEqual(['shared']);
      expect(manifest.stacks[`${stage}-addons`]?.dependencies).toEqual([`${stage}-foundation`]);
      expect(manifest.stacks[`${stage}-workloads`]?.dependencies).toEqual([`${stage}-addons`]);
    }
  });

  test('never configure a cluster provider in the stack that makes the cluster', () => {
    for (const stage of ENVIRONMENTS) {
      expect(Object.keys(writtenApp().stacks.get(`${stage}-foundation`)?.provider ?? {}).sort()).toEqual(['azapi', 'azurerm']);
    }
  });

  test('keep state by identity, each stack in a blob of its own', () => {
    const keys = [...writtenApp().stacks].map(([name, stack]) => {
      const backend = (stack.terraform as { backend: { azurerm: Record<string, unknown> } }).backend.azurerm;
      expect(backend).toMatchObject({ use_azuread_auth: true, container_name: 'tfstate' });
      expect(backend).not.toHaveProperty('access_key');
      expect(backend.key).toBe(`${name}.tfstate`);
      return backend.key;
    });
    expect(new Set(keys).size).toBe(writtenApp().stacks.size);
  });

  test('fit the schemas of the real providers', () => {
    const problems = [...writtenApp().stacks].flatMap(([name, stack]) =>
      schemaProblems(stack).map((problem) => `${name}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  test('name an owner on every resource that takes tags', () => {
    for (const [name, stack] of writtenApp().stacks) {
      for (const [type, named] of Object.entries(stack.resource ?? {})) {
        for (const [id, resource] of Object.entries(named)) {
          if ('tags' in resource) expect(resource.tags, `${name} ${type}.${id}`).toMatchObject({ owner: 'ml-platform' });
        }
      }
    }
  });

  test.each(ENVIRONMENTS)('promise in the contract what %s is made of', (stage) => {
    const { attributes } = contract(stage);
    const [cluster] = resources(`${stage}-foundation`, 'azurerm_kubernetes_cluster');
    expect(attributes.cluster.name).toBe(cluster?.name);
    const pools = resources(`${stage}-foundation`, 'azurerm_kubernetes_cluster_node_pool');
    expect(attributes.nodePools.map((pool) => pool.name).sort()).toEqual(['system', ...pools.map((pool) => pool.name)].sort());
    const [registry] = resources(`${stage}-foundation`, 'azurerm_container_registry');
    expect(attributes.registry.loginServer).toBe(`${String(registry?.name)}.azurecr.io`);
    const identities = resources(`${stage}-foundation`, 'azurerm_user_assigned_identity').map((identity) => identity.name);
    for (const tenant of attributes.tenants) expect(identities).toContain(tenant.identity.name);
  });

  test('let service accounts of tenants, and the one that copies secrets, become their identities, and nothing else', () => {
    const credentials = resources('prod-foundation', 'azurerm_federated_identity_credential');
    expect(credentials.map((credential) => credential.subject).sort()).toEqual([
      'system:serviceaccount:external-secrets:external-secrets',
      'system:serviceaccount:risk:workload',
      'system:serviceaccount:search:workload',
    ]);
    for (const credential of credentials) expect(credential.audience).toEqual(['api://AzureADTokenExchange']);
  });
});

describe('the environments', () => {
  test('differ in size and GPUs', () => {
    const gpus = (stage: string) =>
      contract(stage).attributes.nodePools.flatMap(({ gpu, spot, vmSize }) => (gpu ? [[vmSize, gpu.sharing, spot]] : []));
    expect(gpus('dev')).toEqual([['Standard_NC16as_T4_v3', 'time-slicing', true]]);
    expect(gpus('staging')).toEqual([
      ['Standard_NC8as_T4_v3', 'none', false],
      ['Standard_NC24ads_A100_v4', 'none', false],
    ]);
    expect(gpus('prod')).toEqual([
      ['Standard_NC24ads_A100_v4', 'mig', false],
      ['Standard_NC40ads_H100_v5', 'none', false],
    ]);
  });

  test('have networks that could be peered: no two address spaces overlap', () => {
    const spaces = ENVIRONMENTS.flatMap((stage) =>
      resources(`${stage}-foundation`, 'azurerm_virtual_network').map((vnet) => vnet.address_space),
    );
    expect(spaces).toEqual([['10.40.0.0/18'], ['10.41.0.0/16'], ['10.42.0.0/16']]);
  });

  test.each(ENVIRONMENTS)('keep %s closed: no public access, no keys, no local accounts', (stage) => {
    const foundation = `${stage}-foundation`;
    for (const type of [
      'azurerm_storage_account',
      'azurerm_key_vault',
      'azurerm_container_registry',
      'azurerm_machine_learning_workspace',
    ]) {
      expect(resources(foundation, type).length, type).toBeGreaterThan(0);
      for (const resource of resources(foundation, type))
        expect(resource, type).toMatchObject({ public_network_access_enabled: false });
    }
    for (const account of resources(foundation, 'azurerm_storage_account')) {
      expect(account).toMatchObject({ shared_access_key_enabled: false, allow_nested_items_to_be_public: false });
    }
    expect(resources(foundation, 'azurerm_kubernetes_cluster')).toMatchObject([
      {
        private_cluster_enabled: true,
        local_account_disabled: true,
        run_command_enabled: false,
        workload_identity_enabled: true,
      },
    ]);
  });

  test('protect what holds state in staging and prod, and only there', () => {
    const protectedTypes = (stage: string) =>
      Object.entries(writtenApp().stacks.get(`${stage}-foundation`)?.resource ?? {})
        .filter(([, named]) =>
          Object.values(named).some((resource) => JSON.stringify(resource.lifecycle ?? {}).includes('prevent_destroy')),
        )
        .map(([type]) => type);
    expect(protectedTypes('dev')).toEqual([]);
    for (const stage of ['staging', 'prod']) {
      expect(protectedTypes(stage)).toEqual(
        expect.arrayContaining([
          'azurerm_container_registry',
          'azurerm_key_vault',
          'azurerm_kubernetes_cluster',
          'azurerm_machine_learning_workspace',
          'azurerm_storage_account',
        ]),
      );
    }
  });
});

describe('the store of state', () => {
  test('keeps versions, can bring back what was deleted, and knows no keys', () => {
    expect(resources('shared', 'azurerm_storage_account')).toMatchObject([
      {
        public_network_access_enabled: false,
        shared_access_key_enabled: false,
        blob_properties: {
          versioning_enabled: true,
          delete_retention_policy: { days: 90 },
          container_delete_retention_policy: { days: 90 },
        },
        lifecycle: { prevent_destroy: true },
      },
    ]);
  });

  test('is reached from the network of the build agents', () => {
    const [endpoint] = resources('shared', 'azurerm_private_endpoint');
    expect(endpoint).toMatchObject({
      subnet_id: expect.stringContaining('snet-build-agents'),
      private_service_connection: { subresource_names: ['blob'] },
    });
  });
});
