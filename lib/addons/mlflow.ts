import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** MLflow's database, a PostgreSQL server of Azure. */
export interface MlflowDatabase {
  /** e.g. "psql-contoso.postgres.database.azure.com". */
  readonly host: string;
  /** @default "mlflow" */
  readonly database?: string;
  /** Secret with the keys username and password. Make it with ExternalSecrets. */
  readonly secretName: string;
}

export interface MlflowProps extends AddonProps {
  readonly database: MlflowDatabase;
  /** Container of the platform's storage for artifacts. @default "mlflow" */
  readonly artifactContainer?: string;
  /**
   * Client id of the identity that reads and writes the container. It needs Storage Blob Data Contributor there, and a federated
   * credential for the service account mlflow/mlflow.
   */
  readonly identityClientId: string;
  /** Secret with the keys username and password of MLflow's first administrator. @default - no sign-in of its own: keep it behind the gateway's */
  readonly adminSecret?: string;
}

/** MLflow: experiments and models, in PostgreSQL and the platform's storage; clients need no rights on the storage. */
export class Mlflow extends HelmAddon {
  /** Address inside the cluster, for MLFLOW_TRACKING_URI. */
  public readonly trackingUri: string;

  /** @throws when the platform's storage has no container of the name given */
  constructor(scope: Construct, id: string, props: MlflowProps) {
    const namespace = props.namespace ?? 'mlflow';
    const { storage } = props.platform.attributes;
    const container = props.artifactContainer ?? 'mlflow';
    checkContainer(`${scope.node.path}/${id}`, storage.name, storage.containers, container);
    super(scope, id, {
      ...props,
      addonName: 'mlflow',
      namespace,
      podSecurity: PodSecurity.BASELINE,
      releases: [
        {
          id: 'Default',
          releaseName: 'mlflow',
          chart: HelmChart.pinned('mlflow', props.chartVersion),
          values: {
            replicaCount: 1, // several would need a shared key for their sessions
            backendStore: {
              databaseMigration: true,
              databaseConnectionCheck: true,
              postgres: { enabled: true, host: props.database.host, database: props.database.database ?? 'mlflow' },
              existingDatabaseSecret: { name: props.database.secretName, usernameKey: 'username', passwordKey: 'password' },
            },
            artifactRoot: {
              proxiedArtifactStorage: true,
              azureBlob: { enabled: true, storageAccount: storage.name, container, path: 'artifacts' },
            },
            serviceAccount: {
              create: true,
              name: 'mlflow',
              annotations: { 'azure.workload.identity/client-id': props.identityClientId },
            },
            extraPodLabels: { 'azure.workload.identity/use': 'true' },
            ...(props.adminSecret === undefined
              ? {}
              : {
                  auth: {
                    enabled: true,
                    existingAdminSecret: { name: props.adminSecret, usernameKey: 'username', passwordKey: 'password' },
                  },
                }),
          },
          userValues: props.values,
          // Databases and object stores in pods lose data, and their images are gone.
          fixedValues: { postgresql: { enabled: false }, mysql: { enabled: false }, minio: { enabled: false } },
        },
      ],
    });
    this.trackingUri = `http://mlflow.${namespace}.svc.cluster.local`;
  }
}

function checkContainer(path: string, account: string, containers: string[], container: string): void {
  if (containers.includes(container)) return;
  throw new ConfigurationError(path, {
    what: `storage ${account} has no container for MLflow's artifacts`,
    got: JSON.stringify(container),
    allowed: containers.join(', '),
    fix: 'name one in artifactContainer, or have the platform team add the container',
  });
}
