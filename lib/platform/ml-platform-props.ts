import type { CpuPoolOptions, GpuPoolOptions } from '../cluster';
import type { IResourceGroup, Owner } from '../core';
import type { IKeyVault } from '../data';
import type { Egress, IMlNetwork, PrivateDns } from '../network';
import type { AlertReceivers, ILogAnalytics } from '../observability';
import type { IContainerRegistry, IModelRegistry } from '../registry';
import type { ComputeVmSize } from '../workspace';

/** What a team may use at most. */
export interface TenantQuota {
  /** CPU requests in cores. */
  readonly cpu: number;
  /** Memory requests in GiB. */
  readonly memoryGib: number;
  /** GPUs by extended resource, e.g. `{ 'nvidia.com/mig-3g.40gb': 2 }`. @default - none */
  readonly gpus?: { [resourceName: string]: number };
}

/** A team that the platform serves. */
export interface TenantDescription {
  /** 2-30 lower-case letters, digits and single hyphens, letter first. Also the name of its namespace. */
  readonly name: string;
  readonly owner: Owner;
  readonly quota: TenantQuota;
  /** Object ids of Entra groups that write the secrets of the tenant's vault, by the name of the group. @default - nobody */
  readonly secretOfficers?: { [name: string]: string };
}

/** A group of machines on which Azure ML runs jobs. */
export interface TrainingCompute {
  /** e.g. `ComputeVmSize.of("Standard_NC24ads_A100_v4")`. Fixed at creation. */
  readonly vmSize: ComputeVmSize;
  /** Most nodes; there are none while there is no job. @default 4 */
  readonly maxNodes?: number;
  /** Cheaper nodes that Azure may take away at any time. Fixed at creation. @default false */
  readonly lowPriority?: boolean;
}

/** How callers reach served models. */
export interface ModelAccess {
  /** Models are reached at <service>-<tenant>.<domain>, by private DNS or your own. */
  readonly domain: string;
  /** Application id URIs or client ids that callers' Entra tokens must be issued for; at least one. */
  readonly audiences: string[];
}

/** What the platform keeps for an MLflow server on its cluster (`addons.Mlflow`). */
export interface MlflowBackend {
  /** Size of the database server. @default - by profile, see `PostgresServer` */
  readonly databaseSku?: string;
  /** Object ids of Entra groups that may administer the database, by the name of the group. @default - the server's own identity alone */
  readonly databaseAdminGroups?: { [name: string]: string };
}

/** What the platform may cost. */
export interface PlatformBudget {
  /** For its resource group in a month, in the currency of the bill. */
  readonly monthlyAmount: number;
  /** Month from which it counts, e.g. "2026-12". */
  readonly startMonth: string;
}

/** Metrics of the cluster in Azure's own Prometheus. */
export interface ManagedMetricsOptions {
  /** Object ids of Entra groups, by name, that see them in a Grafana made for it. @default - no Grafana */
  readonly grafanaViewers?: { [name: string]: string };
  /**
   * Whether metrics and logs come in by a private endpoint alone. A network has one such endpoint, and it answers for all of Azure
   * Monitor: leave it out where a hub has one.
   * @default false
   */
  readonly privateLink?: boolean;
}

export interface MlPlatformProps {
  /** Range of the network, e.g. "10.40.0.0/16". @default - none: `network` is given */
  readonly addressSpace?: string;
  /** A network that stands already, with a subnet for each role that the platform uses. @default - one is made in `addressSpace` */
  readonly network?: IMlNetwork;
  /** Group for what is made here. @default - one is made */
  readonly resourceGroup?: IResourceGroup;
  /** Where logs go, e.g. the workspace that a landing zone keeps. @default - one is made */
  readonly logAnalytics?: ILogAnalytics;
  /** Vault of the workspace, and of secrets for tenants. @default - one is made */
  readonly keyVault?: IKeyVault;
  /** Registry of images. @default - one is made */
  readonly registry?: IContainerRegistry;
  /** Ranges to stay clear of, e.g. those of peered networks. @default - none */
  readonly reservedRanges?: string[];
  /** @default Egress.natGateway() */
  readonly egress?: Egress;
  /** Who keeps the private DNS zones. @default PrivateDns.owned() */
  readonly dns?: PrivateDns;
  /** Object ids of Entra groups whose members administer the cluster. */
  readonly adminGroupObjectIds: string[];
  /** Minor version of Kubernetes, e.g. "1.34". @default - AKS's default */
  readonly kubernetesVersion?: string;
  /** CPU pools by name: 1-9 lower-case letters and digits, letter first. */
  readonly cpuPools: { [name: string]: CpuPoolOptions };
  /** GPU pools by name: 1-9 lower-case letters and digits, letter first. */
  readonly gpuPools: { [name: string]: GpuPoolOptions };
  /** Containers for data and models that all tenants read; each tenant gets one of its own besides. @default ["datasets", "models"] */
  readonly containers?: string[];
  readonly tenants: TenantDescription[];
  /** Machines for Azure ML jobs, by what they are for, e.g. "train". @default - none */
  readonly trainingCompute?: { [purpose: string]: TrainingCompute };
  /** Object ids of Entra groups of people who train models: they use the workspace, its data and its images. @default - none */
  readonly dataScientistGroups?: { [name: string]: string };
  /** Owner and contacts hear when the month's cost nears it, or is expected to pass it. */
  readonly budget: PlatformBudget;
  /** Who hears of what, by severity. @default - the contact of the environment's owner */
  readonly alerts?: AlertReceivers;
  /** Managed Prometheus with alerts on GPUs, latency and errors. @default - none: an add-on in the cluster keeps metrics */
  readonly managedMetrics?: ManagedMetricsOptions;
  /** A gateway in front of served models. @default - none: models are reached inside the cluster only */
  readonly modelAccess?: ModelAccess;
  /** Keeps database, container and identity of an MLflow server. @default - none: runs are recorded in the Azure ML workspace */
  readonly mlflow?: MlflowBackend;
  /** vCPUs of the subscription by quota family, as `az vm list-usage` names them: synth checks pools against them. @default - not checked */
  readonly vcpuQuotas?: { [family: string]: number };
  /** Azure ML registry through which stages share models; the platform's network and workspace get access. @default - none */
  readonly modelRegistry?: IModelRegistry;
}
