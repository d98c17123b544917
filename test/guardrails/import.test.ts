import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../lib/review/main';
import { sarifProblems } from '../helpers/sarif';

type Json = Record<string, unknown>;

const folder = mkdtempSync(join(tmpdir(), 'import-'));
let files = 0;
function file(json: unknown, name = `report-${files++}.json`): string {
  const path = join(folder, name);
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
}

const VAULT = { purge_protection_enabled: false, name: 'kv' };
function stackFile(attributes: Json = VAULT, acknowledgements: Json[] = [], name = 'prod-data.json'): string {
  return file(
    {
      '//': { guardrails: { acknowledgements } },
      resource: {
        azurerm_key_vault: { Vault: { '//': { metadata: { path: 'prod-data/Vault/Default' } }, ...attributes } },
        azurerm_storage_account: { Storage: { '//': { metadata: { path: 'prod-data/Storage' } } } },
      },
    },
    name,
  );
}
const ACKNOWLEDGED = {
  path: 'prod-data/Vault',
  reason: 'the vault of a test, purged every night',
  owner: 'risk-ml',
  expires: '2027-01-31',
};

/** As checkov 3.3 writes it over Terraform in JSON: without the type. */
const checkov = (...checks: [id: string, resource: string, more?: Json][]) => ({
  check_type: 'terraform_json',
  results: {
    failed_checks: checks.map(([check_id, resource, more]) => ({
      check_id,
      check_name: `Ensure ${check_id}`,
      resource,
      file_path: '/prod-data.json',
      severity: null,
      guideline: null,
      ...more,
    })),
  },
  summary: { failed: checks.length, checkov_version: '3.3.30' },
});
/** As trivy writes it. */
const trivy = (...checks: [id: string, resource: string, severity?: string, status?: string][]) => ({
  SchemaVersion: 2,
  Results: [
    {
      Target: 'prod-data.json',
      Class: 'config',
      Misconfigurations: checks.map(([ID, Resource, Severity = 'HIGH', Status = 'FAIL']) => ({
        ID,
        Title: `Check ${ID}`,
        Severity,
        Status,
        Resolution: 'mend it',
        CauseMetadata: { Resource },
      })),
    },
  ],
});

async function run(stack: string, reports: string[], ...more: string[]) {
  let out = '';
  let err = '';
  const imports = reports.flatMap((report) => ['--import', report]);
  const code = await main(
    ['check', stack, '--rule', 'MLP-KVT-001', '--today', '2026-11-21', '--format', 'json', ...imports, ...more],
    (text) => {
      out += text;
    },
    (text) => {
      err += text;
    },
  );
  const found = out.startsWith('{') ? (JSON.parse(out) as { findings: Json[]; imports: Json[] }) : { findings: [], imports: [] };
  return { code, err, out, ...found };
}

