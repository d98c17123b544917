import type { Construct } from 'constructs';
import type { ContractMlflow } from '../contract';
import { ImageLock } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';
import { PASSWORD_FILE, TOKEN_FOLDER, tokenSidecar, withToken } from './postgres-token';

/** MLflow's database, a PostgreSQL server of Azure. */
export interface MlflowDatabase {
  /** e.g. "psql-contoso.postgres.database.azure.com". */
  readonly host: string;
  /** @default "mlflow" */
  readonly database?: string;
  /** Role that the identity of `identityClientId` has there: its name. */
  readonly user: string;
}

export interface MlflowProps extends AddonProps {
  /** @default - the platform's own: `mlflow` of `MlPlatform` makes it in the foundation */
  readonly database?: MlflowDatabase;
  /** Container of the platform's storage for artifacts. @default - the platform's own, "mlflow" */
  readonly artifactContainer?: string;
  /**
   * Client id of the identity that is a role in the database, and reads and writes the container. It needs a federated credential
   * for the service account mlflow/mlflow; `mlflow` of `MlPlatform` makes it.
   */
  readonly identityClientId: string;
  /** Secret with the keys username and password of MLflow's first administrator. @default - no sign-in of its own: keep it behind the gateway's */
  readonly adminSecret?: string;
}

/** User of the image, and of the chart's containers. */
const USER = 1001;
/** The chart's image at the pinned version. */
const IMAGE = { repository: 'docker.io/burakince/mlflow', tag: '3.15.1' };
const MIGRATION =
  "from mlflow.store.db import utils; utils._initialize_tables(utils.create_sqlalchemy_engine_with_retry('postgresql://'))";

/**
 * MLflow: experiments and models, in PostgreSQL and the platform's storage, both reached as a workload identity: there is no
 * password and no key. Clients need no rights on the storage. The foundation makes the database, the container and the identity;
 * here is the server alone.
 */
export class Mlflow extends HelmAddon {
  /** Address inside the cluster, for MLFLOW_TRACKING_URI. */
  public readonly trackingUri: string;

  /** @throws when there is no database, or the platform's storage has no container of the name given */
  constructor(scope: Construct, id: string, props: MlflowProps) {
    const namespace = props.namespace ?? 'mlflow';
    const path = `${scope.node.path}/${id}`;
    const { storage, mlflow, registry } = props.platform.attributes;
    const database = databaseOf(path, props.database, mlflow);
    const container = props.artifactContainer ?? mlflow?.container ?? 'mlflow';
    checkContainer(path, storage.name, storage.containers, container);
    const digest = ImageLock._digest(scope, `${IMAGE.repository}:${IMAGE.tag}`);
    const tag = digest === undefined ? IMAGE.tag : `${IMAGE.tag}@${digest}`;
    const image = `${props.privateImages ? `${registry.loginServer}/` : ''}${IMAGE.repository}:${tag}`;
    const env = {
      PGHOST: database.host,
      PGPORT: '5432',
      PGDATABASE: database.database ?? 'mlflow',
      PGUSER: database.user,
      PGSSLMODE: 'require',
      PGPASSFILE: PASSWORD_FILE,
    };
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
            image: { ...IMAGE, ...(digest === undefined ? {} : { digest }) },
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
          fixedValues: {
            // Databases and object stores in pods lose data, and their images are gone.
            postgresql: { enabled: false },
            mysql: { enabled: false },
            minio: { enabled: false },
            backendStore: {
              // The chart's own containers for these come before the one that gets the token.
              databaseMigration: false,
              databaseConnectionCheck: false,
              postgres: { enabled: true, host: env.PGHOST, database: env.PGDATABASE },
              existingDatabaseSecret: { name: 'mlflow-database', usernameKey: 'username', passwordKey: 'password' },
            },
            // The chart wants a Secret. Its password is empty, and then libpq reads the file with the token.
            extraDeploy: [
              {
                apiVersion: 'v1',
                kind: 'Secret',
                metadata: { name: 'mlflow-database', namespace },
                stringData: { username: database.user, password: '' },
              },
            ],
            extraEnvVars: { PGSSLMODE: env.PGSSLMODE, PGPASSFILE: env.PGPASSFILE },
            initContainers: [
              tokenSidecar(image, USER),
              withToken(
                {
                  name: 'migrate',
                  image,
                  command: ['python', '-c', MIGRATION],
                  env: Object.entries(env).map(([name, value]) => ({ name, value })),
                  resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { memory: '1Gi' } },
                },
                USER,
              ),
            ],
            extraVolumes: [{ name: 'postgres-token', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
            extraVolumeMounts: [{ name: 'postgres-token', mountPath: TOKEN_FOLDER, readOnly: true }],
          },
        },
      ],
    });
    this.trackingUri = `http://mlflow.${namespace}.svc.cluster.local`;
  }
}

function databaseOf(path: string, given: MlflowDatabase | undefined, promised: ContractMlflow | undefined): MlflowDatabase {
  if (given) return given;
  if (promised) return { host: promised.databaseHost, database: promised.database, user: promised.databaseUser };
  throw new ConfigurationError(path, {
    what: 'MLflow has no database',
    got: 'a platform without mlflow, and no database',
    allowed: 'a PostgreSQL server that the identity is a role of',
    fix: 'set mlflow: {} on MlPlatform in the foundation, or state database',
  });
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
