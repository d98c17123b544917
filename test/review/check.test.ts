import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../lib/review/main';
import { asPlan } from '../guardrails/as-plan';
import { sarifProblems } from '../helpers/sarif';

type Json = Record<string, unknown>;

const vault = (attributes: Json, path = 'prod-data/Vault/Default'): Json => ({
  resource: { azurerm_key_vault: { Vault: { '//': { metadata: { path, uniqueId: 'Vault' } }, name: 'kv', ...attributes } } },
});
const OPEN = vault({ purge_protection_enabled: false });
const CLOSED = vault({ purge_protection_enabled: true });
const ACKNOWLEDGED: Json = {
  ...OPEN,
  '//': {
    guardrails: {
      acknowledgements: [
        {
          path: 'prod-data/Vault',
          rule: 'MLP-KVT-001',
          reason: 'a vault of a test, purged every night',
          owner: 'risk-ml',
          expires: '2027-01-31',
        },
      ],
    },
  },
};

function file(json: unknown, name = 'prod-data.json'): string {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
}

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await main(
    ['check', '--today', '2026-11-21', ...args],
    (text) => {
      out += text;
    },
    (text) => {
      err += text;
    },
  );
  return { code, out, err };
}
const only = ['--rule', 'MLP-KVT-001', '--'];

describe('exit codes', () => {
  test('0 when nothing reaches the bar', async () => {
    expect((await run(...only, file(CLOSED))).code).toBe(0);
  });

  test('3 when a finding does', async () => {
    expect((await run(...only, file(OPEN))).code).toBe(3);
  });

  test('0 under --fail-on never', async () => {
    expect((await run('--fail-on', 'never', ...only, file(OPEN))).code).toBe(0);
  });

  test('3 for what only apply knows, where the bar says so', async () => {
    const later = vault({ purge_protection_enabled: '${var.x}' });
    expect((await run(...only, file(later))).code).toBe(0);
    expect((await run('--fail-on', 'unresolved', ...only, file(later))).code).toBe(3);
  });

  test('3 for a note where notes fail, 0 where they do not', async () => {
    expect((await run('--stage', 'dev', ...only, file(OPEN))).code).toBe(0);
    expect((await run('--stage', 'dev', '--fail-on', 'note', ...only, file(OPEN))).code).toBe(3);
  });

  test.each([
    ['an unknown format', ['--format', 'xml'], /Allowed choices are table, json, sarif, junit, github/],
    ['an unknown pack', ['--pack', 'strict'], /no pack of this name, got "strict"/],
    ['an unknown rule', ['--rule', 'MLP-KVT-999'], /no such rule, got "MLP-KVT-999"/],
    ['an unknown option', ['--formt', 'json'], /unknown option/],
  ])('2 for %s', async (_, args, complaint) => {
    const { code, err } = await run(file(CLOSED), ...args);
    expect(code).toBe(2);
    expect(err).toMatch(complaint);
  });

  test.each([
    [
      'a file that is not there',
      'nowhere.json',
      /cannot be read[\s\S]*allowed: a cdktf\.out folder[\s\S]*fix: run cdktf synth first/,
    ],
    ['a file that is no JSON', file('{'), /is no JSON/],
    ['JSON that is no Terraform', file({ a: 1 }), /neither a plan nor Terraform/],
    ['a binary plan, naming the command to run', file('PK\x03\x04rest', 'tfplan'), /binary plan[\s\S]*terraform show -json/],
    [
      'a plan of a format to come',
      file({ format_version: '2.0', resource_changes: [] }),
      /format of the plan is not known, got 2.0/,
    ],
  ])('2 for %s', async (_, path, complaint) => {
    const { code, err, out } = await run(path);
    expect(code).toBe(2);
    expect(err).toMatch(complaint);
    expect(out).toBe('');
  });
});

