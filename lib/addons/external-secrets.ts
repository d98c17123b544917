import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { Manifests } from '../manifests';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** HashiCorp Vault as the source of secrets, by Kubernetes authentication. */
export interface VaultStore {
  /** Name of the ClusterSecretStore. @default "vault" */
  readonly storeName?: string;
  /** e.g. "https://vault.contoso.example". */
  readonly server: string;
  /** Mount of the KV engine. @default "secret" */
  readonly path?: string;
  /** Role of Vault's Kubernetes authentication. */
  readonly role: string;
  /** Mount of Vault's Kubernetes authentication. @default "kubernetes" */
  readonly authMount?: string;
}

export interface ExternalSecretsProps extends AddonProps {
  /**
   * Client id of the identity that reads secrets from the platform's key vault. It needs Key Vault Secrets User there, and a
   * federated credential for the service account external-secrets/external-secrets.
   * @default - no store for the key vault
   */
  readonly keyVaultIdentityClientId?: string;
  /** @default - none */
  readonly vault?: VaultStore;
  /**
   * Namespaces whose ExternalSecrets may use the stores: they read every secret of the vault. Tenants have vaults of their own.
   * @default - the namespaces of the add-ons that start with secrets
   */
  readonly namespaces?: string[];
  /** ServiceMonitors for its metrics; their CRD must be there. @default false */
  readonly serviceMonitor?: boolean;
}

/** Where add-ons that start with secrets stand by default. */
const ADD_ON_NAMESPACES = ['airflow', 'argo', 'argocd', 'evidently', 'feast', 'mlflow', 'monitoring'];

/** External Secrets: copies secrets from Azure Key Vault, or from HashiCorp Vault, into the cluster, without a key in Terraform. */
export class ExternalSecrets extends HelmAddon {
  /** Name of the ClusterSecretStore for the platform's key vault. */
  public static readonly KEY_VAULT_STORE = 'key-vault';

  /** The stores, for the `dependsOn` of what reads secrets. Absent where there are none. */
  public readonly stores?: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    const replicaCount = props.platform.environment.profile.controllerReplicas;
    const namespace = props.namespace ?? 'external-secrets';
    const identity = props.keyVaultIdentityClientId;
    super(scope, id, {
      ...props,
      addonName: 'external-secrets',
      namespace,
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'external-secrets',
          chart: HelmChart.pinned('external-secrets', props.chartVersion),
          values: {
            replicaCount,
            leaderElect: replicaCount > 1,
            podDisruptionBudget: { enabled: replicaCount > 1 },
            webhook: { replicaCount },
            certController: { replicaCount },
            serviceMonitor: { enabled: props.serviceMonitor ?? false },
            serviceAccount: {
              name: 'external-secrets',
              ...(identity === undefined
                ? {}
                : {
                    annotations: {
                      'azure.workload.identity/client-id': identity,
                      'azure.workload.identity/tenant-id': props.platform.environment.tenantId,
                    },
                  }),
            },
            ...(identity === undefined ? {} : { podLabels: { 'azure.workload.identity/use': 'true' } }),
          },
          userValues: props.values,
          webhookProbe: {
            resource: 'externalsecrets',
            object: {
              apiVersion: 'external-secrets.io/v1',
              kind: 'ExternalSecret',
              metadata: { name: 'probe', namespace },
              spec: {
                secretStoreRef: { kind: 'ClusterSecretStore', name: 'probe' },
                data: [{ secretKey: 'probe', remoteRef: { key: 'probe' } }],
              },
            },
          },
          // Without it, removing the release deletes every ExternalSecret, and with them the secrets.
          fixedValues: { installCRDs: true, crds: { annotations: { 'helm.sh/resource-policy': 'keep' } } },
        },
      ],
    });
    const objects = stores(props, namespace);
    if (objects.length === 0) return;
    this.stores = new Manifests(this, 'Stores', {
      platform: props.platform,
      namespace,
      releaseName: 'secret-stores',
      objects,
      dependsOn: [this.dependable],
    }).dependable;
    this.completeWith(this.stores);
  }
}

function stores(props: ExternalSecretsProps, namespace: string): { [key: string]: unknown }[] {
  const { attributes, environment } = props.platform;
  const namespaces = props.namespaces ?? [...ADD_ON_NAMESPACES, namespace];
  const store = (name: string, provider: object) => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: { name },
    // A store without conditions serves every namespace.
    spec: { conditions: [{ namespaces }], provider },
  });
  const serviceAccountRef = { name: 'external-secrets', namespace };
  const { vault } = props;
  return [
    ...(props.keyVaultIdentityClientId === undefined
      ? []
      : [
          store(ExternalSecrets.KEY_VAULT_STORE, {
            azurekv: {
              authType: 'WorkloadIdentity',
              vaultUrl: attributes.keyVault.uri,
              tenantId: environment.tenantId,
              serviceAccountRef,
            },
          }),
        ]),
    ...(vault
      ? [
          store(vault.storeName ?? 'vault', {
            vault: {
              server: vault.server,
              path: vault.path ?? 'secret',
              version: 'v2',
              auth: { kubernetes: { mountPath: vault.authMount ?? 'kubernetes', role: vault.role, serviceAccountRef } },
            },
          }),
        ]
      : []),
  ];
}
