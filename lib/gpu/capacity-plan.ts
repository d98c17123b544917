import { ConfigurationError } from '../core/configuration-error';
import { checkInput, noPlaceFinding, quotaFindings, tooFullFinding } from './capacity-findings';
import { mismatch, needOf, type PodNeed, type PoolMismatch } from './capacity-match';
import {
  type CapacityFinding,
  type CapacityInput,
  type CapacityPool,
  CapacitySeverity,
  type CapacityWorkload,
  type PoolUse,
  type VcpuUse,
} from './capacity-model';
import { type NodeRoom, roomOf } from './capacity-node';
import { type Bin, type Item, type Node, type Packing, pack, podsThatFit } from './capacity-packing';
import { vcpuFindings, vcpuUse } from './capacity-vcpu';
import { VmPrice } from './vm-price';

/** A workload with the pools that can take it. */
interface Asked {
  readonly workload: CapacityWorkload;
  readonly need: PodNeed;
  readonly bins: number[];
  readonly mismatches: PoolMismatch[];
}

/**
 * Whether everything that must run at once fits on the pools at their largest: worked out at synth, from a contract alone.
 *
 * `fits` is a promise: the plan holds a node for every pod. The reverse is told apart: an error is proved, `UNSURE` is not.
 * Pure: the same input gives the same plan.
 */
export class CapacityPlan {
  /**
   * Makes the plan.
   * @throws when a number of the input makes no sense
   */
  public static of(input: CapacityInput): CapacityPlan {
    checkInput(input);
    return new CapacityPlan(input);
  }

  /** Whether all that must run has a node, inside all quotas. */
  public readonly fits: boolean;
  public readonly findings: CapacityFinding[];
  /** A row for each pool, in the order given. */
  public readonly pools: PoolUse[];
  /** A row for each quota family of the subscription. */
  public readonly vcpus: VcpuUse[];
  /** USD a month by list price with all pools at `minCount`; spot at its most. Pools without a price are left out. */
  public readonly monthlyCostMin: number;
  /** The same at `maxCount`. */
  public readonly monthlyCostMax: number;
  /** Pools whose price is not known. */
  public readonly poolsWithoutPrice: string[];

  private constructor(input: CapacityInput) {
    const bins = input.pools.map((pool) => binOf(pool, input));
    const rooms = bins.map(({ room }) => room);
    const asked = input.workloads.map((workload) => askedOf(workload, input.pools, rooms));
    const homeless = asked.filter(({ bins: candidates, workload }) => candidates.length === 0 && mostPods(workload) > 0);
    const placeable = asked.filter(({ bins: candidates }) => candidates.length > 0);
    const now = placeable.filter(({ workload }) => !workload.waits && workload.replicas > 0);
    const packing = pack(now.map(itemOf), bins);
    this.pools = input.pools.map((pool, index) => poolUse(pool, index, input, bins, packing, now));
    this.vcpus = vcpuUse(input.pools, input.vcpuQuotas);
    this.findings = [
      ...homeless.map(({ workload, mismatches }) => noPlaceFinding(workload, input.pools, mismatches)),
      ...leftovers(packing, now, input.pools, bins),
      ...quotaFindings(input),
      ...vcpuFindings(this.vcpus, this.pools, input.pools),
      ...later(packing, placeable, input.pools, bins),
    ];
    this.fits = this.findings.every(({ severity }) => severity === CapacitySeverity.NOTE);
    this.monthlyCostMin = sum(this.pools.map(({ monthlyCostMin }) => monthlyCostMin ?? 0));
    this.monthlyCostMax = sum(this.pools.map(({ monthlyCostMax }) => monthlyCostMax ?? 0));
    this.poolsWithoutPrice =
      input.region === undefined ? [] : this.pools.filter((pool) => pool.monthlyCostMax === undefined).map(({ pool }) => pool);
  }

  /** What can never run, as messages for a construct validation. */
  public get errors(): string[] {
    return this.findings.filter(({ severity }) => severity === CapacitySeverity.ERROR).map(findingText);
  }

  /** What has to wait or could not be proved, as messages for a report. */
  public get notes(): string[] {
    return this.findings.filter(({ severity }) => severity !== CapacitySeverity.ERROR).map(findingText);
  }
}

