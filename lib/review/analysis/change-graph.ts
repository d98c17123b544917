import { compare, first } from '../model/order';
import type { Change, ChangeAction, ChangeGraph } from '../model/review';
import { type StackInput, withoutIndex } from '../plan/stack-input';

const MOST_NODES = 60;
const MOST_EDGES = 120;

/** A construct of a stack. */
interface Node {
  readonly stack: string;
  readonly path: string;
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
  const stacks = new Map(inputs.map((input) => [input.stack, new StackNodes(input)]));
  for (const change of changes) if (change.class !== 'noise') stacks.get(change.stack)?.addChange(change);
  for (const stack of stacks.values()) stack.eachReference(() => undefined);
  const all = [...stacks.values()].flatMap((stack) => stack.nodes());
  const kept = new Set(first(all, MOST_NODES, byWeight));
  const edges = new Map<string, Edge>();
  for (const stack of stacks.values()) {
    stack.eachReference((from, to) => {
      if (from !== to && kept.has(from) && kept.has(to)) {
        const edge = { from: idOf(from), to: idOf(to) };
        edges.set(`${edge.from} ${edge.to}`, edge);
      }
    });
  }
  return {
    nodes: [...kept].map((node) => ({ id: idOf(node), label: shortPath(node.path), stack: node.stack, action: node.action })),
    edges: [...edges.values()].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)).slice(0, MOST_EDGES),
    omittedNodes: all.length - kept.size,
  };
}

class StackNodes {
  private readonly byPath = new Map<string, Node>();
  /** Nodes of what changes, by address. */
  private readonly changed = new Map<string, Node>();

  constructor(private readonly input: StackInput) {}

  public nodes(): Node[] {
    return [...this.byPath.values()];
  }

  public addChange({ constructPath, address, action }: Change): void {
    const weight = WEIGHTS[action] ?? 0;
    const node = this.at(constructPath);
    if (node.weight < weight || node.action === 'none') {
      node.action = action;
      node.weight = weight;
    }
    this.changed.set(withoutIndex(address), node);
  }

  /** References from and to what changes; adds the other ends to the nodes. */
  public eachReference(tell: (from: Node, to: Node) => void): void {
    const { changed, input } = this;
    input.references.forEach((references, address) => {
      const own = changed.get(address);
      for (let index = 0; index < references.length; index += 1) {
        const reference = references[index] ?? '';
        const other = changed.get(reference);
        if (reference === address || !(own || other) || reference.startsWith('data.')) continue;
        tell(own ?? this.unchanged(address), other ?? this.unchanged(reference));
      }
    });
  }

  private unchanged(address: string): Node {
    return this.at(this.input.constructPaths.get(address) ?? address);
  }

  private at(path: string): Node {
    let node = this.byPath.get(path);
    if (!node) {
      node = { stack: this.input.stack, path, action: 'none', weight: 0 };
      this.byPath.set(path, node);
    }
    return node;
  }
}

function byWeight(a: Node, b: Node): number {
  return b.weight - a.weight || (a.stack === b.stack ? compare(a.path, b.path) : compare(idOf(a), idOf(b)));
}

function idOf({ stack, path }: Node): string {
  return `${stack}/${path}`;
}

/** The path below the stack. */
function shortPath(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(slash + 1);
}
