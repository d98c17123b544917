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
  const nodeOfAddress = new Map<string, string>();
  for (const change of changes) {
    if (change.class === 'noise') continue;
    const id = `${change.stack}/${change.constructPath}`;
    nodeOfAddress.set(`${change.stack} ${withoutIndex(change.address)}`, id);
    const weight = WEIGHTS[change.action] ?? 0;
    const known = nodes.get(id);
    if (!known) nodes.set(id, { id, label: labelOf(change), stack: change.stack, action: change.action, weight });
    else if (weight > known.weight) Object.assign(known, { action: change.action, weight });
  }
  const edges = new Map<string, { from: string; to: string }>();
  for (const input of inputs) {
    const constructOf = (address: string) => {
      const changed = nodeOfAddress.get(`${input.stack} ${address}`);
      return changed ?? `${input.stack}/${input.constructPaths.get(address) ?? address}`;
    };
    for (const [address, references] of input.references) {
      for (const reference of references) {
        const changed = nodeOfAddress.has(`${input.stack} ${address}`) || nodeOfAddress.has(`${input.stack} ${reference}`);
        const [from, to] = [constructOf(address), constructOf(reference)];
        if (!changed || from === to || reference.startsWith('data.')) continue;
        for (const [id, at] of [
          [from, address],
          [to, reference],
        ] as const) {
          if (!nodes.has(id))
            nodes.set(id, {
              id,
              label: shortPath(input.constructPaths.get(at) ?? at),
              stack: input.stack,
              action: 'none',
              weight: 0,
            });
        }
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

function labelOf(change: Change): string {
  return shortPath(change.constructPath);
}

/** The path below the stack. */
function shortPath(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(slash + 1);
}
