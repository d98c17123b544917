import { readFileSync } from 'node:fs';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import table from './data/image-digests.json';
import { Environment } from './environment';
import { DIGEST, isImage } from './image-name';
import { nearest } from './nearest';
import { Stage } from './stage';

const LOCK = Symbol.for('cdktf-ml-platform/ImageLock');
const TABLE: { readonly [image: string]: { readonly digest: string } } = table.images;

/**
 * Digests of container images, kept in one file of yours: what was looked at is what runs, whatever a tag comes to mean.
 *
 * ```json
 * { "images": { "docker.io/vllm/vllm-openai:v0.24.0": "sha256:…" } }
 * ```
 * ```ts
 * ImageLock.fromFile('images.lock.json').attach(app);
 * ```
 * Every image that the library itself names (probes, sidecars, KServe's model servers, MLflow, Evidently, Velero's plugin) is then
 * pinned by it. Without a lock, or where it misses an image, the library's own table of digests is taken; a lock wins over it. An
 * image that neither has is an error in prod where there is a lock, and stays with its tag elsewhere; the model servers of KServe
 * need a digest in prod, lock or none. `ml-platform images lock` writes the file.
 * @see docs/images.md
 */
export class ImageLock {
  /**
   * Reads the file: a map from "<registry>/<repository>:<tag>" to the digest, as `docker buildx imagetools inspect` prints it.
   * @param path from the working directory
   * @throws when the file cannot be read, or an entry is not valid
   */
  public static fromFile(path: string): ImageLock {
    return new ImageLock(path, checked(path, parsed(path)));
  }

  /**
   * The image with its digest, where it is known.
   * @param construct that names the image
   * @param image "<registry>/<repository>:<tag>"
   * @throws in prod, when a lock surrounds the construct and neither it nor the library's table has the image
   * @internal
   */
  public static _pinned(construct: IConstruct, image: string): string {
    const digest = ImageLock._digest(construct, image);
    return digest === undefined ? image : `${image}@${digest}`;
  }

  /** The digest alone; throws as `_pinned`. @internal */
  public static _digest(construct: IConstruct, image: string): string | undefined {
    const known = ImageLock._known(construct, image);
    const lock = lockAround(construct);
    if (known !== undefined || !lock) return known;
    if (Environment.of(construct).stage.strictness !== Stage.PROD.strictness) return undefined;
    throw new ConfigurationError(construct.node.path, {
      what: `image is not in ${lock.path}`,
      got: image,
      allowed: nearest(image, [...lock.digests.keys()]).join(', ') || 'none: the file is empty',
      fix: `ml-platform images lock --add ${image}`,
    });
  }

  /** The digest that the lock around the construct has for the image, else the library's table. @internal */
  public static _known(construct: IConstruct, image: string): string | undefined {
    return lockAround(construct)?.digests.get(image) ?? TABLE[image]?.digest;
  }

  private constructor(
    /** The file. */
    public readonly path: string,
    private readonly digests: ReadonlyMap<string, string>,
  ) {}

  /** Pins the images of everything below `scope`. */
  public attach(scope: IConstruct): void {
    Object.defineProperty(scope, LOCK, { value: this, enumerable: false, configurable: false });
  }
}

function lockAround(construct: IConstruct): ImageLock | undefined {
  for (const scope of [...construct.node.scopes].reverse()) {
    const found = (scope as { [LOCK]?: ImageLock })[LOCK];
    if (found) return found;
  }
  return undefined;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigurationError('ImageLock.fromFile', {
      what: 'the file cannot be read',
      got: `${path}: ${error instanceof Error ? error.message : String(error)}`,
      allowed: 'a JSON file { "images": { "<image>": "sha256:…" } }',
      fix: 'correct the path, or write the file: ml-platform images lock',
    });
  }
}

function checked(path: string, content: unknown): Map<string, string> {
  const images = (content as { images?: unknown } | null)?.images;
  const entries = typeof images === 'object' && images !== null ? Object.entries(images) : undefined;
  const wrong = entries?.find(([image, digest]) => !isImage(image) || !DIGEST.test(String(digest)));
  if (entries && !wrong) return new Map(entries as [string, string][]);
  throw new ConfigurationError('ImageLock.fromFile', {
    what: `${path} is not a lock of images`,
    got: wrong ? `${JSON.stringify(wrong[0])}: ${JSON.stringify(wrong[1])}` : 'no map "images"',
    allowed: '"<registry>/<repository>:<tag>": "sha256:<64 hexadecimal digits>"',
    fix: 'e.g. "registry.k8s.io/kubectl:v1.34.4": "sha256:…"',
  });
}
