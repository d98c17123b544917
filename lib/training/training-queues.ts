import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ContractNodePool, ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { NodeLabel, NodeTaint } from '../gpu';
import { Manifests } from '../manifests';
import { toleration } from '../tenancy/gpu-placement';
import { JobPriority } from './job-priority';

/** A tenant's share of what all borrow from each other. */
export interface QueueShare {
  /** Weight when tenants compete for what nobody is entitled to. @default 1 */
  readonly weight?: number;
  /** How much of a resource it may borrow at most, by name, e.g. { 'nvidia.com/gpu': 2 }. @default - all that others leave */
  readonly borrowingLimits?: { [resource: string]: number };
  /** How much of a resource others may borrow at most. @default - all of it */
  readonly lendingLimits?: { [resource: string]: number };
}

export interface TrainingQueuesProps {
  readonly platform: IMlPlatform;
  /** By name of the tenant. @default - equal weights, no limits */
  readonly shares?: { [tenant: string]: QueueShare };
  /** Namespace of Kueue. @default "kueue-system" */
  readonly namespace?: string;
  /** What must stand before it. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

type KubernetesObject = { [key: string]: unknown };

const API = 'kueue.x-k8s.io/v1beta2';
const COHORT = 'platform';
const COMPUTE = 'compute';
const LABELS = { 'app.kubernetes.io/managed-by': 'cdktf-ml-platform' };
/** Kueue takes no more flavors in a group. */
const FLAVORS_MAX = 16;

const PRIORITIES: readonly (readonly [JobPriority, number])[] = [
  [JobPriority.URGENT, 10_000],
  [JobPriority.STANDARD, 1000],
  [JobPriority.OPPORTUNISTIC, 0],
];

/**
 * Kueue's queues for training, derived from what the contract promises: a flavor for each GPU pool, a ClusterQueue for each tenant with
 * its quota, all in one cohort, so that what one leaves another may use until it is wanted back. One on a platform.
 */
export class TrainingQueues extends Construct {
  public readonly dependable: ITerraformDependable;
  /** Names of the flavors: "compute" for CPU and memory, then one for each GPU pool in the order in which they are tried. */
  public readonly flavors: string[];
  private readonly props: TrainingQueuesProps;
  private readonly gpuPools: ContractNodePool[];

