import type { ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import type { ModelFormat } from './model-format';

/** Prefixes that KServe 0.20 downloads from or mounts. */
const SCHEMES = ['https://', 'http://', 'pvc://', 'oci://', 'hf://', 's3://', 'gs://', 'hdfs://', 'webhdfs://'];

/** Where a model's files are, and what they are. */
export class ModelSource {
  /**
   * A folder in the platform's storage account. Read by the tenant's identity; no key.
   * @param container name of the container, as the contract lists it
   * @param path of the folder, version included, e.g. "fraud/7"
   */
  public static azureBlob(container: string, path: string, format: ModelFormat): ModelSource {
    return new ModelSource(format, 'blob', container, trimmed(path));
  }

  /**
   * A model that a run logged to MLflow, where its artifacts lie in the platform's storage account. KServe knows no addresses of a
   * model registry (`models:/…`): the run behind a registered version is in the registry, `mlflow models get-version`.
   * @param container that MLflow keeps artifacts in
   * @param run "<experiment id>/<run id>"
   * @param artifactPath of the model inside the run's artifacts, usually "model"
   */
  public static mlflowRun(container: string, run: string, format: ModelFormat, artifactPath = 'model'): ModelSource {
    return new ModelSource(format, 'mlflow', container, trimmed(run), trimmed(artifactPath));
  }

  /**
   * A folder on a volume of the tenant's namespace.
   * @param claim name of the PersistentVolumeClaim
   * @param path of the folder, version included
   */
  public static volume(claim: string, path: string, format: ModelFormat): ModelSource {
    return new ModelSource(format, 'pvc', claim, trimmed(path));
  }

  /**
   * A model packed as an OCI image, mounted beside the server.
   * @param repository with its registry, e.g. "crcontoso.azurecr.io/models/fraud"
   * @param digest "sha256:" and 64 hexadecimal digits
   */
  public static ociImage(repository: string, digest: string, format: ModelFormat): ModelSource {
    return new ModelSource(format, 'oci', repository, digest);
  }

  /**
   * A model of the Hugging Face hub. The pods must reach it.
   * @param model "<organization>/<name>"
   * @param revision commit, 40 hexadecimal digits: a branch can come to mean another model
   */
  public static huggingFace(model: string, revision: string, format: ModelFormat): ModelSource {
    return new ModelSource(format, 'hf', model, revision);
  }

  /** Any address that KServe takes. */
  public static uri(uri: string, format: ModelFormat): ModelSource {
    return new ModelSource(format, 'uri', '', uri);
  }

  private constructor(
    public readonly format: ModelFormat,
    private readonly kind: string,
    private readonly place: string,
    private readonly path: string,
    private readonly artifactPath: string = '',
  ) {}

  /** The same model in another version: another path, run, digest or commit at the same place. */
  public withRevision(revision: string): ModelSource {
    return new ModelSource(this.format, this.kind, this.place, trimmed(revision), this.artifactPath);
  }

  /** What tells the version, as `withRevision` takes it. */
  public get revision(): string {
    return this.path;
  }

  /**
   * Address that KServe downloads from.
   * @param where the construct to name in an error
   * @param tenant who reads it: containers of other tenants are closed to it
   * @throws when the platform has no such container, or the address is not one that KServe takes
   */
  public storageUri(where: string, platform: IMlPlatform, tenant: ContractTenant): string {
    const { blobEndpoint } = platform.attributes.storage;
    switch (this.kind) {
      case 'blob':
        this.checkContainer(where, platform, tenant);
        this.checkPath(where, 'fraud/7');
        return `${blobEndpoint}/${this.place}/${this.path}`;
      case 'mlflow':
        this.checkContainer(where, platform, tenant);
        this.check(where, 'run of MLflow', this.path, /^[\w-]+\/[\w-]+$/, '"<experiment id>/<run id>"', '"3/0a1b2c"');
        return `${blobEndpoint}/${this.place}/${this.path}/artifacts/${this.artifactPath}`;
      case 'pvc':
        this.check(
          where,
          'name of the claim',
          this.place,
          /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
          'a PersistentVolumeClaim',
          '"models"',
        );
        this.checkPath(where, 'fraud/7');
        return `pvc://${this.place}/${this.path}`;
      case 'oci':
        this.check(
          where,
          'digest of the model image',
          this.path,
          /^sha256:[0-9a-f]{64}$/,
          'sha256:<64 hexadecimal digits>',
          'the digest that the push printed',
        );
        return `oci://${this.place}@${this.path}`;
      case 'hf':
        this.check(
          where,
          'model of Hugging Face',
          this.place,
          /^[\w.-]+\/[\w.-]+$/,
          '"<organization>/<name>"',
          '"contoso/ranker"',
        );
        this.check(
          where,
          'revision of the model',
          this.path,
          /^[0-9a-f]{40}$/,
          'a commit of 40 hexadecimal digits',
          'the commit from the "Files" page of the model',
        );
        return `hf://${this.place}:${this.path}`;
      default:
        return this.checkedUri(where);
    }
  }

  private checkedUri(where: string): string {
    if (SCHEMES.some((scheme) => this.path.startsWith(scheme))) return this.path;
    const scheme = /^[a-z0-9+.-]+:\/?\/?/i.exec(this.path)?.[0] ?? 'no scheme';
    const better: Record<string, string> = {
      'azureml://': 'ModelSource.azureBlob(container, path, format) with the folder of the model',
      'models:/': 'ModelSource.mlflowRun(container, run, format) with the run behind the registered version',
      'runs:/': 'ModelSource.mlflowRun(container, run, format)',
      'abfss://': 'ModelSource.azureBlob(container, path, format): the same account by its blob endpoint',
      'wasbs://': 'ModelSource.azureBlob(container, path, format): the same account by its blob endpoint',
    };
    throw new ConfigurationError(where, {
      what: 'KServe cannot read models from there',
      got: `${scheme} in ${JSON.stringify(this.path)}`,
      allowed: SCHEMES.join(', '),
      fix: `use ${better[scheme] ?? 'one of these, e.g. ModelSource.azureBlob(container, path, format)'}`,
    });
  }

  private checkContainer(where: string, platform: IMlPlatform, tenant: ContractTenant): void {
    const others = platform.attributes.tenants.filter((other) => other.name !== tenant.name).map((other) => other.container);
    const containers = platform.attributes.storage.containers.filter((container) => !others.includes(container));
    if (containers.includes(this.place)) return;
    throw new ConfigurationError(where, {
      what: `storage account ${platform.attributes.storage.name} has no such container that ${tenant.name} may read`,
      got: JSON.stringify(this.place),
      allowed: nearest(this.place, containers, containers.length).join(', '),
      fix: 'use one of them, or have the platform team add the container',
    });
  }

  private checkPath(where: string, example: string): void {
    this.check(
      where,
      'path of the model',
      this.path,
      /^[^/\s]+(\/[^/\s]+)*$/,
      'folders joined by "/", without spaces and empty parts',
      `"${example}"`,
    );
  }

  private check(where: string, what: string, value: string, pattern: RegExp, allowed: string, example: string): void {
    if (pattern.test(value)) return;
    throw new ConfigurationError(where, {
      what: `${what} is not valid`,
      got: JSON.stringify(value),
      allowed,
      fix: `e.g. ${example}`,
    });
  }
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
