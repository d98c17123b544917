import type { IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';

/** Where runs of experiments are recorded. Credentials are the tenant's identity; nothing secret is handed out. */
export class ExperimentTracking {
  /**
   * The platform's Azure ML workspace, as an MLflow server. The image needs the package azureml-mlflow; the tenant's identity the
   * role "AzureML Data Scientist" on the workspace, which `MlPlatform` gives it.
   * @param experiment name under which runs are recorded
   */
  public static azureMl(platform: IMlPlatform, experiment: string): ExperimentTracking {
    const { environment, workspace } = platform.attributes;
    return new ExperimentTracking(`azureml://${environment.location}.api.azureml.ms/mlflow/v1.0${workspace.id}`, experiment);
  }

  /**
   * An MLflow server.
   * @param url e.g. "http://mlflow.mlflow.svc.cluster.local"
   * @throws when the address holds a password
   */
  public static mlflow(url: string, experiment: string): ExperimentTracking {
    if (/^https?:\/\/[^/@\s]+(\/\S*)?$/.test(url)) return new ExperimentTracking(url.replace(/\/+$/, ''), experiment);
    throw new ConfigurationError('ExperimentTracking.mlflow', {
      what: 'address is not valid',
      got: url.includes('@') ? 'an address with a user in it' : JSON.stringify(url),
      allowed: 'http:// or https://, a host, and no user or password',
      fix: 'give credentials by secretEnv: MLFLOW_TRACKING_TOKEN',
    });
  }

  private constructor(
    /** Address of the tracking server. */
    public readonly trackingUri: string,
    public readonly experiment: string,
  ) {}

  /** Environment variables that MLflow reads. */
  public get env(): { [name: string]: string } {
    return { MLFLOW_TRACKING_URI: this.trackingUri, MLFLOW_EXPERIMENT_NAME: this.experiment };
  }
}

/** Where versions of data are kept by DVC: a container of the platform's storage, read as the tenant's identity. */
export class DvcRemote {
  /**
   * A folder of a container.
   * @param container name of the container, as the contract lists it
   * @throws when the platform has no such container
   */
  public static azureBlob(platform: IMlPlatform, container: string, path: string): DvcRemote {
    const { name, containers } = platform.attributes.storage;
    if (!containers.includes(container)) {
      throw new ConfigurationError('DvcRemote.azureBlob', {
        what: `storage account ${name} has no such container`,
        got: JSON.stringify(container),
        allowed: containers.join(', '),
        fix: 'use one of them, or have the platform team add the container',
      });
    }
    return new DvcRemote(`azure://${container}/${path.replace(/^\/+|\/+$/g, '')}`, name);
  }

  private constructor(
    /** As DVC writes it, e.g. "azure://datasets/fraud". */
    public readonly url: string,
    public readonly storageAccount: string,
  ) {}

  /** `.dvc/config` of a repository whose data is kept there. */
  public get config(): string {
    return [
      '[core]',
      '    remote = platform',
      '[\'remote "platform"\']',
      `    url = ${this.url}`,
      `    account_name = ${this.storageAccount}`,
      '    allow_anonymous_login = false',
      '    exclude_environment_credential = false',
      '',
    ].join('\n');
  }

  /** Environment variables for a step that runs `dvc pull`. */
  public get env(): { [name: string]: string } {
    return { DVC_REMOTE_URL: this.url, AZURE_STORAGE_ACCOUNT: this.storageAccount };
  }
}
