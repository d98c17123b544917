import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GuardrailPack } from '../../lib/guardrails/guardrail-pack';
import { assess } from '../../lib/review/analysis/assessment';
import { type AssessmentTask, startAssessmentThread } from '../../lib/review/analysis/assessment-thread';
import { main } from '../../lib/review/main';
import { loadInputs } from '../../lib/review/plan/load-inputs';
import { sarifPieces } from '../../lib/review/render/sarif';
import { azure, change, planOf } from './review-helpers';

vi.mock('node:os', async (original) => ({ ...(await original<typeof import('node:os')>()), availableParallelism: () => cores }));

let cores = 2;
let folder: string;
let script: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assessment-thread-'));
  script = join(folder, 'assessment-worker.js');
  const entryPoints = [join(__dirname, '../../lib/review/assessment-worker.ts')];
  buildSync({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'cjs' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const task = (file: string): AssessmentTask => ({
  plans: [{ stack: 'prod-foundation', file }],
  maxMegabytes: 100,
  allowPartial: false,
  pack: 'baseline',
  today: '2026-11-21',
  infracost: new Map(),
  writes: false,
});

/** What the thread comes to; undefined where it fails. */
async function resultOf(bundle: string, given: AssessmentTask, inputs = loadInputs({ ...given, progress: () => undefined })) {
  const thread = startAssessmentThread(bundle);
  thread?.begin(given);
  return thread?.result(inputs);
}

const settings = { pack: GuardrailPack.BASELINE, today: '2026-11-21', infracost: new Map<string, number>() };

test('the thread finds what this thread would find', async () => {
  const inputs = loadInputs({ ...task(azure('node-pool-rotation')), progress: () => undefined });
  const found = await resultOf(script, task(azure('node-pool-rotation')), inputs);
  const { policy, cost, pools, renames } = found ?? {};
  expect({ policy, cost, pools, renames }).toEqual(assess(inputs, settings));
  expect(found?.policy.findings.length).toBeGreaterThan(0);
  expect(found?.cost.items.length).toBeGreaterThan(0);
  expect(found?.pools.length).toBeGreaterThan(0);
});

test('the thread is told what infracost knows', async () => {
  const infracost = new Map([['azurerm_kubernetes_cluster_node_pool.gpu', 77]]);
  const given = { ...task(azure('node-pool-rotation')), infracost };
  const inputs = loadInputs({ ...given, progress: () => undefined });
  const found = await resultOf(script, given, inputs);
  expect(found?.cost).toEqual(assess(inputs, { ...settings, infracost }).cost);
});

test('findings of the thread are masked as scrubbing masks them: every text but fixed words', async () => {
  const inputs = loadInputs({ ...task(azure('node-pool-rotation')), progress: () => undefined });
  const found = await resultOf(script, task(azure('node-pool-rotation')), inputs);
  const plain = assess(inputs, settings).policy.findings;
  found?.maskFindings?.((text) => `<${text}>`);
  const { status, level, ...texts } = plain[0] ?? {};
  const masked = Object.entries(texts).map(([name, text]) => [name, text === undefined ? undefined : `<${text}>`]);
  expect(found?.policy.findings[0]).toEqual({ status, level, ...Object.fromEntries(masked) });
});

/** What SARIF tells of a review of no changes. */
const facts = { environments: ['prod'], rules: [], before: [], after: [], count: 0, most: Number.POSITIVE_INFINITY };

test('the thread writes the findings as JSON and into SARIF, once it is told what to mask', async () => {
  const given = { ...task(azure('node-pool-rotation')), writes: true };
  const found = await resultOf(script, given);
  found?.maskFindings?.((text) => text.replaceAll('gpu', '(sensitive)'));
  const findings = found?.policy.findings ?? [];
  const sarif = { ...facts, rules: found?.policy.rules ?? [] };
  const written = found?.write?.(sarif);
  const json = Buffer.from((await written?.findings()) ?? []).toString();
  expect(json).toBe(JSON.stringify(findings));
  const log = Buffer.from((await written?.sarif()) ?? []).toString();
  expect(log).toBe([...sarifPieces(sarif, findings)].join(''));
  for (const text of [json, log]) {
    expect(text).toContain('(sensitive)');
    expect(text).not.toContain('gpu');
  }
});

test('where the thread fails to write them, nothing is given', async () => {
  const failing = join(folder, 'failing.js');
  const patch = `const { parentPort } = require('node:worker_threads');
const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (message, list) => { if (message.findings) throw new Error('failing'); post(message, list); };
`;
  writeFileSync(failing, patch + readFileSync(script, 'utf8').replace(/^#!.*/, ''));
  const found = await resultOf(failing, { ...task(azure('node-pool-rotation')), writes: true });
  found?.maskFindings?.((text) => text);
  const written = found?.write?.(facts);
  expect(await written?.findings()).toBeUndefined();
  expect(await written?.sarif()).toBeUndefined();
});

test('where one format is printed, the thread writes none', async () => {
  const found = await resultOf(script, task(azure('node-pool-rotation')));
  expect(found?.policy.findings.length).toBeGreaterThan(0);
  expect(found?.write).toBeUndefined();
});

test('an answer about other files than these is not taken', async () => {
  const inputs = loadInputs({ ...task(azure('node-pool-rotation')), progress: () => undefined });
  const changed = inputs.map((input) => ({ ...input, digest: 'another' }));
  expect(await resultOf(script, task(azure('node-pool-rotation')), changed)).toBeUndefined();
});

test('a thread that fails leaves the work to this one', async () => {
  const broken = join(folder, 'broken.js');
  writeFileSync(broken, 'throw new Error("broken");');
  expect(await resultOf(broken, task(azure('node-pool-rotation')), [])).toBeUndefined();
  const silent = join(folder, 'silent.js');
  writeFileSync(silent, '');
  expect(await resultOf(silent, task(azure('node-pool-rotation')), [])).toBeUndefined();
});

test('where there is one processor, no thread is started', () => {
  cores = 1;
  expect(startAssessmentThread(script)).toBeUndefined();
  cores = 2;
});

test('a large review is the same with a thread and without, byte by byte', async () => {
  const large = join(folder, 'large.json');
  const text = 'x'.repeat(2000);
  const changes = Array.from({ length: 2500 }, (_, index) =>
    change(`azurerm_storage_account.a${index}`, ['create'], null, { name: `a${index}`, note: text, public: index % 2 === 0 }),
  );
  // What is secret in one place may be the key of a resource that a guardrail names.
  const secret = 'hunter2-of-the-vault';
  changes.push(
    change('azurerm_key_vault_secret.s', ['create'], null, { name: 's', value: secret }),
    change(`azurerm_storage_account.named["${secret}"]`, ['create'], null, { name: 'named', note: text, public: true }),
  );
  writeFileSync(large, JSON.stringify(planOf(changes)));
  const review = async (out: string, bundled?: string) => {
    const args = ['review', '--plan', `prod-foundation=${large}`, '--today', '2026-11-21', '--out', join(folder, out)];
    return main(
      args,
      () => undefined,
      () => undefined,
      bundled,
    );
  };
  expect(await review('alone')).toBe(await review('threaded', script));
  const files = readdirSync(join(folder, 'alone'));
  expect(files).toHaveLength(5);
  for (const name of files) {
    const threaded = readFileSync(join(folder, 'threaded', name));
    expect(threaded.equals(readFileSync(join(folder, 'alone', name)))).toBe(true);
    expect(threaded.includes(secret)).toBe(false);
  }
});

test('a plan that cannot be read ends in its error, thread or not', async () => {
  const cut = join(folder, 'cut.json');
  writeFileSync(cut, `{"format_version":"1.2","resource_changes":[{"note":"${'x'.repeat(5_000_000)}"`);
  const said: string[] = [];
  const code = await main(
    ['review', '--plan', `prod-foundation=${cut}`],
    () => undefined,
    (text) => said.push(text),
    script,
  );
  expect(code).toBe(2);
  expect(said.join('')).toContain('cut off');
});
