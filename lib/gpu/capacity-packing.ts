import type { PodNeed } from './capacity-match';
import type { NodeRoom } from './capacity-node';

/** A pool as packing sees it. */
export interface Bin {
  readonly room: NodeRoom;
  readonly maxNodes: number;
  /** What decides between pools that both fit; the lower, the sooner. */
  readonly rank: number;
}

/** Pods of one kind. */
export interface Item {
  readonly need: PodNeed;
  readonly pods: number;
  /** Indexes of the bins whose empty node takes a pod. */
  readonly bins: readonly number[];
}

/** Pods of an item on the nodes of a bin. */
export interface Placement {
  readonly item: number;
  readonly bin: number;
  readonly pods: number;
}

/** What came of packing. */
export interface Packing {
  readonly placements: Placement[];
  /** Pods without a place, by the index of their item. */
  readonly unplaced: ReadonlyMap<number, number>;
  readonly nodes: Node[];
  /** Whether it is proved that no packing places all. */
  readonly impossible: boolean;
}

/** A node with what is left on it. */
export interface Node {
  readonly bin: number;
  milliCpu: number;
  mib: number;
  pods: number;
  readonly resources: { [name: string]: number };
}

const SEARCH_PODS = 24;
const SEARCH_STEPS = 60_000;
const RETRIES = 6;

/**
 * Places all pods, or says what is left over. First fit by decreasing size in several orders, then, for few pods, a search
 * through all packings. A packing that places all is a proof; `impossible` is one too.
 */
export function pack(items: readonly Item[], bins: readonly Bin[], taken: readonly Node[] = []): Packing {
  let order = hardestFirst(items, bins);
  let best = greedy(items, bins, order, taken);
  for (let retry = 0; retry < RETRIES && best.unplaced.size > 0; retry += 1) {
    // What was left over goes first next time.
    const left = new Set(best.unplaced.keys());
    const next = [...order.filter((index) => left.has(index)), ...order.filter((index) => !left.has(index))];
    if (next.every((index, position) => index === order[position])) break;
    order = next;
    const tried = greedy(items, bins, order, taken);
    if (count(tried.unplaced) < count(best.unplaced)) best = tried;
  }
  if (best.unplaced.size === 0) return best;
  if (taken.length === 0 && overfull(items, bins)) return { ...best, impossible: true };
  const pods = items.reduce((sum, item) => sum + item.pods, 0);
  return taken.length === 0 && pods <= SEARCH_PODS ? search(items, bins, order, best) : best;
}

function count(unplaced: ReadonlyMap<number, number>): number {
  return [...unplaced.values()].reduce((sum, pods) => sum + pods, 0);
}

/** Indexes of the items, the hardest to place first: few pools, then GPUs, then size. */
function hardestFirst(items: readonly Item[], bins: readonly Bin[]): number[] {
  const shares = items.map((item) => share(item, bins));
  const gpus = items.map(({ need }) => Number(need.resource !== undefined));
  const of = (numbers: readonly number[], index: number) => numbers[index] ?? 0;
  return items
    .map((_, index) => index)
    .sort(
      (a, b) =>
        (items[a] as Item).bins.length - (items[b] as Item).bins.length ||
        of(gpus, b) - of(gpus, a) ||
        of(shares, b) - of(shares, a) ||
        a - b,
    );
}

/** The largest part of an empty node that one pod takes, on the pool where it takes least. */
function share({ need, bins: candidates }: Item, bins: readonly Bin[]): number {
  const shares = candidates.map((index) => {
    const { room } = bins[index] as Bin;
    const resource = need.resource === undefined ? 0 : need.count / (room.resources[need.resource] ?? 1);
    return Math.max(need.milliCpu / room.milliCpu, need.mib / room.mib, resource);
  });
  return shares.length > 0 ? Math.min(...shares) : Number.POSITIVE_INFINITY;
}

function emptyNode(bins: readonly Bin[], bin: number): Node {
  const { room } = bins[bin] as Bin;
  return { bin, milliCpu: room.milliCpu, mib: room.mib, pods: room.pods, resources: { ...room.resources } };
}

/** How many pods of a need a node still takes. */
export function podsThatFit(node: Node, need: PodNeed): number {
  if (node.milliCpu < need.milliCpu || node.mib < need.mib) return 0; // most nodes, most of the time
  return Math.min(
    node.pods,
    need.milliCpu > 0 ? Math.floor(node.milliCpu / need.milliCpu) : node.pods,
    need.mib > 0 ? Math.floor(node.mib / need.mib) : node.pods,
    need.resource === undefined ? node.pods : Math.floor((node.resources[need.resource] ?? 0) / need.count),
  );
}

function take(node: Node, need: PodNeed, pods: number): void {
  node.milliCpu -= need.milliCpu * pods;
  node.mib -= need.mib * pods;
  node.pods -= pods;
  if (need.resource !== undefined) node.resources[need.resource] = (node.resources[need.resource] ?? 0) - need.count * pods;
}

