import type { Construct } from 'constructs';
import { ImageLock } from '../core';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface VeleroProps extends AddonProps {
  /** Storage account that keeps the backups; not one that the cluster's users reach. */
  readonly storageAccountName: string;
  readonly storageResourceGroup: string;
  readonly container: string;
  /** Group that AKS keeps disks in (`MlCluster.nodeResourceGroupName`): snapshots are made there. */
  readonly nodeResourceGroup: string;
  /**
   * Client id of the identity: Storage Blob Data Contributor on the account, rights on snapshots in the node resource group, and a
   * federated credential for the service account velero/velero-server.
   */
  readonly identityClientId: string;
  /** Image of the plugin for Azure, with its registry. @default "docker.io/velero/velero-plugin-for-microsoft-azure:v1.14.3" */
  readonly pluginImage?: string;
  /** When the whole cluster is backed up, as cron in UTC. @default "0 2 * * *" */
  readonly schedule?: string;
  /** Days that a backup is kept. @default 30 */
  readonly retentionDays?: number;
}

/** Plugin 1.14 belongs to Velero 1.18, which the pinned chart installs. */
const PLUGIN = 'docker.io/velero/velero-plugin-for-microsoft-azure:v1.14.3';

/** Velero: backups of the cluster's objects and disks. */
export class Velero extends HelmAddon {
  constructor(scope: Construct, id: string, props: VeleroProps) {
    const { attributes, environment } = props.platform;
    const plugin = props.pluginImage ?? ImageLock._pinned(scope, PLUGIN);
    super(scope, id, {
      ...props,
      addonName: 'velero',
      namespace: props.namespace ?? 'velero',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        {
          id: 'Default',
          releaseName: 'velero',
          chart: HelmChart.pinned('velero', props.chartVersion),
          values: {
            initContainers: [
              {
                name: 'velero-plugin-for-microsoft-azure',
                image: props.privateImages ? `${attributes.registry.loginServer}/${plugin}` : plugin,
                volumeMounts: [{ mountPath: '/target', name: 'plugins' }],
              },
            ],
            podLabels: { 'azure.workload.identity/use': 'true' },
            serviceAccount: {
              server: {
                create: true,
                name: 'velero-server',
                annotations: { 'azure.workload.identity/client-id': props.identityClientId },
              },
            },
            configuration: {
              backupStorageLocation: [
                {
                  name: 'default',
                  provider: 'azure',
                  bucket: props.container,
                  default: true,
                  config: {
                    useAAD: 'true',
                    storageAccount: props.storageAccountName,
                    resourceGroup: props.storageResourceGroup,
                    storageAccountURI: `https://${props.storageAccountName}.blob.core.windows.net`,
                  },
                },
              ],
              volumeSnapshotLocation: [
                { name: 'default', provider: 'azure', config: { resourceGroup: props.nodeResourceGroup, incremental: 'true' } },
              ],
            },
            credentials: {
              useSecret: true,
              // Where to work, not how to sign in: that is by workload identity.
              secretContents: {
                cloud: [
                  `AZURE_SUBSCRIPTION_ID=${environment.subscriptionId}`,
                  `AZURE_RESOURCE_GROUP=${props.nodeResourceGroup}`,
                  'AZURE_CLOUD_NAME=AzurePublicCloud',
                  '',
                ].join('\n'),
              },
            },
            schedules: {
              cluster: {
                schedule: props.schedule ?? '0 2 * * *',
                template: { ttl: `${(props.retentionDays ?? 30) * 24}h0m0s`, snapshotVolumes: true },
              },
            },
          },
          userValues: props.values,
          fixedValues: { cleanUpCRDs: false }, // it would delete the record of every backup
        },
      ],
    });
  }
}
