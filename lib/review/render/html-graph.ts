import type { ChangeGraph } from '../model/review';
import { escapeHtml } from '../report/diagram';
import { depths } from '../report/layers';

const BOX = { width: 250, height: 46, gapX: 70, gapY: 14, margin: 10 };

/** What changes and what it touches, as inline SVG: to the right what others build on. */
export function renderGraph(graph: ChangeGraph): string {
  if (graph.nodes.length < 2 || graph.edges.length === 0) return '';
  const needs = new Map(
    graph.nodes.map((node) => [node.id, graph.edges.filter((edge) => edge.from === node.id).map((edge) => edge.to)]),
  );
  const depth = depths(needs);
  const deepest = Math.max(...depth.values());
  const columns = new Map<number, string[]>();
  for (const node of graph.nodes) {
    const column = deepest - (depth.get(node.id) ?? 0);
    columns.set(column, [...(columns.get(column) ?? []), node.id]);
  }
  const place = (id: string) => {
    const column = deepest - (depth.get(id) ?? 0);
    const row = columns.get(column)?.indexOf(id) ?? 0;
    return { x: BOX.margin + column * (BOX.width + BOX.gapX), y: BOX.margin + row * (BOX.height + BOX.gapY) };
  };
  const width = BOX.margin * 2 + (deepest + 1) * (BOX.width + BOX.gapX) - BOX.gapX;
  const height = BOX.margin * 2 + Math.max(...[...columns.values()].map((ids) => ids.length)) * (BOX.height + BOX.gapY);
  const boxes = graph.nodes.map((node) => {
    const { x, y } = place(node.id);
    const action = node.action === 'none' ? 'unchanged' : node.action;
    return `<g class="node ${node.action}"><title>${escapeHtml(`${node.stack} ${node.label}: ${action}`)}</title><rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/><text x="${x + 10}" y="${y + 19}">${escapeHtml(tail(node.label, 34))}</text><text class="soft" x="${x + 10}" y="${y + 36}">${escapeHtml(`${action}, ${tail(node.stack, 26)}`)}</text></g>`;
  });
  const arrows = graph.edges.map((edge) => {
    const [from, to] = [place(edge.from), place(edge.to)];
    const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 };
    const end = { x: to.x - 2, y: to.y + BOX.height / 2 };
    const middle = (start.x + end.x) / 2;
    return `<path class="arrow" d="M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}" marker-end="url(#tip)"/>`;
  });
  const more = graph.omittedNodes > 0 ? `<p class="soft">${graph.omittedNodes} more are not drawn.</p>` : '';
  return `<section aria-labelledby="graph-title"><h2 id="graph-title">What changes, and what it touches</h2><div class="scroll" tabindex="0" role="group" aria-label="Diagram of the changes"><svg viewBox="0 0 ${width} ${height}" style="width:${width}px" role="img" aria-label="${graph.nodes.filter((node) => node.action !== 'none').length} changed constructs and what they refer to" xmlns="http://www.w3.org/2000/svg"><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>${arrows.join('')}${boxes.join('')}</svg></div>${more}</section>`;
}

/** The end of a path tells more than its start. */
function tail(text: string, most: number): string {
  return text.length > most ? `…${text.slice(text.length - most + 1)}` : text;
}
