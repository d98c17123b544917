import type { ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import type { ModelFormat } from './model-format';

/** Where a model's files are, and what they are. */
export class ModelSource {
  /**
   * A folder in the platform's storage account. Read by the tenant's identity; no key.
   * @param container name of the container, as the contract lists it
   * @param path of the folder, version included, e.g. "fraud/7"
   */
  public static azureBlob(container: string, path: string, format: ModelFormat): ModelSource {
    return new ModelSource(format, container, path.replace(/^\/+|\/+$/g, ''));
  }

  private constructor(
    public readonly format: ModelFormat,
    private readonly container: string,
    private readonly path: string,
  ) {}

  /**
   * Address that KServe downloads from.
   * @param where the construct to name in an error
   * @param tenant who reads it: containers of other tenants are closed to it
   * @throws when the platform has no such container, or the path is empty
   */
  public storageUri(where: string, platform: IMlPlatform, tenant: ContractTenant): string {
    const { blobEndpoint, name } = platform.attributes.storage;
    const others = platform.attributes.tenants.filter((other) => other.name !== tenant.name).map((other) => other.container);
    const containers = platform.attributes.storage.containers.filter((container) => !others.includes(container));
    if (!containers.includes(this.container)) {
      throw new ConfigurationError(where, {
        what: `storage account ${name} has no such container that ${tenant.name} may read`,
        got: JSON.stringify(this.container),
        allowed: nearest(this.container, containers, containers.length).join(', '),
        fix: 'use one of them, or have the platform team add the container',
      });
    }
    if (!/^[^/\s]+(\/[^/\s]+)*$/.test(this.path)) {
      throw new ConfigurationError(where, {
        what: 'path of the model is not valid',
        got: JSON.stringify(this.path),
        allowed: 'folders joined by "/", without spaces and empty parts',
        fix: 'e.g. "fraud/7"',
      });
    }
    return `${blobEndpoint}/${this.container}/${this.path}`;
  }
}
