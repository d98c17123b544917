import type { Ownership } from '../core';

/** The environment that a contract speaks for. */
export interface ContractEnvironment {
  readonly project: string;
  /** As in `Stage.name`. */
  readonly stage: string;
  /** dev, staging or prod: the stage whose rules apply. */
  readonly strictness: string;
  readonly location: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly owner: Ownership;
}

/** A resource by name and ARM id, both known at synth. */
export interface ContractResource {
  readonly name: string;
  readonly id: string;
}

export interface ContractCluster extends ContractResource {
  readonly resourceGroup: string;
  /** Minor version, e.g. "1.34"; absent where AKS picks it. */
  readonly kubernetesVersion?: string;
  /** Components that AKS manages, e.g. ["keda"]: add-ons must not install them again. */
  readonly managedAddOns?: string[];
}

/** What the GPUs of one node of a pool look like to Kubernetes. */
export interface ContractGpu {
  /** e.g. "NVIDIA A100 80GB PCIe". */
  readonly model: string;
  readonly vendor: string;
  /** Whole devices on a node. */
  readonly count: number;
  /** Memory of one device in GB. */
  readonly memoryGb: number;
  /** Who installs the driver: "aks", "operator" or "none". */
  readonly driver: string;
  /** "none", "time-slicing", "mps" or "mig". */
  readonly sharing: string;
  /** Shares of one device, for time slicing and MPS. */
  readonly replicas?: number;
  /** MIG instances on one device, by profile, e.g. { "1g.10gb": 7 }. */
  readonly migLayout?: { [profile: string]: number };
  /**
   * What one node offers to the scheduler, by extended resource name, e.g. { "nvidia.com/gpu": 4 } or
   * { "nvidia.com/mig-1g.10gb": 7 }.
   */
  readonly resources: { [name: string]: number };
}

export interface ContractNodePool {
  readonly name: string;
  /** "System" or "User". */
  readonly mode: string;
  readonly vmSize: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** "amd64" or "arm64". */
  readonly architecture: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly spot: boolean;
  readonly zones: string[];
  readonly labels: { [key: string]: string };
  /** As Kubernetes writes them, e.g. "nvidia.com/gpu=present:NoSchedule". */
  readonly taints: string[];
  /** Pods that a node takes at most; absent means 110. */
  readonly maxPods?: number;
  readonly gpu?: ContractGpu;
}

export interface ContractNetwork {
  readonly virtualNetworkId: string;
  /** Subnet ids by role, e.g. { "private-endpoints": "/subscriptions/…" }. */
  readonly subnetIds: { [role: string]: string };
}

export interface ContractRegistry extends ContractResource {
  readonly loginServer: string;
}

export interface ContractStorage extends ContractResource {
  /** Without a slash at the end, e.g. "https://stcontoso.blob.core.windows.net". */
  readonly blobEndpoint: string;
  readonly containers: string[];
}

export interface ContractKeyVault extends ContractResource {
  readonly uri: string;
}

/** How models are served on the cluster. */
export interface ContractServing {
  /** "Standard" or "Knative". */
  readonly deploymentMode: string;
  /** Namespace of the KServe controller. */
  readonly namespace: string;
  /**
   * Model servers of KServe that every tenant may use: map from the ClusterServingRuntime's name to how its image is named, "digest"
   * or "tag". Absent where the platform does not say.
   */
  readonly runtimes?: { [runtime: string]: string };
  /** Way in from outside the cluster; absent where the platform has none. */
  readonly gateway?: ContractGateway;
}

/** The gateway in front of served models. */
export interface ContractGateway {
  readonly namespace: string;
  readonly name: string;
  /** Services are reached at <service>-<tenant>.<domain>. */
  readonly domain: string;
  /** Namespace of the proxies that carry the traffic. */
  readonly proxyNamespace: string;
  /** What Entra tokens must be issued for: application id URIs or client ids. */
  readonly audiences: string[];
}

/** Prometheus of the cluster, with the CRDs of its operator. */
export interface ContractMonitoring {
  /** Namespace that scrapes. */
  readonly namespace: string;
  /** Address inside the cluster, e.g. "http://prometheus-operated.monitoring.svc:9090". */
  readonly prometheusUrl: string;
  /** Where generated runbooks are published, without a slash at the end; absent where they are not. */
  readonly runbookUrl?: string;
}

/** Where an MLflow server of the platform keeps its records and artifacts. */
export interface ContractMlflow {
  /** Host of its PostgreSQL server. */
  readonly databaseHost: string;
  readonly database: string;
  /** Role in the database: the name of the identity `addonIdentities.mlflow`. */
  readonly databaseUser: string;
  /** Container of the platform's storage. */
  readonly container: string;
}

/** What a team may use in its namespace. */
export interface ContractQuota {
  /** CPU requests, in cores. */
  readonly cpu: number;
  /** Memory requests, in GiB. */
  readonly memoryGib: number;
  /** Extended resources, e.g. { "nvidia.com/gpu": 2 }. */
  readonly gpus: { [resourceName: string]: number };
}

export interface ContractTenant {
  readonly name: string;
  readonly namespace: string;
  readonly owner: ContractOwner;
  readonly quota: ContractQuota;
  /** Kubernetes service account that workloads of the tenant run as. */
  readonly serviceAccount: string;
  /** Container of the platform's storage that the tenant alone reads and writes. */
  readonly container: string;
  /** The Azure identity behind the service account. */
  readonly identity: ContractIdentity;
  /** Vault of the tenant's own, which its identity reads; absent where it shares the platform's. */
  readonly keyVault?: ContractKeyVault;
  /** Kueue LocalQueue for its jobs; absent where the platform queues nothing. */
  readonly queue?: string;
  /** Pod Security Standard that the namespace enforces, "baseline" or "restricted"; absent means "baseline". */
  readonly podSecurity?: string;
}

export interface ContractOwner {
  readonly team: string;
  readonly contact: string;
}

export interface ContractIdentity extends ContractResource {
  readonly resourceGroup: string;
}

/**
 * What a platform promises to those who build on it. Names and ARM ids only: nothing secret, nothing that Terraform must
 * first learn from Azure.
 */
export interface PlatformContractAttributes {
  /** "major.minor"; a reader takes its own major version only. */
  readonly contractVersion: string;
  readonly environment: ContractEnvironment;
  readonly resourceGroup: string;
  readonly network: ContractNetwork;
  readonly cluster: ContractCluster;
  readonly nodePools: ContractNodePool[];
  /** vCPUs that the subscription may use in the region, by quota family as `az vm list-usage` names it. */
  readonly vcpuQuotas?: { [family: string]: number };
  readonly registry: ContractRegistry;
  readonly workspace: ContractResource;
  /** Azure ML registry that the stages share; absent where there is none. */
  readonly modelRegistry?: ContractResource;
  readonly storage: ContractStorage;
  readonly keyVault: ContractKeyVault;
  readonly logAnalytics: ContractResource;
  readonly serving: ContractServing;
  /** Absent where the cluster has no Prometheus operator. */
  readonly monitoring?: ContractMonitoring;
  /** Absent where the platform keeps nothing for an MLflow server. */
  readonly mlflow?: ContractMlflow;
  readonly tenants: ContractTenant[];
  /** Identities that add-ons act as in Azure, by the add-on's name; none by default. */
  readonly addonIdentities?: { [addonName: string]: ContractIdentity };
}
