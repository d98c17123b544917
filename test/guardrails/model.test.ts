import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { evaluate } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import { readPlan } from '../../lib/guardrails/model/plan-reader';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { strictnessOfStack } from '../../lib/guardrails/stage';

type Json = Record<string, unknown>;
const ID = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers';
const read = (json: Json, name = 'prod-test') => readSynthesizedStack(name, json);
const first = (json: Json, type: string) => {
  const found = read(json).ofType(type)[0];
  if (!found) throw new Error(`no ${type}`);
  return found;
};
const vault = (attributes: Json) => first({ resource: { azurerm_key_vault: { kv: attributes } } }, 'azurerm_key_vault');

describe('a resource', () => {
  test('reads blocks that are objects and blocks that are lists of one', () => {
    expect(vault({ network_acls: { default_action: 'Deny' } }).value('network_acls.default_action').literal).toBe('Deny');
    expect(vault({ network_acls: [{ default_action: 'Deny' }] }).value('network_acls.default_action').literal).toBe('Deny');
  });

  test('carries the default of the provider where an attribute is missing, and says so', () => {
    const value = vault({}).value('purge_protection_enabled');
    expect(value.literal).toBe(false);
    expect(value.seen).toBe('false (provider default)');
  });

  test('is unresolved where an expression decides, at any level above too', () => {
    expect(vault({ network_acls: '${var.acls}' }).value('network_acls.default_action').isUnresolved).toBe(true);
    expect(vault({ dynamic: { network_acls: { for_each: '${var.x}' } } }).value('network_acls.default_action').isUnresolved).toBe(
      true,
    );
    expect(vault({ name: 'a$${b}' }).value('name').isUnresolved).toBe(false);
  });

  test('shows no secret', () => {
    const cluster = first(
      { resource: { azurerm_kubernetes_cluster: { a: { service_principal: { client_id: 'x', client_secret: 'planted' } } } } },
      'azurerm_kubernetes_cluster',
    );
    expect(cluster.value('service_principal').seen).toBe('{"client_id":"x","client_secret":"(sensitive)"}');
    expect(cluster.value('service_principal.client_secret').seen).toBe('(sensitive)');
  });

  test('takes construct path and TypeScript line from the metadata', () => {
    const metadata = {
      path: 'prod-test/Vault/Default',
      stackTrace: ['new Vault (/app/node_modules/x/y.js:1:1)', 'new Stack (stacks/data.ts:31:5)'],
    };
    expect(vault({ '//': { metadata } })).toMatchObject({
      constructPath: 'prod-test/Vault',
      sourceLocation: 'stacks/data.ts:31',
    });
    expect(vault({}).constructPath).toBe('azurerm_key_vault.kv');
  });

  test('has its azapi body parsed, where an old configuration gives it as text', () => {
    const one = first(
      { resource: { azapi_resource: { a: { type: 'Microsoft.X/y@2025-06-01', body: '{"properties":{"authMode":"Key"}}' } } } },
      'azapi_resource',
    );
    expect(one.value('body.properties.authMode').literal).toBe('Key');
    expect(one.armType).toBe('microsoft.x/y');
  });
});

describe('an app of several stacks', () => {
  const data = read(
    { resource: { azurerm_machine_learning_workspace: { ws: { name: 'mlw', public_network_access_enabled: false } } } },
    'prod-data',
  );
  const network = read(
    {
      resource: {
        azurerm_private_endpoint: {
          pe: {
            private_service_connection: {
              private_connection_resource_id: `${ID}/Microsoft.MachineLearningServices/workspaces/MLW`,
            },
          },
        },
      },
    },
    'prod-network',
  );
  asApp([data, network]);

  test('finds by ARM id, whatever its case, what stands in another stack', () => {
    const [endpoint] = network.ofType('azurerm_private_endpoint');
    const [workspace] = data.ofType('azurerm_machine_learning_workspace');
    if (!endpoint || !workspace) throw new Error('fixture');
    expect(network.targetsOf(endpoint.value('private_service_connection.private_connection_resource_id'))).toEqual([workspace]);
    expect(
      data.referrers('azurerm_private_endpoint', 'private_service_connection.private_connection_resource_id', workspace),
    ).toEqual([endpoint]);
  });

  test('does not take a reference for one of another stack', () => {
    const other = read(
      {
        resource: {
          azurerm_private_endpoint: {
            pe: { private_service_connection: { private_connection_resource_id: '${azurerm_machine_learning_workspace.ws.id}' } },
          },
        },
      },
      'prod-other',
    );
    asApp([data, other]);
    const [workspace] = data.ofType('azurerm_machine_learning_workspace');
    expect(
      workspace &&
        data.referrers('azurerm_private_endpoint', 'private_service_connection.private_connection_resource_id', workspace),
    ).toEqual([]);
  });
});

