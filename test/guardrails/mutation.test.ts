import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails';
import { evaluate } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { type AppJson, type Json, mutate, negateBooleans } from './mutation';
import { ourStacks } from './our-app';

const RECORD = join(__dirname, 'measured/mutation.json');
const app = ourStacks();
const prod = Object.keys(app).filter((name) => name.startsWith('prod-'));

/** What our constructs state because the default of the provider is open: chosen by hand, without asking the rules. */
const SECURE_DEFAULTS: [type: string, attribute: string][] = [
  ['azurerm_container_registry', 'public_network_access_enabled'],
  ['azurerm_key_vault', 'purge_protection_enabled'],
  ['azurerm_key_vault', 'rbac_authorization_enabled'],
  ['azurerm_key_vault', 'lifecycle'],
  ['azurerm_kubernetes_cluster', 'local_account_disabled'],
  ['azurerm_kubernetes_cluster', 'private_cluster_enabled'],
  ['azurerm_kubernetes_cluster', 'run_command_enabled'],
  ['azurerm_kubernetes_cluster', 'azure_active_directory_role_based_access_control'],
  ['azurerm_kubernetes_cluster', 'azure_policy_enabled'],
  ['azurerm_kubernetes_cluster', 'oidc_issuer_enabled'],
  ['azurerm_kubernetes_cluster', 'workload_identity_enabled'],
  ['azurerm_kubernetes_cluster', 'identity'],
  ['azurerm_kubernetes_cluster', 'network_profile'],
  ['azurerm_kubernetes_cluster', 'key_vault_secrets_provider'],
  ['azurerm_kubernetes_cluster', 'microsoft_defender'],
  ['azurerm_kubernetes_cluster', 'image_cleaner_enabled'],
  ['azurerm_kubernetes_cluster', 'automatic_upgrade_channel'],
  ['azurerm_kubernetes_cluster', 'maintenance_window_auto_upgrade'],
  ['azurerm_kubernetes_cluster', 'sku_tier'],
  ['azurerm_kubernetes_cluster', 'lifecycle'],
  ['azurerm_kubernetes_cluster', 'tags'],
  ['azurerm_kubernetes_cluster_node_pool', 'temporary_name_for_rotation'],
  ['azurerm_kubernetes_cluster_node_pool', 'host_encryption_enabled'],
  ['azurerm_kubernetes_cluster_node_pool', 'zones'],
  ['azurerm_machine_learning_workspace', 'public_network_access_enabled'],
  ['azurerm_machine_learning_workspace', 'managed_network'],
  ['azurerm_machine_learning_workspace', 'identity'],
  ['azurerm_machine_learning_workspace', 'primary_user_assigned_identity'],
  ['azurerm_storage_account', 'shared_access_key_enabled'],
  ['azurerm_storage_account', 'local_user_enabled'],
  ['azurerm_storage_account', 'allow_nested_items_to_be_public'],
  ['azurerm_storage_account', 'blob_properties'],
  ['azurerm_subnet', 'default_outbound_access_enabled'],
  ['azurerm_private_endpoint', 'private_dns_zone_group'],
  ['azurerm_storage_container', 'lifecycle'],
];

function holderOf(type: string): [stackName: string, name: string] {
  const stackName = prod.find((name) => type in ((app[name]?.resource as Json | undefined) ?? {}));
  if (stackName === undefined) throw new Error(`no ${type} in the prod stacks`);
  return [stackName, Object.keys(attributesOf(app, stackName, type))[0] ?? ''];
}

function attributesOf(json: AppJson, stackName: string, type: string): Record<string, Json> {
  return ((json[stackName]?.resource ?? {}) as Record<string, Record<string, Json>>)[type] ?? {};
}

function errorsOf(json: AppJson, stackName: string): string[] {
  const stacks = asApp(Object.entries(json).map(([name, body]) => readSynthesizedStack(name, body)));
  const stack = stacks.find((one) => one.name === stackName);
  const findings = stack ? evaluate(stack, GuardrailPack.BASELINE, { today: '2026-11-21' }).findings : [];
  return findings.filter((finding) => finding.status === 'open' && finding.level === 'error').map((finding) => finding.id);
}

describe('the synthesized prod stacks, broken one attribute at a time', () => {
  const score = mutate(app, prod, GuardrailPack.BASELINE);

  test('every flip of an attribute that a rule names is told', () => {
    expect(score.missed).toEqual([]);
  });

  test('there are hundreds of them', () => {
    expect(score.flips).toBeGreaterThan(300);
  });

  test.each(SECURE_DEFAULTS)('without %s %s a rule fails', (type, attribute) => {
    const [stackName, name] = holderOf(type);
    const broken = structuredClone(app);
    delete attributesOf(broken, stackName, type)[name]?.[attribute];
    const before = errorsOf(app, stackName);
    expect(errorsOf(broken, stackName).length).toBeGreaterThan(before.length);
  });

  test('docs tell the score: record it with RECORD=1', () => {
    const booleans = negateBooleans(app, prod, GuardrailPack.BASELINE);
    const measured = {
      flips: score.flips,
      told: score.flips - score.missed.length,
      booleans: booleans.booleans,
      booleansTold: booleans.told,
      unguarded: booleans.unguarded,
    };
    if (process.env.RECORD) writeFileSync(RECORD, `${JSON.stringify(measured, null, 2)}\n`);
    expect(existsSync(RECORD)).toBe(true);
    const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as typeof measured;
    expect(recorded.told).toBe(recorded.flips);
  });
});