function greedy(items: readonly Item[], bins: readonly Bin[], order: readonly number[], taken: readonly Node[]): Packing {
  const nodesOf: Node[][] = bins.map(() => []);
  for (const node of taken) nodesOf[node.bin]?.push({ ...node, resources: { ...node.resources } });
  const placements: Placement[] = [];
  const unplaced = new Map<number, number>();
  for (const index of order) {
    const item = items[index] as Item;
    let left = item.pods;
    const candidates = [...item.bins].sort((a, b) => (bins[a] as Bin).rank - (bins[b] as Bin).rank || a - b);
    const put = (node: Node) => {
      const pods = Math.min(left, podsThatFit(node, item.need));
      if (pods <= 0) return;
      take(node, item.need, pods);
      left -= pods;
      placements.push({ item: index, bin: node.bin, pods });
    };
    for (const bin of candidates) {
      for (const node of nodesOf[bin] as Node[]) {
        if (left === 0) break;
        put(node);
      }
    }
    for (const bin of candidates) {
      const nodes = nodesOf[bin] as Node[];
      while (left > 0 && nodes.length < (bins[bin] as Bin).maxNodes) {
        const node = emptyNode(bins, bin);
        if (podsThatFit(node, item.need) <= 0) break;
        nodes.push(node);
        put(node);
      }
    }
    if (left > 0) unplaced.set(index, left);
  }
  return { placements, unplaced, nodes: nodesOf.flat(), impossible: false };
}

/** Whether some pods together need more than all the pools that could take them have: then no packing exists. */
function overfull(items: readonly Item[], bins: readonly Bin[]): boolean {
  const sets = new Map(items.map((item) => [item.bins.join(), item.bins]));
  return [...sets.values()].some((set) => {
    const members = new Set(set);
    const inside = items.filter((item) => item.bins.every((bin) => members.has(bin)));
    const total = (measure: (item: Item) => number) => inside.reduce((sum, item) => sum + item.pods * measure(item), 0);
    const room = (measure: (bin: Bin) => number) =>
      set.reduce((sum, bin) => sum + (bins[bin] as Bin).maxNodes * measure(bins[bin] as Bin), 0);
    const names = new Set(inside.flatMap((item) => item.need.resource ?? []));
    return (
      total(({ need }) => need.milliCpu) > room((bin) => bin.room.milliCpu) ||
      total(({ need }) => need.mib) > room((bin) => bin.room.mib) ||
      total(() => 1) > room((bin) => bin.room.pods) ||
      [...names].some(
        (name) => total(({ need }) => (need.resource === name ? need.count : 0)) > room((bin) => bin.room.resources[name] ?? 0),
      ) ||
      inside.some((item) => item.pods > item.bins.reduce((sum, bin) => sum + mostOf(item, bins, bin), 0))
    );
  });
}

/** Pods of an item that a pool takes when it holds nothing else. */
function mostOf(item: Item, bins: readonly Bin[], bin: number): number {
  return (bins[bin] as Bin).maxNodes * podsThatFit(emptyNode(bins, bin), item.need);
}

/** Tries all packings, pod by pod; nodes that look alike count once. */
function search(items: readonly Item[], bins: readonly Bin[], order: readonly number[], fallback: Packing): Packing {
  const pods = order.flatMap((index) => Array.from({ length: (items[index] as Item).pods }, () => index));
  const nodes: Node[] = [];
  const opened = bins.map(() => 0);
  const where: number[] = [];
  let steps = 0;
  const place = (position: number): boolean => {
    const index = pods[position];
    if (index === undefined) return true;
    steps += 1;
    if (steps > SEARCH_STEPS) return false;
    const item = items[index] as Item;
    const seen = new Set<string>();
    const attempt = (node: Node): boolean => {
      if (podsThatFit(node, item.need) < 1) return false;
      const key = JSON.stringify(node);
      if (seen.has(key)) return false;
      seen.add(key);
      take(node, item.need, 1);
      where.push(node.bin);
      if (place(position + 1)) return true;
      where.pop();
      take(node, item.need, -1);
      return false;
    };
    // A copy: deeper levels open nodes of their own and close them again.
    for (const node of [...nodes]) if (item.bins.includes(node.bin) && attempt(node)) return true;
    for (const bin of item.bins) {
      if ((opened[bin] ?? 0) >= (bins[bin] as Bin).maxNodes) continue;
      const node = emptyNode(bins, bin);
      nodes.push(node);
      opened[bin] = (opened[bin] ?? 0) + 1;
      if (attempt(node)) return true;
      nodes.pop();
      opened[bin] = (opened[bin] ?? 0) - 1;
    }
    return false;
  };
  if (!place(0)) return { ...fallback, impossible: steps <= SEARCH_STEPS };
  const placements = where.map((bin, position) => ({ item: pods[position] as number, bin, pods: 1 }));
  return { placements, unplaced: new Map(), nodes, impossible: false };
}
