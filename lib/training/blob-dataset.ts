import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import { Manifests } from '../manifests';
import { tenantLabels } from '../tenancy';
import { DatasetVolume } from './dataset-volume';
import { checkJobName, jobNameOf } from './job-pod';

/** How files get from the container to the pods. */
export enum BlobCache {
  /** Whole files on the node's disk: for data that is read again in each epoch. */
  FILES = 'files',
  /** Blocks in memory: for large files that are read once. */
  STREAMING = 'streaming',
}

export interface BlobDatasetProps {
  readonly platform: IMlPlatform;
  readonly tenant: string;
  /** Container of the platform's storage, as the contract lists it. */
  readonly container: string;
  /** Folder in the container. @default - all of it */
  readonly folder?: string;
  /** Whether pods write to it; in the tenant's own container only. @default false */
  readonly writable?: boolean;
  /** @default BlobCache.FILES */
  readonly cache?: BlobCache;
  /** Seconds that a file on the node counts as current. @default 3600, where writable 0 */
  readonly cacheSeconds?: number;
  /** Most MiB of the node's disk. @default 51200 */
  readonly cacheSizeMib?: number;
  /** Name of the PersistentVolumeClaim. @default - the construct's id in lower case with hyphens */
  readonly claimName?: string;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A container of the platform's storage as a volume, mounted as the tenant's identity by the blob CSI driver: no account key.
 *
 * ```ts
 * const clicks = new BlobDataset(this, 'Clicks', { platform, tenant: 'search', container: 'datasets', folder: 'clicks' });
 * new TrainingJob(this, 'Ranker', { …, volumes: [clicks.mountedAt('/data')] });
 * ```
 */
export class BlobDataset extends Construct {
  public readonly claimName: string;
  public readonly dependable: ITerraformDependable;
  private readonly writable: boolean;

  /** @throws when the tenant may not read the container, or not write to it */
  constructor(scope: Construct, id: string, props: BlobDatasetProps) {
    super(scope, id);
    const { platform, container, writable = false } = props;
    const tenant = platform.tenant(props.tenant);
    this.writable = writable;
    this.claimName = props.claimName ?? jobNameOf(id);
    checkJobName(this.node.path, this.claimName, 45);
    checkContainer(this.node.path, platform, container, tenant.name, writable);
    ClusterAccess.of(this, platform);
    const { storage, environment } = platform.attributes;
    const resourceGroup = storage.id.split('/')[4] ?? '';
    const { clientId } = new DataAzurermUserAssignedIdentity(this, 'Identity', {
      name: tenant.identity.name,
      resourceGroupName: tenant.identity.resourceGroup,
    });
    const volumeName = `${tenant.namespace}-${this.claimName}`;
    const labels = tenantLabels(platform, tenant);
    const accessModes = [writable ? 'ReadWriteMany' : 'ReadOnlyMany'];
    this.dependable = new Manifests(this, 'Default', {
      platform,
      namespace: tenant.namespace,
      releaseName: `data-${this.claimName}`,
      dependsOn: props.dependsOn,
      objects: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolume',
          metadata: { name: volumeName, labels },
          spec: {
            capacity: { storage: '1Gi' }, // asked for by Kubernetes, known to nobody
            accessModes,
            persistentVolumeReclaimPolicy: 'Retain',
            storageClassName: '',
            claimRef: { namespace: tenant.namespace, name: this.claimName },
            mountOptions: mountOptions(props),
            csi: {
              driver: 'blob.csi.azure.com',
              volumeHandle: `${storage.name}_${container}_${volumeName}`,
              readOnly: !writable,
              volumeAttributes: {
                protocol: 'fuse2',
                subscriptionID: environment.subscriptionId,
                resourceGroup,
                storageAccount: storage.name,
                containerName: container,
                clientID: clientId,
                mountWithWorkloadIdentityToken: 'true',
              },
            },
          },
        },
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: this.claimName, namespace: tenant.namespace, labels },
          spec: { accessModes, storageClassName: '', volumeName, resources: { requests: { storage: '1Gi' } } },
        },
      ],
    }).dependable;
  }

  /** The data as a folder of a pod. */
  public mountedAt(mountPath: string): DatasetVolume {
    return DatasetVolume.claim(this.claimName, mountPath, this.writable);
  }
}

/** @see https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/docs/driver-parameters.md */
function mountOptions({ cache, cacheSeconds, cacheSizeMib, folder, writable }: BlobDatasetProps): string[] {
  const timeout = cacheSeconds ?? (writable ? 0 : 3600);
  return [
    '-o allow_other',
    '--use-adls=true', // the account has folders of its own
    '--use-attr-cache=true',
    ...(cache === BlobCache.STREAMING
      ? ['--block-cache']
      : [`--file-cache-timeout-in-seconds=${timeout}`, `--cache-size-mb=${cacheSizeMib ?? 51_200}`]),
    ...(folder === undefined ? [] : [`--subdirectory=${folder.replace(/^\/+|\/+$/g, '')}`]),
    ...(writable ? [] : ['--read-only']),
  ];
}

function checkContainer(path: string, platform: IMlPlatform, container: string, tenantName: string, writable: boolean): void {
  const { tenants, storage } = platform.attributes;
  const own = platform.tenant(tenantName).container;
  const others = tenants.filter(({ name }) => name !== tenantName).map((tenant) => tenant.container);
  const readable = storage.containers.filter((name) => !others.includes(name));
  const allowed = writable ? [own] : readable;
  if (allowed.includes(container)) return;
  throw new ConfigurationError(path, {
    what: `${tenantName} may not ${writable ? 'write to' : 'read'} this container`,
    got: JSON.stringify(container),
    allowed: nearest(container, allowed, allowed.length).join(', '),
    fix: writable
      ? `write to ${own}, or mount it without writable`
      : 'use one of them, or have the platform team add the container',
  });
}
