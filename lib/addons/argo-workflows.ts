import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** Sign-in with Entra for a web interface. */
export interface EntraSignIn {
  /** Secret with the keys client-id and client-secret of the Entra application. */
  readonly secretName: string;
  /** Address that Entra sends users back to, e.g. "https://argo.contoso.example/oauth2/callback". */
  readonly redirectUrl: string;
}

export interface ArgoWorkflowsProps extends AddonProps {
  /** @default - users show a token of Kubernetes */
  readonly signIn?: EntraSignIn;
  /** Namespaces where workflows run. @default - the namespaces of the platform's tenants */
  readonly workflowNamespaces?: string[];
  /** Container of the platform's storage that keeps artifacts and logs; reached by workload identity. @default - artifacts are not kept */
  readonly artifactContainer?: string;
  /** Workflows that run at the same time in the cluster. @default 50 */
  readonly parallelism?: number;
  /** A ServiceMonitor for its metrics; the CRD must be there. @default false */
  readonly serviceMonitor?: boolean;
}

/** Argo Workflows: pipelines of containers. */
export class ArgoWorkflows extends HelmAddon {
  /** @throws when the platform's storage has no container of the name given */
  constructor(scope: Construct, id: string, props: ArgoWorkflowsProps) {
    checkContainer(`${scope.node.path}/${id}`, props);
    super(scope, id, {
      ...props,
      addonName: 'argo-workflows',
      namespace: props.namespace ?? 'argo',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'argo-workflows',
          chart: HelmChart.pinned('argo-workflows', props.chartVersion),
          values: values(props),
          userValues: props.values,
          fixedValues: {
            crds: {
              install: true,
              keep: true, // without it, removing the release deletes every workflow
              full: false, // the full ones are fetched from the internet by a hook
            },
          },
        },
      ],
    });
  }
}

function values(props: ArgoWorkflowsProps): { [key: string]: unknown } {
  const { attributes, environment } = props.platform;
  const replicas = environment.profile.controllerReplicas;
  const pdb = replicas > 1 ? { enabled: true, minAvailable: 1 } : { enabled: false };
  const { signIn, artifactContainer } = props;
  const credential = (key: string) => ({ name: signIn?.secretName, key });
  return {
    workflow: { serviceAccount: { create: true } },
    controller: {
      replicas,
      pdb,
      parallelism: props.parallelism ?? 50,
      workflowNamespaces: props.workflowNamespaces ?? attributes.tenants.map((tenant) => tenant.namespace),
      metricsConfig: { enabled: true },
      serviceMonitor: { enabled: props.serviceMonitor ?? false },
      workflowDefaults: {
        spec: { ttlStrategy: { secondsAfterCompletion: 604800 }, podGC: { strategy: 'OnPodCompletion' } },
      },
    },
    server: {
      replicas,
      pdb,
      authModes: [signIn ? 'sso' : 'client'],
      ...(signIn
        ? {
            sso: {
              enabled: true,
              issuer: `https://login.microsoftonline.com/${environment.tenantId}/v2.0`,
              clientId: credential('client-id'),
              clientSecret: credential('client-secret'),
              redirectUrl: signIn.redirectUrl,
            },
          }
        : {}),
    },
    ...(artifactContainer === undefined
      ? {}
      : {
          artifactRepository: {
            archiveLogs: true,
            azure: {
              endpoint: attributes.storage.blobEndpoint,
              container: artifactContainer,
              blobNameFormat: 'argo/{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}',
              useSDKCreds: true,
            },
          },
        }),
  };
}

function checkContainer(path: string, { artifactContainer, platform }: ArgoWorkflowsProps): void {
  const { containers, name } = platform.attributes.storage;
  if (artifactContainer === undefined || containers.includes(artifactContainer)) return;
  throw new ConfigurationError(path, {
    what: `storage ${name} has no such container`,
    got: JSON.stringify(artifactContainer),
    allowed: containers.join(', '),
    fix: 'use one of them, or have the platform team add the container',
  });
}
