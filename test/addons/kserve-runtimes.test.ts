import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KServe, type KServeProps } from '../../lib/addons';
import { ImageLock, Stage } from '../../lib/core';
import table from '../../lib/core/data/image-digests.json';
import { MODEL_SERVERS } from '../../lib/core/model-servers';
import { contractAttributes } from '../helpers/contract';
import { resourcesOf, testStack } from '../helpers/synth';
import { testPlatform, testPools } from './platform';

const DIGEST = `sha256:${'c'.repeat(64)}`;
const XGBOOST = MODEL_SERVERS.xgbserver.image;
const PINNED = ['sklearnserver', 'mlserver', 'tritonserver', 'vllmserver'];

interface Server {
  readonly image?: string;
  readonly tag?: string;
  readonly disabled?: boolean;
}

interface Case {
  readonly stage?: Stage;
  readonly props?: Partial<KServeProps>;
  readonly lock?: Record<string, string>;
  readonly runtimes?: Record<string, string>;
}

function made({ stage = Stage.PROD, props = {}, lock, runtimes }: Case = {}) {
  const stack = testStack({ stage });
  if (lock) {
    const file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'images.lock.json');
    writeFileSync(file, JSON.stringify({ images: lock }));
    ImageLock.fromFile(file).attach(stack);
  }
  const { environment, serving } = contractAttributes();
  const platform = testPlatform(stack, testPools(), {
    environment: { ...environment, stage: stage.name, strictness: stage.strictness },
    serving: { ...serving, ...(runtimes ? { runtimes } : {}) },
  });
  const kserve = new KServe(stack, 'KServe', { platform, ...props });
  const release = resourcesOf(stack, 'helm_release').find(({ chart }) => chart === 'kserve-runtime-configs');
  const [text = '{}'] = (release?.values ?? []) as string[];
  const { kserve: values } = JSON.parse(text) as { kserve: { servingruntime: Record<string, Server> } };
  return { kserve, servers: values.servingruntime };
}

function running(servers: Record<string, Server>): string[] {
  return Object.keys(servers).filter((name) => servers[name]?.image !== undefined && servers[name]?.disabled !== true);
}

describe('the model servers of KServe', () => {
  test('run by digest in prod, and those without one are not offered', () => {
    const { servers, kserve } = made();
    expect(running(servers)).toEqual(PINNED);
    for (const name of PINNED) expect(servers[name]?.tag, name).toMatch(/^[\w.-]+@sha256:[0-9a-f]{64}$/);
    const { digest } = table.images['docker.io/kserve/sklearnserver:v0.19.0'];
    expect(servers.sklearnserver).toEqual({ image: 'docker.io/kserve/sklearnserver', tag: `v0.19.0@${digest}` });
    expect(servers.xgbserver).toEqual({ image: 'docker.io/kserve/xgbserver', tag: 'v0.20.0', disabled: true });
    const notes = kserve.node.metadata.map(({ data }) => String(data));
    expect(notes.join()).toMatch(/not offered in prod.*xgbserver \(docker\.io\/kserve\/xgbserver:v0\.20\.0\), lgbserver/);
  });

  test.each([Stage.DEV, Stage.STAGING])('all run elsewhere, by tag where no digest is known: $name', (stage) => {
    const { servers, kserve } = made({ stage });
    expect(running(servers)).toEqual(Object.keys(MODEL_SERVERS));
    expect(servers.xgbserver?.tag).toBe('v0.20.0');
    expect(servers.vllmserver?.tag).toContain('@sha256:');
    expect(kserve.node.metadata.filter(({ data }) => String(data).includes('not offered'))).toEqual([]);
  });

  test('are brought by a lock, which wins over the table', () => {
    const { servers } = made({ lock: { [XGBOOST]: DIGEST, [MODEL_SERVERS.sklearnserver.image]: DIGEST } });
    expect(running(servers)).toEqual(['sklearnserver', 'xgbserver', 'mlserver', 'tritonserver', 'vllmserver']);
    expect(servers.xgbserver?.tag).toBe(`v0.20.0@${DIGEST}`);
    expect(servers.sklearnserver?.tag).toBe(`v0.19.0@${DIGEST}`);
  });

  test("are brought by values of one's own with a digest", () => {
    const xgbserver = { tag: `v0.20.1@${DIGEST}` };
    const { servers } = made({ props: { runtimeValues: { kserve: { servingruntime: { xgbserver } } } } });
    expect(servers.xgbserver).toEqual({ image: 'docker.io/kserve/xgbserver', tag: `v0.20.1@${DIGEST}` });
  });

  test.each([
    [
      'turned on without a digest',
      { lgbserver: { disabled: false } },
      /model server lgbserver.*got docker\.io\/kserve\/lgbserver:v0\.20\.0/,
    ],
    ['with another tag', { sklearnserver: { tag: 'v0.20.0' } }, /got docker\.io\/kserve\/sklearnserver:v0\.20\.0/],
    ['from another registry by tag', { xgbserver: { image: 'cr.example/xgb' } }, /got cr\.example\/xgb:v0\.20\.0/],
    [
      "that the library leaves off, with the chart's tag",
      { torchserve: { disabled: false } },
      /got torchserve:<the chart's tag>/,
    ],
  ])('are refused in prod %s', (_, servingruntime, message) => {
    const props = { runtimeValues: { kserve: { servingruntime } } };
    expect(() => made({ props })).toThrow(message);
    expect(() => made({ props })).toThrow(/^Test\/KServe: .*fix: ml-platform images lock and ImageLock\.fromFile/s);
    expect(() => made({ props, stage: Stage.STAGING })).not.toThrow();
  });

  test("come by digest through the platform's registry", () => {
    const { servers } = made({ props: { privateImages: true } });
    expect(servers.sklearnserver?.image).toBe('crcontoso.azurecr.io/docker.io/kserve/sklearnserver');
    expect(servers.sklearnserver?.tag).toMatch(/^v0\.19\.0@sha256:[0-9a-f]{64}$/);
  });

  test('may be left out by values', () => {
    const props = { runtimeValues: { kserve: { servingruntime: { sklearnserver: { disabled: true } } } } };
    expect(running(made({ props, runtimes: { 'kserve-sklearnserver': 'digest' } }).servers)).not.toContain('sklearnserver');
  });

  test('are not promised by a contract that knows more digests', () => {
    const runtimes = { 'kserve-sklearnserver': 'digest', 'kserve-xgbserver': 'digest' };
    expect(() => made({ runtimes })).toThrow(
      /Test\/KServe: the contract promises kserve-xgbserver, whose image has no digest here, got docker\.io\/kserve\/xgbserver:v0\.20\.0.*above both stacks/s,
    );
    expect(running(made({ runtimes, lock: { [XGBOOST]: DIGEST } }).servers)).toContain('xgbserver');
  });

  test('are none where they are installed by others', () => {
    expect(() => made({ props: { servingRuntimes: false }, runtimes: { 'kserve-xgbserver': 'digest' } })).not.toThrow(/promises/);
  });
});