function findingText({ subject, what, got, allowed, fix }: CapacityFinding): string {
  return ConfigurationError.message(subject, { what, got, allowed, fix });
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mostPods({ replicas, maxReplicas }: CapacityWorkload): number {
  return Math.max(replicas, maxReplicas ?? replicas);
}

function binOf(pool: CapacityPool, { region, overhead }: CapacityInput): Bin {
  const price = (region === undefined ? undefined : VmPrice.hourly(pool.vmSize, region)) ?? pool.vcpus / 20;
  return { room: roomOf(pool, overhead), maxNodes: pool.maxCount, rank: pool.spot ? price / 3 : price };
}

function askedOf(workload: CapacityWorkload, pools: CapacityPool[], rooms: NodeRoom[]): Asked {
  const need = needOf(workload);
  const bins: number[] = [];
  const mismatches: PoolMismatch[] = [];
  // A loop: a thousand workloads meet fifty pools here.
  for (let index = 0; index < pools.length; index += 1) {
    const pool = pools[index] as CapacityPool;
    const found = mismatch(workload, need, pool, rooms[index] as NodeRoom);
    if (found) mismatches.push(found);
    else if (pool.maxCount > 0) bins.push(index);
  }
  return { workload, need, bins, mismatches };
}

function itemOf({ need, bins, workload }: Asked): Item {
  return { need, bins, pods: workload.replicas };
}

function leftovers(packing: Packing, asked: Asked[], pools: CapacityPool[], bins: Bin[]): CapacityFinding[] {
  return [...packing.unplaced].map(([index, left]) => {
    const item = asked[index] as Asked;
    return tooFullFinding({
      workload: item.workload,
      left,
      severity: packing.impossible ? CapacitySeverity.ERROR : CapacitySeverity.UNSURE,
      pools: item.bins.map((bin) => pools[bin] as CapacityPool),
      podsPerNode: item.bins.map((bin) => podsThatFit(emptyNode(bins, bin), item.need)),
    });
  });
}

/** What finds room on top of all that must run: queued work, and growth to the most replicas. */
function later(packing: Packing, asked: Asked[], pools: CapacityPool[], bins: Bin[]): CapacityFinding[] {
  if (packing.unplaced.size > 0) return [];
  return asked.flatMap((item) => {
    const { workload } = item;
    const queued = workload.waits ?? false;
    const pods = queued ? workload.replicas : mostPods(workload) - workload.replicas;
    if (pods <= 0) return [];
    const alone = queued ? pack([{ ...itemOf(item), pods }], bins) : undefined;
    const onTop = pack([{ ...itemOf(item), pods }], bins, packing.nodes);
    const left = (alone ?? onTop).unplaced.get(0) ?? onTop.unplaced.get(0);
    if (left === undefined) return [];
    return [
      tooFullFinding({
        workload,
        left: alone?.unplaced.get(0) ?? left,
        severity: alone && alone.unplaced.size > 0 && alone.impossible ? CapacitySeverity.ERROR : CapacitySeverity.NOTE,
        pools: item.bins.map((bin) => pools[bin] as CapacityPool),
        podsPerNode: item.bins.map((bin) => podsThatFit(emptyNode(bins, bin), item.need)),
      }),
    ];
  });
}

function emptyNode(bins: Bin[], bin: number): Node {
  const { room } = bins[bin] as Bin;
  return { bin, milliCpu: room.milliCpu, mib: room.mib, pods: room.pods, resources: { ...room.resources } };
}

function poolUse(
  pool: CapacityPool,
  index: number,
  input: CapacityInput,
  bins: Bin[],
  packing: Packing,
  asked: Asked[],
): PoolUse {
  const placements = packing.placements.filter(({ bin }) => bin === index);
  const used = packing.nodes.filter(({ bin }) => bin === index);
  const { room } = bins[index] as Bin;
  const unopened = pool.maxCount - used.length;
  const pods = new Map<string, number>();
  for (const { item, pods: more } of placements) {
    const { name } = (asked[item] as Asked).workload;
    pods.set(name, (pods.get(name) ?? 0) + more);
  }
  const monthly = input.region === undefined ? undefined : VmPrice.monthly(pool.vmSize, input.region);
  return {
    pool: pool.name,
    vmSize: pool.vmSize,
    spot: pool.spot,
    sharing: pool.gpu?.sharing ?? 'none',
    minCount: pool.minCount,
    maxCount: pool.maxCount,
    ...(pool.gpu ? { gpuModel: pool.gpu.model } : {}),
    gpusAtMin: (pool.gpu?.count ?? 0) * pool.minCount,
    gpusAtMax: (pool.gpu?.count ?? 0) * pool.maxCount,
    nodesUsed: used.length,
    placed: [...pods].map(([workload, count]) => ({ workload, pods: count })),
    resourcesLeft: Object.fromEntries(
      Object.entries(room.resources).map(([name, count]) => [
        name,
        unopened * count + sum(used.map((node) => node.resources[name] ?? 0)),
      ]),
    ),
    cpuLeft: (unopened * room.milliCpu + sum(used.map((node) => node.milliCpu))) / 1000,
    memoryGibLeft: (unopened * room.mib + sum(used.map((node) => node.mib))) / 1024,
    ...(monthly === undefined ? {} : { monthlyCostMin: monthly * pool.minCount, monthlyCostMax: monthly * pool.maxCount }),
  };
}