describe('inputs', () => {
  test('a plan, with its own verdicts', async () => {
    expect((await run(...only, file(asPlan(OPEN)))).code).toBe(3);
    expect((await run(...only, file(asPlan(CLOSED)))).code).toBe(0);
  });

  test('UTF-16, as PowerShell redirects', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const path = join(folder, 'prod-data.json');
    writeFileSync(path, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(JSON.stringify(OPEN), 'utf16le')]));
    expect((await run(...only, path)).code).toBe(3);
  });

  test('a plan takes construct path and acknowledgements from the cdk.tf.json beside it', async () => {
    const plan = file(asPlan(OPEN), 'prod-data/plan.json');
    writeFileSync(join(plan, '../cdk.tf.json'), JSON.stringify(ACKNOWLEDGED));
    const { code, out } = await run('--format', 'json', ...only, plan);
    expect(code).toBe(0);
    expect(JSON.parse(out).findings).toMatchObject([
      { status: 'acknowledged', constructPath: 'prod-data/Vault', acknowledgement: { owner: 'risk-ml' } },
    ]);
  });

  test('a folder of Terraform in JSON', async () => {
    const path = file(OPEN, 'main.tf.json');
    expect((await run(...only, join(path, '..'))).code).toBe(3);
  });
});

describe('a folder of several files', () => {
  test('is one module: references reach across files, and an address stands in one of them', async () => {
    const path = file(OPEN, 'main.tf.json');
    writeFileSync(
      join(path, '../setting.tf.json'),
      JSON.stringify({
        resource: {
          azurerm_monitor_diagnostic_setting: {
            Audit: { target_resource_id: '${azurerm_key_vault.Vault.id}', enabled_log: [{ category_group: 'audit' }] },
          },
        },
      }),
    );
    const folder = join(path, '..');
    expect((await run('--rule', 'MLP-MON-001', '--', folder)).code).toBe(0);
    writeFileSync(join(folder, 'twin.tf.json'), JSON.stringify(OPEN));
    const { code, out } = await run('--rule', 'MLP-STA-005', '--', folder);
    expect(code).toBe(3);
    expect(out).toContain('MLP-STA-005[shared-address]');
    expect(out).toContain('got azurerm_key_vault.Vault from main.tf.json and twin.tf.json');
  });
});

