import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { App, TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import schema from '../../lib/contract/platform-contract.schema.json';
import { schemaProblems } from '../../lib/contract/schema-check';
import { contractAttributes } from '../helpers/contract';

function scope(): TerraformStack {
  return new TerraformStack(Testing.app(), 'App');
}

function contract(overrides: Partial<PlatformContractAttributes> = {}): PlatformContract {
  return PlatformContract.fromAttributes(scope(), 'Platform', contractAttributes(overrides));
}

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'contract-')), 'prod.json');
  writeFileSync(path, content);
  return path;
}

describe('PlatformContract', () => {
  test('comes back from its file as it was published', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'contract-'));
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'prod-foundation');
    PlatformContract.fromAttributes(stack, 'Contract', contractAttributes()).publish();
    app.synth();
    const read = PlatformContract.fromFile(scope(), 'Platform', join(outdir, 'contracts/prod.json'));
    expect(read.attributes).toEqual(contractAttributes());
  });

  test('brings the environment with it', () => {
    const { environment } = contract();
    expect(environment.environmentName).toBe('contoso-ml-prod');
    expect(environment.profile.servingReplicasMin).toBe(2);
    expect(environment.tags['cost-center']).toBe('CC-4711');
  });

  test('keeps a stage of its own with the rules of the stage it is like', () => {
    const attributes = contractAttributes();
    const { environment } = contract({ environment: { ...attributes.environment, stage: 'perf', strictness: 'staging' } });
    expect(environment.stage.name).toBe('perf');
    expect(environment.profile.clusterTier).toBe('Standard');
  });

  test('refuses another major version and says which one it reads', () => {
    const path = file(JSON.stringify({ ...contractAttributes(), contractVersion: '2.0' }));
    expect(() => PlatformContract.fromFile(scope(), 'Platform', path)).toThrow(
      /App\/Platform: contract in .* is of another version, got 2\.0\n {2}allowed: 1\.x\n {2}fix: install/,
    );
  });

  test('reads a later minor version and passes over what it does not know', () => {
    const path = file(JSON.stringify({ ...contractAttributes(), contractVersion: '1.7', gateways: [] }));
    expect(PlatformContract.fromFile(scope(), 'Platform', path).attributes.contractVersion).toBe('1.7');
  });

  test('lists every field that is missing or malformed', () => {
    const { cluster: _, ...rest } = contractAttributes();
    const broken = { ...rest, nodePools: [{ ...rest.nodePools[0], mode: 'user' }] };
    expect(() => PlatformContract.fromFile(scope(), 'Platform', file(JSON.stringify(broken)))).toThrow(
      /cluster: is missing\n\s+nodePools\[0\]\.mode: is "user", wants one of System, User/,
    );
  });

  test('says when the file is not there or not JSON', () => {
    expect(() => PlatformContract.fromFile(scope(), 'Platform', 'no/such/prod.json')).toThrow(/cannot be read, got no\/such/);
    expect(() => PlatformContract.fromFile(scope(), 'Platform', file('{'))).toThrow(/is not JSON/);
  });

  test('finds pools and tenants by name, and lists them when there is none', () => {
    expect(contract().nodePool('t4').vmSize).toBe('Standard_NC16as_T4_v3');
    expect(contract().tenant('risk').namespace).toBe('risk');
    expect(() => contract().nodePool('t5')).toThrow(/no node pool of this name, got "t5"\n {2}allowed: t4, cpu, a100/);
    expect(() => contract().tenant('rsk')).toThrow(/no tenant of this name, got "rsk"\n {2}allowed: risk/);
  });

  test('holds nothing that looks like a secret', () => {
    expect(JSON.stringify(contractAttributes())).not.toMatch(/key"|secret|password|token/i);
  });
});

describe('the schema of the contract', () => {
  const broken: [string, unknown][] = [
    ['a list', []],
    ['null', null],
    ['a number as version', { ...contractAttributes(), contractVersion: 1 }],
    ['no tenants', { ...contractAttributes(), tenants: undefined }],
    ['an unknown driver', gpuWith({ driver: 'manual' })],
    ['no GPU count', gpuWith({ count: undefined })],
    ['half a replica', gpuWith({ replicas: 1 })],
    ['a text as resource count', gpuWith({ resources: { 'nvidia.com/gpu': '1' } })],
    [
      'a blob endpoint with a slash',
      { ...contractAttributes(), storage: { ...contractAttributes().storage, blobEndpoint: 'https://a/' } },
    ],
  ];

  function gpuWith(overrides: Record<string, unknown>): unknown {
    const [cpu, a100] = contractAttributes().nodePools;
    return JSON.parse(
      JSON.stringify({ ...contractAttributes(), nodePools: [cpu, { ...a100, gpu: { ...a100?.gpu, ...overrides } }] }),
    );
  }

  const validate = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync('lib/contract/platform-contract.schema.json', 'utf8')),
  );

  test('is met by a contract, in our own check and in a full validator', () => {
    expect(schemaProblems(schema, contractAttributes())).toEqual([]);
    expect(validate(contractAttributes())).toBe(true);
  });

  test.each(broken)('refuses %s, in our own check and in a full validator', (_, value) => {
    const asJson: unknown = JSON.parse(JSON.stringify(value));
    expect(schemaProblems(schema, asJson)).not.toEqual([]);
    expect(validate(asJson)).toBe(false);
  });

  test('uses only the keywords that our own check knows', () => {
    const known = [
      '$schema',
      '$id',
      'title',
      'type',
      'required',
      'properties',
      'additionalProperties',
      'items',
      'enum',
      'pattern',
      'minimum',
    ];
    const used = new Set<string>();
    const walk = (node: unknown, names: boolean): void => {
      if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
      for (const [key, child] of Object.entries(node)) {
        if (!names) used.add(key);
        walk(child, !names && key === 'properties');
      }
    };
    walk(schema, false);
    expect([...used].filter((keyword) => !known.includes(keyword))).toEqual([]);
  });
});
