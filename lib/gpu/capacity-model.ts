import type { GpuRequest } from './gpu-request';

/** GPUs of one node of a pool, as a contract states them. */
export interface CapacityGpu {
  /** e.g. "NVIDIA A100 80GB PCIe". */
  readonly model: string;
  readonly vendor: string;
  readonly count: number;
  readonly memoryGb: number;
  /** "none", "time-slicing", "mps" or "mig". */
  readonly sharing: string;
  readonly replicas?: number;
  /** What one node offers, by extended resource name. */
  readonly resources: { [name: string]: number };
}

/** A pool as the planner sees it; the pools of a contract fit as they are. */
export interface CapacityPool {
  readonly name: string;
  readonly vmSize: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly architecture: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly spot: boolean;
  readonly labels: { [key: string]: string };
  readonly taints: string[];
  /** Pods that a node takes at most. @default 110 */
  readonly maxPods?: number;
  readonly gpu?: CapacityGpu;
}

/** What a tenant may use. */
export interface CapacityQuota {
  /** Cores. */
  readonly cpu: number;
  readonly memoryGib: number;
  /** By extended resource name; what is not listed is not granted. */
  readonly gpus: { [resourceName: string]: number };
}

/** A tenant as the planner sees it; the tenants of a contract fit as they are. */
export interface CapacityTenant {
  readonly name: string;
  readonly quota: CapacityQuota;
}

/** Pods of one kind that are to run at the same time. */
export interface CapacityWorkload {
  /** Path of the construct, or any name that the reader of a report knows. */
  readonly name: string;
  /** Pods that must run at once. */
  readonly replicas: number;
  /** Pods that it may grow to. @default - replicas */
  readonly maxReplicas?: number;
  /** Cores that one pod requests. */
  readonly cpu: number;
  /** Memory that one pod requests, all containers together. */
  readonly memoryGib: number;
  /** GPUs of one pod. @default - none */
  readonly gpu?: GpuRequest;
  /** Whether it tolerates nodes that may be taken away. @default false */
  readonly spot?: boolean;
  /** Taints that it tolerates beside the GPU's (with `gpu`) and spot's (with `spot`), e.g. "team=risk:NoSchedule". @default - none */
  readonly tolerations?: string[];
  /** Labels that the node must have. @default - none */
  readonly nodeSelector?: { [label: string]: string };
  /** "amd64" or "arm64". @default "amd64" */
  readonly architecture?: string;
  /** Tenant whose quota it counts against. @default - none */
  readonly tenant?: string;
  /** Whether it may wait in a queue until there is room, as training jobs do. @default false */
  readonly waits?: boolean;
}

/** What every node uses before the first workload. */
export interface NodeOverhead {
  /** Cores that the DaemonSets of a node request. @default - the sum of lib/gpu/data/node-overhead.json: 0.7 */
  readonly cpu?: number;
  /** Memory that they request. @default - the sum of lib/gpu/data/node-overhead.json: 1.2, with GPUs a little more */
  readonly memoryGib?: number;
  /** Pods that a node takes at most. @default - the pool's, else 110 */
  readonly maxPods?: number;
}

export interface CapacityInput {
  readonly pools: CapacityPool[];
  readonly workloads: CapacityWorkload[];
  /** @default - no quotas */
  readonly tenants?: CapacityTenant[];
  /** Azure region, for prices. @default - no prices */
  readonly region?: string;
  /** vCPUs that the subscription may use, by quota family as `az vm list-usage` names it. @default - not checked */
  readonly vcpuQuotas?: { [family: string]: number };
  readonly overhead?: NodeOverhead;
}

/** How bad a finding is. */
export enum CapacitySeverity {
  /** It can never run as declared. */
  ERROR = 'error',
  /** It may not fit; the planner found no place and no proof that there is none. */
  UNSURE = 'unsure',
  /** It runs, but not at once with everything else. */
  NOTE = 'note',
}

/** Something that does not fit. */
export interface CapacityFinding {
  readonly severity: CapacitySeverity;
  /** The workload, tenant or quota family that it is about. */
  readonly subject: string;
  /** What does not fit, e.g. "no pool offers the GPU asked for". */
  readonly what: string;
  readonly got: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Workloads on a pool when everything that must run runs. */
export interface PlacedWorkload {
  readonly workload: string;
  readonly pods: number;
}

/** A pool in the plan. */
export interface PoolUse {
  readonly pool: string;
  readonly vmSize: string;
  readonly spot: boolean;
  readonly sharing: string;
  readonly minCount: number;
  readonly maxCount: number;
  /** GPU model, where it has GPUs. */
  readonly gpuModel?: string;
  readonly gpusAtMin: number;
  readonly gpusAtMax: number;
  /** Nodes that the placed workloads need. */
  readonly nodesUsed: number;
  readonly placed: PlacedWorkload[];
  /** Extended resources of all nodes at `maxCount` that are left, by name. */
  readonly resourcesLeft: { [name: string]: number };
  /** Cores left at `maxCount`. */
  readonly cpuLeft: number;
  /** GiB left at `maxCount`. */
  readonly memoryGibLeft: number;
  /** USD a month by list price at `minCount`; absent where the price is not known. For spot the most it can cost. */
  readonly monthlyCostMin?: number;
  /** The same at `maxCount`. */
  readonly monthlyCostMax?: number;
}

/** vCPUs of one quota of the subscription. */
export interface VcpuUse {
  /** As `az vm list-usage` names it; "lowPriorityCores" for all spot pools together. */
  readonly family: string;
  readonly pools: string[];
  readonly vcpusAtMin: number;
  readonly vcpusAtMax: number;
  /** Absent where the environment states none. */
  readonly quota?: number;
}