describe('formats', () => {
  test('table: path, level, rule, value, fix, then the sums', async () => {
    const { out } = await run(...only, file(OPEN));
    expect(out).toBe(
      [
        'prod-data/Vault',
        '  error   MLP-KVT-001[purge] a deleted vault can be brought back: purge_protection_enabled, got false, allowed true',
        '          fix: set purge_protection_enabled = true and in prod keep soft_delete_retention_days at 90, as KeyVault does',
        '',
        'stack      read from  strictness  errors  warnings  notes  at apply only  acknowledged',
        '---------  ---------  ----------  ------  --------  -----  -------------  ------------',
        'prod-data  synth      prod             1         0      0              0             0',
        '',
      ].join('\n'),
    );
  });

  test('json: versioned, one entry for each finding', async () => {
    const { out } = await run('--format', 'json', ...only, file(OPEN));
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: '1.0',
      pack: 'baseline',
      stacks: [{ name: 'prod-data', origin: 'synth', strictness: 'prod' }],
      findings: [{ id: 'MLP-KVT-001[purge]', severity: 'high', level: 'error', status: 'open', seen: 'false' }],
    });
  });

  test('sarif: rule, location, fingerprint, and suppressions for what is acknowledged', async () => {
    const open = JSON.parse((await run('--format', 'sarif', ...only, file(OPEN))).out).runs[0];
    expect(open.tool.driver.rules[0]).toMatchObject({ id: 'MLP-KVT-001', properties: { 'security-severity': '8.0' } });
    expect(open.results[0]).toMatchObject({
      ruleId: 'MLP-KVT-001',
      ruleIndex: 0,
      level: 'error',
      locations: [
        { logicalLocations: [{ fullyQualifiedName: 'prod-data/Vault' }, { fullyQualifiedName: 'azurerm_key_vault.Vault' }] },
      ],
    });
    expect(open.results[0]).not.toHaveProperty('suppressions');
    const taken = JSON.parse((await run('--format', 'sarif', ...only, file(ACKNOWLEDGED))).out).runs[0].results[0];
    expect(taken.suppressions).toEqual([
      {
        kind: 'external',
        status: 'accepted',
        justification: 'a vault of a test, purged every night (risk-ml, until 2027-01-31)',
      },
    ]);
  });

  test('sarif: the fingerprint stays when the logical id changes', async () => {
    const renamed = JSON.parse(JSON.stringify(OPEN).replace('"Vault":{', '"Renamed":{'));
    const fingerprint = async (json: Json) =>
      JSON.parse((await run('--format', 'sarif', ...only, file(json))).out).runs[0].results[0].partialFingerprints;
    expect(await fingerprint(renamed)).toEqual(await fingerprint(OPEN));
  });

  test('junit: failures fail, acknowledged ones are skipped, a clean stack is named', async () => {
    expect((await run('--format', 'junit', ...only, file(OPEN))).out).toMatch(
      /<testsuite name="prod-data" tests="1" failures="1" skipped="0">[\s\S]*<failure type="error"/,
    );
    expect((await run('--format', 'junit', ...only, file(ACKNOWLEDGED))).out).toMatch(
      /failures="0" skipped="1">[\s\S]*<skipped message="acknowledged/,
    );
    expect((await run('--format', 'junit', ...only, file(CLOSED))).out).toMatch(
      /tests="1" failures="0" skipped="0">\n {4}<testcase classname="prod-data" name="guardrails"\/>/,
    );
  });

  test('junit: what would break the XML is escaped or dropped', async () => {
    const evil = vault({ purge_protection_enabled: '<&"\u0001' });
    expect((await run('--format', 'junit', ...only, file(evil))).out).toContain('got &#60;&#38;&#34;, allowed');
  });

  test('github: one annotation a finding, with line breaks escaped', async () => {
    const { out } = await run('--format', 'github', ...only, file(OPEN));
    expect(out).toMatch(/^::error file=.*,title=MLP-KVT-001\[purge\]::prod-data\/Vault: .*%0Afix: set purge/);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the line of TypeScript that made a resource', () => {
  const located: Json = {
    resource: {
      azurerm_key_vault: {
        Vault: {
          '//': { metadata: { path: 'prod-data/Vault/Default', stackTrace: ['stacks/data stack.ts:31:5'] } },
          purge_protection_enabled: false,
        },
      },
    },
  };
  const shown = async (format: string) => (await run('--format', format, ...only, file(located))).out;

  test('stands in the table', async () => {
    expect(await shown('table')).toContain('prod-data/Vault (stacks/data stack.ts:31)\n');
  });

  test('is where the annotation goes', async () => {
    expect(await shown('github')).toMatch(/^::error file=stacks\/data stack\.ts,line=31,title=/);
  });

  test('is the location in SARIF, escaped as URIs are', async () => {
    const text = await shown('sarif');
    expect(JSON.parse(text).runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'stacks/data%20stack.ts' },
      region: { startLine: 31 },
    });
    expect(sarifProblems(text)).toEqual([]);
  });

  test('stands in the JSON', async () => {
    expect(JSON.parse(await shown('json')).findings[0].sourceLocation).toBe('stacks/data stack.ts:31');
  });
});

describe('--pack with a file', () => {
  const pack = (source: string): string => file(source, 'pack.cjs');

  test('takes the pack that the module exports', async () => {
    const own =
      pack(`module.exports = { packName: 'acme', rules: [{ id: 'ACME-001', title: 'vaults have another name', severity: 'high',
      enforcement: 'all', resourceTypes: ['azurerm_key_vault'], why: 'x', fix: 'rename it',
      check: (vault) => [{ kind: 'fail', failure: { value: vault.value('name') } }] }] };`);
    const { code, out } = await run('--pack', own, '--', file(CLOSED));
    expect(code).toBe(3);
    expect(out).toContain('ACME-001 vaults have another name: name, got kv');
  });

  test('says when there is none', async () => {
    const { code, err } = await run('--pack', pack('module.exports = {};'), '--', file(CLOSED));
    expect(code).toBe(2);
    expect(err).toMatch(/exports no pack/);
  });
});
