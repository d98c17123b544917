import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PlatformContract } from '../../lib/contract';
import { ImageLock, Stage } from '../../lib/core';
import table from '../../lib/core/data/image-digests.json';
import { offeredRuntimes } from '../../lib/platform/contract-content';
import { ContainerImage } from '../../lib/tenancy';
import { contractAttributes } from '../helpers/contract';
import { testStack } from '../helpers/synth';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const KUBECTL = 'registry.k8s.io/kubectl:v1.34.4';
/** Not in the library's own table. */
const EVIDENTLY = 'docker.io/evidently/evidently-service:0.7.21';

function fileOf(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'images.lock.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function locked(stage: Stage, images: Record<string, string>) {
  const stack = testStack({ stage });
  ImageLock.fromFile(fileOf({ images })).attach(stack);
  return stack;
}

describe('ImageLock', () => {
  test('pins an image of its file by digest, and keeps the tag for readers', () => {
    expect(ImageLock._pinned(locked(Stage.PROD, { [KUBECTL]: DIGEST }), KUBECTL)).toBe(`${KUBECTL}@${DIGEST}`);
  });

  test('refuses in prod what the file misses, and says what is near', () => {
    const stack = locked(Stage.PROD, { 'docker.io/evidently/evidently-service:0.7.20': DIGEST });
    expect(() => ImageLock._pinned(stack, EVIDENTLY)).toThrow(
      /Test: image is not in .*images\.lock\.json, got docker\.io\/evidently\/evidently-service:0\.7\.21\n {2}allowed: docker\.io\/evidently\/evidently-service:0\.7\.20\n {2}fix: ml-platform images lock --add docker\.io\/evidently/,
    );
    expect(() => ImageLock._pinned(locked(Stage.PROD, {}), EVIDENTLY)).toThrow(/allowed: none: the file is empty/);
  });

  test('leaves tags alone in other stages, and where there is no lock', () => {
    expect(ImageLock._pinned(locked(Stage.STAGING, {}), EVIDENTLY)).toBe(EVIDENTLY);
    expect(ImageLock._pinned(testStack(), EVIDENTLY)).toBe(EVIDENTLY);
  });

  test("falls back on the library's own table in every stage, and wins over it", () => {
    const own = `${KUBECTL}@${table.images[KUBECTL].digest}`;
    for (const stage of [Stage.DEV, Stage.STAGING, Stage.PROD]) {
      expect(ImageLock._pinned(testStack({ stage }), KUBECTL)).toBe(own);
      expect(ImageLock._pinned(locked(stage, {}), KUBECTL)).toBe(own);
      expect(ImageLock._pinned(locked(stage, { [KUBECTL]: DIGEST }), KUBECTL)).toBe(`${KUBECTL}@${DIGEST}`);
    }
  });

  test.each([
    ['without images', {}, /is not a lock of images, got no map "images"/],
    ['with a digest that is none', { images: { [KUBECTL]: 'latest' } }, /got "registry\.k8s\.io\/kubectl:v1\.34\.4": "latest"/],
    ['with an image without registry', { images: { 'kubectl:v1': DIGEST } }, /got "kubectl:v1"/],
    ['that is no JSON', '{', /the file cannot be read/],
  ])('refuses a file %s', (_, content, message) => {
    expect(() => ImageLock.fromFile(fileOf(content))).toThrow(message);
  });

  test('says which file it cannot read', () => {
    expect(() => ImageLock.fromFile('no-such.lock.json')).toThrow(/got no-such\.lock\.json: ENOENT/);
  });
});

describe("the library's own table", () => {
  test.each(Object.entries(table.images))('has %s by a digest, and says who saw it', (image, { digest, kind, source }) => {
    expect(image).toMatch(/^[a-z0-9.]+\.[a-z]+\/[a-z0-9._/-]+:[\w.-]+$/);
    expect(image).not.toMatch(/:latest$/);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(['index', 'amd64', 'unknown']).toContain(kind);
    expect(source.length).toBeGreaterThan(40);
  });

  test('is dated, and has no digest twice', () => {
    expect(Date.parse(table.date)).not.toBeNaN();
    const digests = Object.values(table.images).map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('has the model servers of scikit-learn, MLflow, Triton and vLLM', () => {
    const pinned = Object.entries(offeredRuntimes(testStack(), Stage.PROD));
    expect(pinned.sort()).toEqual([
      ['kserve-mlserver', 'digest'],
      ['kserve-sklearnserver', 'digest'],
      ['kserve-tritonserver', 'digest'],
      ['kserve-vllmserver', 'digest'],
    ]);
  });
});

describe('the model servers that a contract promises', () => {
  const XGBOOST = 'docker.io/kserve/xgbserver:v0.20.0';

  test('in prod have a digest, from the table or from a lock around the platform', () => {
    expect(offeredRuntimes(locked(Stage.PROD, { [XGBOOST]: DIGEST }), Stage.PROD)).toMatchObject({
      'kserve-xgbserver': 'digest',
    });
    expect(offeredRuntimes(locked(Stage.PROD, {}), Stage.PROD)).not.toHaveProperty('kserve-xgbserver');
  });

  test('are all of them elsewhere, and it is told how their image is named', () => {
    const offered = offeredRuntimes(testStack({ stage: Stage.DEV }), Stage.DEV);
    expect(offered).toMatchObject({ 'kserve-xgbserver': 'tag', 'kserve-sklearnserver': 'digest' });
    expect(Object.keys(offered)).toHaveLength(8);
  });
});

describe('an image of others by the digest of the lock', () => {
  test('comes through the registry of the platform', () => {
    const stack = locked(Stage.PROD, { [KUBECTL]: DIGEST });
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(ContainerImage.locked(stack, platform, KUBECTL).reference).toBe(
      `${platform.attributes.registry.loginServer}/${KUBECTL}@${DIGEST}`,
    );
  });

  test("comes by the digest of the library's table without one", () => {
    const stack = testStack();
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(ContainerImage.locked(stack, platform, KUBECTL).digest).toBe(table.images[KUBECTL].digest);
  });

  test.each([
    ['without a lock', () => testStack()],
    ['where the lock misses it', () => locked(Stage.PROD, {})],
  ])('is not to be had %s', (_, make) => {
    const stack = make();
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(() => ContainerImage.locked(stack, platform, EVIDENTLY)).toThrow(
      /no digest is known for the image, got docker\.io\/evidently.*fix: ml-platform images lock --add docker/s,
    );
  });
});
