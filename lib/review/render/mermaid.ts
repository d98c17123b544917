import type { ChangeGraph } from '../model/review';
import { shorten } from './markdown-text';

const MOST_NODES = 24;

/** The changed parts as a Mermaid flow chart; undefined where there are too many, or too few, to be worth a picture. */
export function renderMermaid(graph: ChangeGraph): string[] | undefined {
  const changed = graph.nodes.filter((node) => node.action !== 'none');
  const near = graph.nodes.filter((node) => node.action === 'none').slice(0, Math.max(0, MOST_NODES - changed.length));
  const nodes = [...changed, ...near];
  if (changed.length < 2 || changed.length > MOST_NODES || graph.omittedNodes > 0 || graph.edges.length === 0) return undefined;
  const names = new Map(nodes.map((node, index) => [node.id, `n${index + 1}`]));
  const stacks = [...new Set(nodes.map((node) => node.stack))].sort();
  return [
    'flowchart LR',
    ...stacks.flatMap((stack, index) => [
      `  subgraph s${index + 1}["${label(stack)}"]`,
      ...nodes
        .filter((node) => node.stack === stack)
        .map((node) => `    ${names.get(node.id)}["${label(node.label)}"]${node.action === 'none' ? '' : `:::${node.action}`}`),
      '  end',
    ]),
    ...graph.edges.flatMap(({ from, to }) => {
      const [left, right] = [names.get(from), names.get(to)];
      return left && right ? [`  ${left} --> ${right}`] : [];
    }),
    '  classDef destroy stroke:#cf222e,stroke-width:3px',
    '  classDef replace stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 3',
    '  classDef forget stroke:#cf222e,stroke-dasharray:2 2',
    '  classDef unknown stroke:#cf222e,stroke-dasharray:2 2',
    '  classDef disrupt stroke:#bc4c00,stroke-width:3px',
    '  classDef update stroke:#9a6700,stroke-width:2px',
    '  classDef create stroke:#1a7f37,stroke-width:2px',
    '  classDef import stroke:#1a7f37,stroke-dasharray:6 3',
    '  classDef move stroke:#57606a,stroke-dasharray:6 3',
  ];
}

/** Text that cannot end a label or become markup. */
function label(text: string): string {
  return (
    shorten(text, 48)
      .replace(/[^\p{L}\p{N} ./:_…-]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim() || '-'
  );
}
