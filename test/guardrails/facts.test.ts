import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { providerDefault } from '../../lib/guardrails/model/provider-defaults';
import { recordReads } from './recorded-reads';

const read = (name: string) => JSON.parse(readFileSync(join(__dirname, 'facts', name), 'utf8'));

/** Read from any type, to find out whether it has such a thing. */
const PROBED =
  /^(lifecycle|provisioner|location|tags|node_labels|kubernetes_cluster_id|manifest\.kind|account_key|shared_access_signature|client_secret|client_key|token|admin_password|password|repository_password|ssh\.admin_password|ssh_public_access_enabled|string_data|enable_https_traffic_only|resource_group_name|administrator_password_wo)(\.|$)/;
/** Maps and bodies whose members the schema of the provider does not know. */
const FREE =
  /^(tags|node_labels|body|sensitive_body|manifest|data|string_data|binary_data|metadata\.labels|spec\.template\.spec\.container\.resources\.(?:requests|limits))(\.|$)/;

test('every attribute that a rule reads exists in the schema of its provider', () => {
  const known: Record<string, string[]> = read('attributes.json').attributes;
  const strangers = Object.entries(recordReads()).flatMap(([type, paths]) => {
    if (type === '' || type.startsWith('data.') || ['output', 'terraform', 'variable', 'null_resource'].includes(type)) return [];
    const names = known[type === 'provider' ? 'provider.azurerm' : type] ?? [];
    return paths
      .filter((path) => !names.includes(path) && !PROBED.test(path) && !FREE.test(path))
      .map((path) => `${type}.${path}`);
  });
  expect(strangers).toEqual([]);
});

test('the table of defaults agrees with what the real provider planned', () => {
  const planned: Record<string, Record<string, unknown>> = read('planned-defaults.json').planned;
  const pairs = Object.entries(planned).flatMap(([type, paths]) =>
    Object.entries(paths).map(([path, value]) => ({ type, path, value })),
  );
  expect(pairs.length).toBeGreaterThan(15);
  for (const { type, path, value } of pairs)
    expect(`${type}.${path} ${String(providerDefault(type, path))}`).toBe(`${type}.${path} ${String(value)}`);
});

test('a default is known only for attributes that the provider has', () => {
  expect(providerDefault('azurerm_key_vault', 'purge_protection_enabled')).toBe(false);
  expect(providerDefault('azurerm_key_vault', 'name')).toBeUndefined();
  expect(providerDefault('toString', 'length')).toBeUndefined();
});
