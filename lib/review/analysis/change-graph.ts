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
  const edges = new Map<string, { from: string; to: string }>();
  for (const input of inputs) {
    const { stack, constructPaths } = input;
    const changed = byStack.get(stack) ?? new Map<string, string>();
    const idOf = (address: string) => changed.get(address) ?? `${stack}/${constructPaths.get(address) ?? address}`;
    const neighbour = (id: string, address: string) => {
      if (nodes.has(id)) return;
      nodes.set(id, { id, label: shortPath(constructPaths.get(address) ?? address), stack, action: 'none', weight: 0 });
    };
    for (const [address, references] of input.references) {
      const isChanged = changed.has(address);
      for (const reference of references) {
        if (!(isChanged || changed.has(reference)) || reference.startsWith('data.')) continue;
        const [from, to] = [idOf(address), idOf(reference)];
        if (from === to) continue;
        neighbour(from, address);
        neighbour(to, reference);
        edges.set(`${from} ${to}`, { from, to });
      }
    }
  }
  const kept = [...nodes.values()].sort((a, b) => b.weight - a.weight || compare(a.id, b.id)).slice(0, MOST_NODES);
  const ids = new Set(kept.map((node) => node.id));
  const shown = [...edges.values()]
    .filter((edge) => ids.has(edge.from) && ids.has(edge.to))
    .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to))
    .slice(0, MOST_EDGES);
  return {
    nodes: kept.map(({ id, label, stack, action }) => ({ id, label, stack, action })),
    edges: shown,
    omittedNodes: nodes.size - kept.length,
  };
}

/** The path below the stack. */
function shortPath(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(slash + 1);
}