describe('a plan', () => {
  const plan = (after: Json, unknown: Json, expressions: Json, address = 'azurerm_key_vault.kv', module?: string): Json => {
    const resources = [{ address: 'azurerm_key_vault.kv', mode: 'managed', type: 'azurerm_key_vault', name: 'kv', expressions }];
    return {
      format_version: '1.2',
      resource_changes: [
        {
          address,
          mode: 'managed',
          type: 'azurerm_key_vault',
          name: 'kv',
          change: { actions: ['create'], after, after_unknown: unknown, after_sensitive: { contact: true } },
        },
      ],
      configuration: { root_module: module ? { module_calls: { [module]: { module: { resources } } } } : { resources } },
    };
  };
  const value = (json: Json, path: string) => {
    const [resource] = readPlan('prod-test', json).ofType('azurerm_key_vault');
    if (!resource) throw new Error('no vault');
    return resource.value(path);
  };

  test('tells known, unknown and left to the provider apart', () => {
    const json = plan(
      { name: 'kv' },
      { tenant_id: true, purge_protection_enabled: true },
      { tenant_id: { references: ['var.t'] } },
    );
    expect(value(json, 'name').literal).toBe('kv');
    expect(value(json, 'tenant_id').isUnresolved).toBe(true);
    expect(value(json, 'purge_protection_enabled').seen).toBe('false (provider default)');
  });

  test('keeps the reference that an unknown value comes from', () => {
    const json = plan(
      {},
      { tenant_id: true },
      { tenant_id: { references: ['azurerm_user_assigned_identity.a.tenant_id', 'azurerm_user_assigned_identity.a'] } },
    );
    expect(value(json, 'tenant_id').references).toEqual(['azurerm_user_assigned_identity.a']);
  });

  test('reads null, "" and no block as left out', () => {
    const json = plan({ purge_protection_enabled: null, network_acls: [], sku_name: '' }, {}, {});
    for (const path of ['network_acls', 'sku_name']) expect(value(json, path).isMissing).toBe(true);
    expect(value(json, 'purge_protection_enabled').isDefault).toBe(true);
  });

  test('masks what Terraform marks sensitive', () => {
    expect(value(plan({ contact: 'somebody' }, {}, {}), 'contact').seen).toBe('(sensitive)');
  });

  test('finds the expressions of resources in modules and of counted ones', () => {
    const json = plan(
      {},
      { tenant_id: true },
      { tenant_id: { references: ['var.t'] } },
      'module.data["a"].azurerm_key_vault.kv[0]',
      'data',
    );
    expect(value(json, 'tenant_id').isUnresolved).toBe(true);
  });

  test('leaves out what is destroyed', () => {
    const json = plan({}, {}, {});
    const destroyed = {
      ...json,
      resource_changes: [
        { address: 'azurerm_key_vault.kv', type: 'azurerm_key_vault', name: 'kv', change: { actions: ['delete'], after: null } },
      ],
    };
    expect(readPlan('prod-test', destroyed).ofType('azurerm_key_vault')).toEqual([]);
  });
});

describe('the stage of a stack', () => {
  const tagged = (environment: string, name: string) =>
    read({ resource: { azurerm_key_vault: { kv: { tags: { environment } } } } }, name);

  test.each([
    ['the tag of its resources, before its name', tagged('dev', 'prod-x'), 'dev'],
    ['its name where nothing is tagged', read({}, 'staging-addons'), 'staging'],
    ['prod where nothing tells', read({}, 'shared'), 'prod'],
    ['prod for a stage it does not know', tagged('perf', 'x'), 'prod'],
  ])('comes from %s', (_, stack, stage) => {
    expect(strictnessOfStack(stack)).toBe(stage);
  });

  test('of your own is told by an option', () => {
    expect(strictnessOfStack(tagged('perf', 'x'), { perf: 'staging' })).toBe('staging');
  });

  test.each([
    ['prod', 'error'],
    ['staging', 'error'],
    ['dev', 'note'],
  ])('decides the weight: what dev may relax is in %s of level %s', (stage, level) => {
    const stack = read({ resource: { azurerm_storage_account: { st: {} } } }, `${stage}-x`);
    const findings = evaluate(stack, GuardrailPack.BASELINE.only('MLP-STO-003'), { today: '2026-11-21' }).findings;
    expect(findings.map((finding) => finding.level)).toEqual([level]);
  });

  test.each([
    ['prod', ['error']],
    ['staging', ['warning']],
    ['dev', []],
  ])('decides the weight: a rule for prod is in %s of level %s', (stage, levels) => {
    const stack = read({ resource: { azurerm_kubernetes_cluster: { aks: {} } } }, `${stage}-x`);
    const findings = evaluate(stack, GuardrailPack.BASELINE.only('MLP-AKS-009'), { today: '2026-11-21' }).findings;
    expect(findings.map((finding) => finding.level)).toEqual(levels);
  });

  test('is prod everywhere in the production pack', () => {
    const stack = read({ resource: { azurerm_kubernetes_cluster: { aks: {} } } }, 'dev-x');
    expect(evaluate(stack, GuardrailPack.PRODUCTION.only('MLP-AKS-009'), { today: '2026-11-21' }).findings).toHaveLength(1);
  });
});
