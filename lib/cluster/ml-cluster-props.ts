import type { ContractNodePool } from '../contract';
import type { IResourceGroup } from '../core';
import type { CpuVmSize } from '../gpu';
import type { ISubnet } from '../network';
import type { MaintenanceWindow } from './maintenance-window';
import type { NodeOs } from './node-os';

/** The pool that AKS runs its own components on. */
export interface SystemPoolOptions {
  /** @default - Standard_D4ds_v5 */
  readonly vmSize?: CpuVmSize;
  /** @default - by the profile: dev 1, staging 2, prod 3 */
  readonly minCount?: number;
  /** @default - by the profile: dev 2, staging 4, prod 6 */
  readonly maxCount?: number;
  /** @default - all three where the profile is zone-redundant */
  readonly zones?: string[];
  /** GiB of OS disk. @default 128 */
  readonly osDiskSizeGib?: number;
  /** Encrypts temporary disks and caches on the host. Needs the feature EncryptionAtHost in the subscription. @default true */
  readonly hostEncryption?: boolean;
  /** AKS refuses spot here: the pool must not go away. @default false */
  readonly spot?: boolean;
}

/** A key of your own for the secrets in the cluster's store. */
export interface SecretsEncryption {
  /** Id of the key with its version. */
  readonly keyVaultKeyId: string;
  /** Whether the vault is closed to public networks; AKS then needs API server VNet integration. @default true */
  readonly privateVault?: boolean;
}

export interface MlClusterProps {
  readonly resourceGroup: IResourceGroup;
  /** @default - by the environment's naming */
  readonly clusterName?: string;
  readonly nodeSubnet: ISubnet;
  /** Subnet for the API server, delegated to Microsoft.ContainerService/managedClusters. @default - a private endpoint instead */
  readonly apiServerSubnet?: ISubnet;
  /** Id of the zone privatelink.<region>.azmk8s.io, "System" for one that AKS makes, "None" for DNS of your own. @default "System" */
  readonly privateDnsZoneId?: string;
  /** The zone's id as known at synth, where `privateDnsZoneId` is a reference. @default - privateDnsZoneId */
  readonly privateDnsZoneArmId?: string;
  /** Where Microsoft Defender reports to; needed where the profile turns it on. */
  readonly logAnalyticsWorkspaceId?: string;
  /** Object ids of Entra groups whose members administer the cluster; at least one. */
  readonly adminGroupObjectIds: string[];
  /** Range of Kubernetes services, used nowhere else in reach. @default "172.16.0.0/16" */
  readonly serviceCidr?: string;
  /** Range of pods; may repeat in other clusters. @default "10.244.0.0/16" */
  readonly podCidr?: string;
  /** Minor version, e.g. "1.34"; AKS picks and upgrades the patch. @default - AKS's default */
  readonly kubernetesVersion?: string;
  /** How traffic leaves: "userAssignedNATGateway", "managedNATGateway", "userDefinedRouting" or "none". @default "userAssignedNATGateway" */
  readonly outboundType?: string;
  /** Id of a container registry that nodes take AKS's own images from; needed with outboundType "none". @default - from Microsoft's */
  readonly bootstrapRegistryId?: string;
  readonly systemPool?: SystemPoolOptions;
  /** @default NodeOs.UBUNTU */
  readonly nodeOs?: NodeOs;
  /** Weekly window for new Kubernetes patches. @default - Sunday 02:00 UTC, 6 hours */
  readonly upgradeWindow?: MaintenanceWindow;
  /** Weekly window for new node images. @default - Saturday 02:00 UTC, 6 hours */
  readonly nodeImageWindow?: MaintenanceWindow;
  /** Sends metrics to managed Prometheus; the rules that collect them belong to observability. @default false */
  readonly managedPrometheus?: boolean;
  /** AKS's own KEDA, instead of the add-on `Keda`. @default false */
  readonly managedKeda?: boolean;
  /** @default - Microsoft's key */
  readonly secretsEncryption?: SecretsEncryption;
}

/** What is known of a cluster that this app does not own. */
export interface MlClusterAttributes {
  /** ARM id, known at synth. */
  readonly armId: string;
  readonly nodeSubnet: ISubnet;
  /** @default NodeOs.UBUNTU */
  readonly nodeOs?: NodeOs;
  /** Pools that it has already. @default - none */
  readonly nodePools?: ContractNodePool[];
}
