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
const LABELS = { 'app.kubernetes.io/managed-by': 'cdktf-ml-platform' };
/** Kueue takes no more flavors in a group. */
const FLAVORS_MAX = 16;

const PRIORITIES: readonly (readonly [JobPriority, number])[] = [
  [JobPriority.URGENT, 10_000],
  [JobPriority.STANDARD, 1000],
  [JobPriority.OPPORTUNISTIC, 0],
];

/**
 * Kueue's queues for training, derived from what the contract promises: a flavor for each pool, a ClusterQueue for each tenant with
 * its quota, all in one cohort, so that what one leaves another may use until it is wanted back. One on a platform.
 */
export class TrainingQueues extends Construct {
  public readonly dependable: ITerraformDependable;
  /** Names of the flavors, one for each pool that can run jobs, in the order in which they are tried. */
  public readonly flavors: string[];
  private readonly props: TrainingQueuesProps;
  private readonly pools: ContractNodePool[];

  /** @throws when a share is for an unknown tenant, or there is nothing to queue for */
  constructor(scope: Construct, id: string, props: TrainingQueuesProps) {
    super(scope, id);
    this.props = props;
    const { nodePools, tenants } = props.platform.attributes;
    for (const name of Object.keys(props.shares ?? {})) props.platform.tenant(name);
    // Spot first: a job that bears to be interrupted costs a third there, one that does not has no toleration for it.
    this.pools = nodePools
      .filter(({ mode, maxCount }) => mode === 'User' && maxCount > 0)
      .sort((a, b) => Number(b.spot) - Number(a.spot));
    this.flavors = this.pools.map(({ name }) => name);
    if (this.pools.length === 0 || this.pools.length > FLAVORS_MAX) {
      throw new ConfigurationError(this.node.path, {
        what: this.pools.length === 0 ? 'no pool can run jobs' : 'more pools than a queue takes flavors',
        got: String(this.pools.length),
        allowed: `1-${FLAVORS_MAX} pools of mode User with maxCount above 0`,
        fix: 'add a pool, or fold pools of one size into one',
      });
    }
    this.dependable = new Manifests(this, 'Default', {
      platform: props.platform,
      namespace: props.namespace ?? 'kueue-system',
      releaseName: 'training-queues',
      dependsOn: props.dependsOn,
      objects: [
        ...this.pools.map(flavor),
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
        resourceGroups: [this.resourceGroup(tenant)],
      },
    };
  }

  /** The quota, spread over the flavors that have the resource: each in the order of trying, as far as the pool goes. */
  private resourceGroup(tenant: ContractTenant): KubernetesObject {
    const gpuNames = [...new Set(this.pools.flatMap(({ gpu }) => Object.keys(gpu?.resources ?? {})))].sort();
    const resources = ['cpu', 'memory', ...gpuNames];
    const left: { [resource: string]: number } = { cpu: tenant.quota.cpu, memory: tenant.quota.memoryGib, ...tenant.quota.gpus };
    const flavors = this.pools.map((pool) => ({
      name: pool.name,
      resources: resources.map((name) => {
        const there =
          pool.maxCount * (name === 'cpu' ? pool.vcpus : name === 'memory' ? pool.memoryGib : (pool.gpu?.resources[name] ?? 0));
        const nominal = Math.max(0, Math.min(left[name] ?? 0, there));
        left[name] = (left[name] ?? 0) - nominal;
        return { name, nominalQuota: quantity(name, nominal), ...this.limits(tenant.name, name) };
      }),
    }));
    return { coveredResources: resources, flavors };
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
