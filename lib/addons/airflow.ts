import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** Where DAGs come from. */
export interface DagRepository {
  /** e.g. "git@github.com:contoso/dags.git" or "https://git.contoso.example/ml/dags.git". */
  readonly url: string;
  /** @default "main" */
  readonly branch?: string;
  /** Folder of the DAGs in the repository. @default "dags" */
  readonly folder?: string;
  /** Seconds between two looks at the repository, 5-3600. @default 60 */
  readonly periodSeconds?: number;
  /** Secret with the key gitSshKey, for private repositories by SSH. @default - none */
  readonly sshKeySecret?: string;
  /** Lines of known_hosts for the host of an SSH address; without them anybody in between could hand out DAGs. */
  readonly knownHosts?: string;
  /** Secret with GITSYNC_USERNAME and GITSYNC_PASSWORD, for private repositories by HTTPS. @default - none */
  readonly credentialsSecret?: string;
}

export interface AirflowProps extends AddonProps {
  /** Secret with the key `connection`: postgresql://…?sslmode=require. */
  readonly metadataSecret: string;
  /** Secret with the key fernet-key. A new one on each upgrade would make stored connections unreadable. */
  readonly fernetKeySecret: string;
  /** Secret with the key api-secret-key. */
  readonly apiSecretKeySecret: string;
  /** Secret with the key jwt-secret. */
  readonly jwtSecret: string;
  /** @default - DAGs are part of the image */
  readonly dags?: DagRepository;
}

/**
 * Apache Airflow with a pod for each task and DAGs by git-sync. Secrets are named, never passed: make them with ExternalSecrets.
 * It starts without users: make the first with `airflow users create` in the pod of the scheduler, or sign people in with Entra by
 * a `webserver_config.py` of your own (`values.apiServer.apiServerConfigConfigMapName`).
 */
export class Airflow extends HelmAddon {
  /** @throws when the repository of the DAGs is reached without a check of who answers */
  constructor(scope: Construct, id: string, props: AirflowProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    const controller = { replicas, podDisruptionBudget: { enabled: replicas > 1 } };
    if (props.dags) checkDags(`${scope.node.path}/${id}`, props.dags);
    super(scope, id, {
      ...props,
      addonName: 'airflow',
      namespace: props.namespace ?? 'airflow',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        {
          id: 'Default',
          releaseName: 'airflow',
          chart: HelmChart.pinned('airflow', props.chartVersion),
          values: {
            executor: 'KubernetesExecutor',
            useStandardNaming: true,
            scheduler: controller,
            apiServer: controller,
            dagProcessor: controller,
            triggerer: controller,
            data: { metadataSecretName: props.metadataSecret },
            fernetKeySecretName: props.fernetKeySecret,
            apiSecretKeySecretName: props.apiSecretKeySecret,
            jwtSecretName: props.jwtSecret,
            ...(props.dags ? { dags: { gitSync: gitSync(props.dags) } } : {}),
          },
          userValues: props.values,
          fixedValues: {
            postgresql: { enabled: false }, // its image is gone, and a database in a pod is no database
            redis: { enabled: false },
            // The chart's first user is "admin" with the password "admin".
            createUserJob: { enabled: false },
            // As a hook the job runs after Helm has waited for pods that wait for it.
            migrateDatabaseJob: { useHelmHooks: false, applyCustomEnv: false },
          },
          timeoutSeconds: 900,
        },
      ],
    });
  }
}

function gitSync(dags: DagRepository): { [key: string]: unknown } {
  const { url, branch = 'main', folder = 'dags', periodSeconds = 60, sshKeySecret, knownHosts, credentialsSecret } = dags;
  return {
    enabled: true,
    repo: url,
    branch, // git-sync 3
    ref: branch, // git-sync 4
    subPath: folder,
    period: `${periodSeconds}s`,
    ...(sshKeySecret === undefined ? {} : { sshKeySecret }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    ...(credentialsSecret === undefined ? {} : { credentialsSecret }),
  };
}

function checkDags(path: string, { url, knownHosts, periodSeconds = 60 }: DagRepository): void {
  const refuse = (what: string, got: string, allowed: string, fix: string): never => {
    throw new ConfigurationError(path, { what, got, allowed, fix });
  };
  const ssh = /^(ssh:\/\/|[\w.-]+@[\w.-]+:)/.test(url);
  if (!ssh && !/^https:\/\/[^@/\s]+\/\S+$/.test(url)) {
    refuse(
      'address of the DAGs is not valid',
      url.includes('@') ? 'an address with a user in it' : JSON.stringify(url),
      'https:// without a user, or SSH',
      'name credentials in credentialsSecret or sshKeySecret',
    );
  }
  if (ssh && (knownHosts === undefined || knownHosts.trim() === '')) {
    refuse(
      'nobody checks who hands out the DAGs',
      'an SSH address without knownHosts',
      'lines of known_hosts for its host',
      'state knownHosts: the output of `ssh-keyscan <host>`, compared with what the host publishes',
    );
  }
  if (!Number.isInteger(periodSeconds) || periodSeconds < 5 || periodSeconds > 3600) {
    refuse('periodSeconds is not valid', String(periodSeconds), 'whole seconds, 5-3600', 'e.g. 60');
  }
}