describe('findings of checkov and trivy', () => {
  test('stand beside ours, with source, construct path and address', async () => {
    const { findings } = await run(stackFile(), [`checkov=${file(checkov(['CKV_AZURE_112', 'resource.Vault']))}`]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        id: 'CKV_AZURE_112',
        source: 'checkov',
        level: 'warning',
        status: 'open',
        constructPath: 'prod-data/Vault',
        address: 'azurerm_key_vault.Vault',
      }),
    );
  });

  test('that one of our rules stands for are told once, with both names', async () => {
    const reports = [
      `checkov=${file(checkov(['CKV_AZURE_110', 'resource.Vault']))}`,
      `trivy=${file(trivy(['AVD-AZU-0016', 'azurerm_key_vault.Vault']))}`,
    ];
    const { findings, imports } = await run(stackFile(), reports);
    expect(findings).toEqual([
      expect.objectContaining({ id: 'MLP-KVT-001[purge]', alsoFoundBy: ['checkov CKV_AZURE_110', 'trivy AZU-0016'] }),
    ]);
    expect(imports).toMatchObject([
      { decided: 1, added: 0 },
      { decided: 1, added: 0 },
    ]);
  });

  test('that our rule passes are left to it: it knows defaults and stages', async () => {
    const passing = stackFile({ purge_protection_enabled: true, soft_delete_retention_days: 90 });
    const { findings, code } = await run(passing, [`checkov=${file(checkov(['CKV_AZURE_110', 'resource.Vault']))}`]);
    expect(findings).toEqual([]);
    expect(code).toBe(0);
  });

  test('that our rule acknowledges are acknowledged with it', async () => {
    const stack = stackFile(VAULT, [{ ...ACKNOWLEDGED, rule: 'MLP-KVT-001' }]);
    const { findings, code } = await run(stack, [`checkov=${file(checkov(['CKV_AZURE_110', 'resource.Vault']))}`]);
    expect(findings).toEqual([expect.objectContaining({ status: 'acknowledged', alsoFoundBy: ['checkov CKV_AZURE_110'] })]);
    expect(code).toBe(0);
  });

  test('are acknowledged by their own id, and stay in the report', async () => {
    const stack = stackFile(VAULT, [{ ...ACKNOWLEDGED, rule: 'AZU-0099' }]);
    const { findings } = await run(stack, [`trivy=${file(trivy(['AZU-0099', 'azurerm_key_vault.Vault', 'CRITICAL']))}`]);
    // Critical ones in prod want a ticket, as our own do.
    expect(findings.map(({ id, status }) => `${id} ${status}`)).toContain('AZU-0099 open');
    const ticketed = stackFile(VAULT, [{ ...ACKNOWLEDGED, rule: 'AZU-0099', ticket: 'SEC-1' }]);
    const taken = await run(ticketed, [`trivy=${file(trivy(['AZU-0099', 'azurerm_key_vault.Vault', 'CRITICAL']))}`]);
    expect(taken.findings.map(({ id, status }) => `${id} ${status}`)).toContain('AZU-0099 acknowledged');
  });

  test.each([
    ['CRITICAL', 'error'],
    ['HIGH', 'error'],
    ['MEDIUM', 'error'],
    ['LOW', 'warning'],
    ['UNKNOWN', 'warning'],
  ])('of severity %s are of level %s', async (severity, level) => {
    const { findings } = await run(stackFile(), [`trivy=${file(trivy(['AZU-0099', 'azurerm_key_vault.Vault', severity]))}`]);
    expect(findings.find(({ id }) => id === 'AZU-0099')).toMatchObject({ level });
  });

  test('reach the bar as ours do', async () => {
    const passing = stackFile({ purge_protection_enabled: true });
    const report = `trivy=${file(trivy(['AZU-0099', 'azurerm_key_vault.Vault']))}`;
    expect((await run(passing, [report])).code).toBe(3);
  });

  test('of other resources are counted and left out; passed ones are nothing', async () => {
    const report = trivy(['AZU-0099', 'azurerm_subnet.other'], ['AZU-0098', 'azurerm_key_vault.Vault', 'HIGH', 'PASS']);
    const { findings, imports } = await run(stackFile(), [`trivy=${file(report)}`]);
    expect(findings.map(({ id }) => id)).toEqual(['MLP-KVT-001[purge]']);
    expect(imports).toMatchObject([{ source: 'trivy', elsewhere: 1, added: 0 }]);
  });

  test('are found in the stack whose file they name', async () => {
    const other = join(folder, 'prod-other.json');
    writeFileSync(other, JSON.stringify({ resource: { azurerm_key_vault: { Vault: {} } } }));
    const { findings } = await run(
      stackFile(),
      [`checkov=${file(checkov(['CKV_AZURE_112', 'azurerm_key_vault.Vault']))}`],
      '--',
      other,
    );
    expect(findings.filter(({ id }) => id === 'CKV_AZURE_112')).toMatchObject([{ stack: 'prod-data' }]);
  });

  test('may come from an address of a plan, and from a list of reports', async () => {
    const report = [
      checkov(['CKV_AZURE_112', 'module.data.azurerm_key_vault.Vault[0]']),
      { passed: 0, failed: 0, checkov_version: '3.3.30' },
    ];
    const { findings } = await run(stackFile(), [`checkov=${file(report)}`]);
    expect(findings.map(({ id }) => id)).toContain('CKV_AZURE_112');
  });

  test('show their source in the table, the annotations and in valid SARIF', async () => {
    const report = `trivy=${file(trivy(['AZU-0099', 'azurerm_key_vault.Vault']))}`;
    const { out } = await run(stackFile(), [report], '--format', 'table');
    expect(out).toMatch(/error {3}AZU-0099 Check AZU-0099 \(trivy\)\n {10}fix: mend it/);
    expect(out).toMatch(/trivy \(.*\): 1 added, 0 left to our rules, 0 about resources that are not here/);
    expect((await run(stackFile(), [report], '--format', 'github')).out).toMatch(/title=AZU-0099::/);
    const sarif = (await run(stackFile(), [report], '--format', 'sarif')).out;
    expect(sarif).toContain('"ruleId": "AZU-0099"');
    expect(sarifProblems(sarif)).toEqual([]);
  });
});

describe('what is no report is refused with exit code 2', () => {
  test.each([
    [
      'an unknown scanner',
      () => 'tfsec=x.json',
      /names no scanner and file, got "tfsec=x.json"[\s\S]*allowed: checkov=FILE or trivy=FILE[\s\S]*fix:/,
    ],
    ['no file', () => 'checkov=', /names no scanner and file/],
    ['a file that is not there', () => 'checkov=nowhere.json', /nowhere.json: file cannot be read/],
    ['a file that is no JSON', () => `checkov=${file('{')}`, /is no JSON/],
    [
      'JSON of something else',
      () => `checkov=${file({ a: 1 })}`,
      /no report of checkov in JSON[\s\S]*failed_checks[\s\S]*fix: write it again: checkov -d/,
    ],
    [
      'a check without an id',
      () => `checkov=${file({ results: { failed_checks: [{ resource: 'x' }] } })}`,
      /no report of checkov/,
    ],
    ['an empty list', () => `checkov=${file([])}`, /no report of checkov/],
    ['a report of checkov as one of trivy', () => `trivy=${file(checkov())}`, /no report of trivy[\s\S]*SchemaVersion/],
    [
      'a misconfiguration without an id',
      () => `trivy=${file({ SchemaVersion: 2, Results: [{ Misconfigurations: [{}] }] })}`,
      /no report of trivy/,
    ],
  ])('%s', async (_, report, complaint) => {
    const { code, err, out } = await run(stackFile(), [report()]);
    expect(code).toBe(2);
    expect(err).toMatch(complaint);
    expect(out).toBe('');
  });
});
