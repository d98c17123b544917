import type { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { ImageLock } from '../core';
import { ConfigurationError } from '../core/configuration-error';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * A container image by its digest: what was tested is what runs. A tag can come to mean another image on every node that pulls it
 * anew.
 */
export class ContainerImage {
  /**
   * An image in the platform's registry, which every node may pull from.
   * @param repository inside the registry, e.g. "risk/fraud-server"
   * @param digest "sha256:" and 64 hexadecimal digits, as `az acr manifest list-metadata` prints it
   */
  public static inRegistry(platform: IMlPlatform, repository: string, digest: string): ContainerImage {
    return ContainerImage.of(`${platform.attributes.registry.loginServer}/${repository}@${digest}`);
  }

  /**
   * An image by its full reference.
   * @param reference "<registry>/<repository>@sha256:<64 hexadecimal digits>"; a tag before the "@" is kept for readers
   * @throws when the digest or the registry is missing
   */
  public static of(reference: string): ContainerImage {
    const [name = '', digest = ''] = reference.split('@');
    if (DIGEST.test(digest) && /^[a-z0-9.-]+(\.[a-z0-9-]+|:\d+)\/[a-z0-9._/-]+(:[\w.-]+)?$/.test(name)) {
      return new ContainerImage(reference, name, digest);
    }
    throw new ConfigurationError('ContainerImage.of', {
      what: digest === '' ? 'image is not pinned by its digest' : 'image reference is not valid',
      got: JSON.stringify(reference),
      allowed: '<registry>/<repository>@sha256:<64 hexadecimal digits>',
      fix: 'take the digest that your build printed, or `az acr manifest list-metadata --registry <registry> --name <repository>`',
    });
  }

  /**
   * An image of others by the digest that the lock around `scope` or the library's own table has for it, pulled through the
   * platform's registry: import it there under the name of its upstream.
   * @param image "<registry>/<repository>:<tag>", e.g. `RuntimeTemplate.SKLEARN.upstreamImage`
   * @throws when neither has it
   */
  public static locked(scope: Construct, platform: IMlPlatform, image: string): ContainerImage {
    const digest = ImageLock._known(scope, image);
    if (digest !== undefined) return ContainerImage.of(`${platform.attributes.registry.loginServer}/${image}@${digest}`);
    throw new ConfigurationError(scope.node.path, {
      what: 'no digest is known for the image',
      got: image,
      allowed: "an image of the library's own table, or of the ImageLock that is attached to the app or the stack",
      fix: `ml-platform images lock --add ${image}, then ImageLock.fromFile('images.lock.json').attach(app)`,
    });
  }

  private constructor(
    /** As Kubernetes pulls it. */
    public readonly reference: string,
    /** Without the digest. */
    public readonly repository: string,
    public readonly digest: string,
  ) {}
}
