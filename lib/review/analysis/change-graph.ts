import { compare } from '../model/order';
import type { Change, ChangeAction, ChangeGraph } from '../model/review';
import { type StackInput, withoutIndex } from '../plan/stack-input';

const MOST_NODES = 60;
const MOST_EDGES = 120;

interface Node {
  readonly id: string;
  readonly label: string;
  readonly stack: string;
  action: ChangeAction | 'none';
  weight: number;
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

const WEIGHTS: { readonly [action: string]: number } = {
  destroy: 9,
  replace: 8,
  forget: 7,
  unknown: 7,
  disrupt: 6,
  update: 4,
  create: 3,
  import: 2,
  move: 1,
};

/** Changed resources by construct, and one step to what they refer to and what refers to them. */
export function changeGraph(changes: readonly Change[], inputs: readonly StackInput[]): ChangeGraph {
  const nodes = new Map<string, Node>();
  const byStack = new Map(inputs.map((input) => [input.stack, new Map<string, string>()]));
  for (const change of changes) {
    if (change.class === 'noise') continue;
    const id = `${change.stack}/${change.constructPath}`;
    byStack.get(change.stack)?.set(withoutIndex(change.address), id);
    const weight = WEIGHTS[change.action] ?? 0;
    const known = nodes.get(id);
    if (!known) nodes.set(id, { id, label: shortPath(change.constructPath), stack: change.stack, action: change.action, weight });
    else if (weight > known.weight) Object.assign(known, { action: change.action, weight });
  }
  const edges = inputs.flatMap((input) => edgesOf(input, byStack.get(input.stack) ?? new Map<string, string>(), nodes));
  const kept = [...nodes.values()].sort((a, b) => b.weight - a.weight || compare(a.id, b.id)).slice(0, MOST_NODES);
  const ids = new Set(kept.map((node) => node.id));
  const among = edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  const shown = [...new Map(among.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()]
    .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to))
    .slice(0, MOST_EDGES);
  return {
    nodes: kept.map(({ id, label, stack, action }) => ({ id, label, stack, action })),
    edges: shown,
    omittedNodes: nodes.size - kept.length,
  };
}

/** References from and to what changes; adds the other ends to the nodes. */
function edgesOf(
  { stack, constructPaths, references: all }: StackInput,
  changed: ReadonlyMap<string, string>,
  nodes: Map<string, Node>,
): Edge[] {
  const edges: Edge[] = [];
  const nodeOf = (address: string, path = constructPaths.get(address) ?? address) => {
    const id = changed.get(address) ?? `${stack}/${path}`;
    if (!nodes.has(id)) nodes.set(id, { id, label: shortPath(path), stack, action: 'none', weight: 0 });
    return id;
  };
  const add = (address: string, references: readonly string[]) => {
    const isChanged = changed.has(address);
    for (const reference of references) {
      if (reference === address || !(isChanged || changed.has(reference)) || reference.startsWith('data.')) continue;
      const edge = { from: nodeOf(address), to: nodeOf(reference) };
      if (edge.from !== edge.to) edges.push(edge);
    }
  };
  for (const [address, references] of all) add(address, references);
  return edges;
}

/** The path below the stack. */
function shortPath(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(slash + 1);
}
