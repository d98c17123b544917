import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** Where DAGs come from. */
export interface DagRepository {
  /** e.g. "git@github.com:contoso/dags.git". */
  readonly url: string;
  /** @default "main" */
  readonly branch?: string;
  /** Folder of the DAGs in the repository. @default "dags" */
  readonly folder?: string;
  /** Secret with the key gitSshKey, for private repositories. @default - none */
  readonly sshKeySecret?: string;
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

/** Apache Airflow with a pod for each task. Secrets are named, never passed: make them with ExternalSecrets. */
export class Airflow extends HelmAddon {
  constructor(scope: Construct, id: string, props: AirflowProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    // As hooks these jobs run after Helm has waited for pods that wait for them.
    const job = { useHelmHooks: false, applyCustomEnv: false };
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
            scheduler: { replicas },
            triggerer: { replicas },
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
            createUserJob: job,
            migrateDatabaseJob: job,
          },
          timeoutSeconds: 900,
        },
      ],
    });
  }
}

function gitSync({ url, branch, folder, sshKeySecret }: DagRepository): { [key: string]: unknown } {
  return {
    enabled: true,
    repo: url,
    branch: branch ?? 'main',
    subPath: folder ?? 'dags',
    ...(sshKeySecret === undefined ? {} : { sshKeySecret }),
  };
}