  /** @throws when a share is for an unknown tenant, or there is nothing to queue for */
  constructor(scope: Construct, id: string, props: TrainingQueuesProps) {
    super(scope, id);
    this.props = props;
    const { nodePools, tenants } = props.platform.attributes;
    for (const name of Object.keys(props.shares ?? {})) props.platform.tenant(name);
    const pools = nodePools.filter(({ mode, maxCount }) => mode === 'User' && maxCount > 0);
    // Spot first: a job that bears to be interrupted costs a third there, one that does not has no toleration for it.
    this.gpuPools = pools.filter(({ gpu }) => gpu).sort((a, b) => Number(b.spot) - Number(a.spot));
    this.flavors = [COMPUTE, ...this.gpuPools.map(({ name }) => name)];
    if (pools.length === 0 || this.gpuPools.length > FLAVORS_MAX) {
      throw new ConfigurationError(this.node.path, {
        what: pools.length === 0 ? 'no pool can run jobs' : 'more GPU pools than a queue takes flavors',
        got: String(pools.length === 0 ? 0 : this.gpuPools.length),
        allowed: `at least one pool of mode User with maxCount above 0, and up to ${FLAVORS_MAX} with GPUs`,
        fix: 'add a pool, or fold pools of one size into one',
      });
    }
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: props.namespace ?? 'kueue-system',
      releaseName: 'training-queues',
      dependsOn: props.dependsOn,
      objects: [
        // Without labels: CPU and memory are the same on every pool, and taints keep jobs off those that are not for them.
        { apiVersion: API, kind: 'ResourceFlavor', metadata: { name: COMPUTE, labels: LABELS }, spec: {} },
        ...this.gpuPools.map(flavor),
        { apiVersion: API, kind: 'Cohort', metadata: { name: COHORT, labels: LABELS }, spec: {} },
        ...PRIORITIES.map(([name, value]) => ({
          apiVersion: API,
          kind: 'WorkloadPriorityClass',
          metadata: { name, labels: LABELS },
          value,
          description: `Jobs of priority ${name}.`,
        })),
        ...tenants.map((tenant) => this.clusterQueue(tenant)),
      ],
    }).dependable;
  }

  private clusterQueue(tenant: ContractTenant): KubernetesObject {
    const { weight = 1 } = this.props.shares?.[tenant.name] ?? {};
    return {
      apiVersion: API,
      kind: 'ClusterQueue',
      metadata: { name: tenant.name, labels: { ...LABELS, 'ml-platform/tenant': tenant.name } },
      spec: {
        cohortName: COHORT,
        namespaceSelector: { matchLabels: { 'ml-platform/tenant': tenant.name } },
        queueingStrategy: 'BestEffortFIFO',
        fairSharing: { weight: String(weight) },
        preemption: {
          withinClusterQueue: 'LowerPriority',
          reclaimWithinCohort: 'Any',
          borrowWithinCohort: { policy: 'LowerPriority', maxPriorityThreshold: 999 },
        },
        flavorFungibility: { whenCanBorrow: 'TryNextFlavor', whenCanPreempt: 'TryNextFlavor' },
        resourceGroups: this.resourceGroups(tenant),
      },
    };
  }

  /**
   * CPU and memory by themselves, GPUs by pool: all resources of a group must come from one flavor, so that in one group a job on
   * GPUs would need CPU of that very flavor. A quota of GPUs holds on each pool that has them; over all pools the namespace's
   * ResourceQuota does.
   */
  private resourceGroups(tenant: ContractTenant): KubernetesObject[] {
    const { cpu, memoryGib, gpus } = tenant.quota;
    const compute = [
      { name: 'cpu', nominalQuota: quantity('cpu', cpu), ...this.limits(tenant.name, 'cpu') },
      { name: 'memory', nominalQuota: quantity('memory', memoryGib), ...this.limits(tenant.name, 'memory') },
    ];
    const names = [...new Set(this.gpuPools.flatMap(({ gpu }) => Object.keys(gpu?.resources ?? {})))].sort();
    const flavors = this.gpuPools.map((pool) => ({
      name: pool.name,
      resources: names.map((name) => {
        const there = pool.maxCount * (pool.gpu?.resources[name] ?? 0);
        return { name, nominalQuota: quantity(name, Math.min(gpus[name] ?? 0, there)), ...this.limits(tenant.name, name) };
      }),
    }));
    return [
      { coveredResources: ['cpu', 'memory'], flavors: [{ name: COMPUTE, resources: compute }] },
      ...(names.length > 0 ? [{ coveredResources: names, flavors }] : []),
    ];
  }

  private limits(tenant: string, resource: string): KubernetesObject {
    const { borrowingLimits = {}, lendingLimits = {} } = this.props.shares?.[tenant] ?? {};
    const [borrowing, lending] = [borrowingLimits[resource], lendingLimits[resource]];
    return {
      ...(borrowing === undefined ? {} : { borrowingLimit: quantity(resource, borrowing) }),
      ...(lending === undefined ? {} : { lendingLimit: quantity(resource, lending) }),
    };
  }
}

function quantity(resource: string, amount: number): string {
  return resource === 'memory' ? `${amount}Gi` : String(amount);
}

/**
 * A pool as Kueue sees it. Kueue puts the tolerations on what it admits here, but for spot: only jobs that bear to be interrupted
 * tolerate it, and the taint keeps the others off.
 */
function flavor(pool: ContractNodePool): KubernetesObject {
  const granted = pool.taints.filter((taint) => taint !== NodeTaint.SPOT);
  return {
    apiVersion: API,
    kind: 'ResourceFlavor',
    metadata: { name: pool.name, labels: LABELS },
    spec: {
      nodeLabels: {
        [NodeLabel.POOL]: pool.name,
        ...(pool.gpu
          ? { [NodeLabel.GPU_ACCESS]: pool.gpu.sharing === 'none' ? 'whole' : pool.gpu.sharing === 'mig' ? 'mig' : 'slice' }
          : {}),
      },
      ...(pool.taints.length > 0 ? { nodeTaints: pool.taints.map(taintOf) } : {}),
      ...(granted.length > 0 ? { tolerations: granted.map(toleration) } : {}),
    },
  };
}

/** "key=value:effect" as a taint. */
function taintOf(taint: string): { [field: string]: string } {
  const [keyAndValue = '', effect = ''] = taint.split(':');
  const [key = '', value = ''] = keyAndValue.split('=');
  return { key, value, effect };
}
