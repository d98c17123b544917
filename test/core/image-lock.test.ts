import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PlatformContract } from '../../lib/contract';
import { ImageLock, Stage } from '../../lib/core';
import { ContainerImage } from '../../lib/tenancy';
import { contractAttributes } from '../helpers/contract';
import { testStack } from '../helpers/synth';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const KUBECTL = 'registry.k8s.io/kubectl:v1.34.4';

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
    const stack = locked(Stage.PROD, { 'registry.k8s.io/kubectl:v1.34.3': DIGEST });
    expect(() => ImageLock._pinned(stack, KUBECTL)).toThrow(
      /Test: image is not in .*images\.lock\.json, got registry\.k8s\.io\/kubectl:v1\.34\.4\n {2}allowed: registry\.k8s\.io\/kubectl:v1\.34\.3\n {2}fix: add it/,
    );
    expect(() => ImageLock._pinned(locked(Stage.PROD, {}), KUBECTL)).toThrow(/allowed: none: the file is empty/);
  });

  test('leaves tags alone in other stages, and where there is no lock', () => {
    expect(ImageLock._pinned(locked(Stage.STAGING, {}), KUBECTL)).toBe(KUBECTL);
    expect(ImageLock._pinned(testStack(), KUBECTL)).toBe(KUBECTL);
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

describe('an image of others by the digest of the lock', () => {
  test('comes through the registry of the platform', () => {
    const stack = locked(Stage.PROD, { [KUBECTL]: DIGEST });
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(ContainerImage.locked(stack, platform, KUBECTL).reference).toBe(
      `${platform.attributes.registry.loginServer}/${KUBECTL}@${DIGEST}`,
    );
  });

  test('is not to be had without a lock', () => {
    const stack = testStack();
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(() => ContainerImage.locked(stack, platform, KUBECTL)).toThrow(/no digest is known for the image, got registry/);
  });
});
