import { compareEnvironments, depths } from './layers';
import type { Report, ReportStack } from './report';

const BOX = { width: 190, height: 64, gapX: 70, gapY: 30, left: 120, top: 40 };

/** The stacks as an SVG: environments as rows, layers as columns in the order of deployment, arrows from a stack to what it needs. */
export function renderDiagram(report: Report): string {
  const dependencies = new Map(report.stacks.map((stack) => [stack.name, stack.dependencies]));
  const depth = depths(dependencies);
  const layers = [...new Set(report.stacks.map((stack) => stack.layer))].sort((a, b) => {
    const depthOf = (layer: string) =>
      Math.min(...report.stacks.filter((s) => s.layer === layer).map((s) => depth.get(s.name) ?? 0));
    return depthOf(a) - depthOf(b) || (a < b ? -1 : 1);
  });
  const rows = [...new Set(report.stacks.map((stack) => stack.environment))].sort(compareEnvironments);
  const place = (stack: ReportStack) => ({
    x: BOX.left + layers.indexOf(stack.layer) * (BOX.width + BOX.gapX),
    y: BOX.top + rows.indexOf(stack.environment) * (BOX.height + BOX.gapY),
  });
  const width = BOX.left + layers.length * (BOX.width + BOX.gapX);
  const height = BOX.top + rows.length * (BOX.height + BOX.gapY);
  const arrows = report.stacks.flatMap((stack) =>
    stack.dependencies.flatMap((name) => {
      const target = report.stacks.find((other) => other.name === name);
      return target ? [arrow(place(target), place(stack), `${stack.name} needs ${name}`)] : [];
    }),
  );
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Stacks by environment and layer" xmlns="http://www.w3.org/2000/svg">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>',
    ...layers.map(
      (layer, i) =>
        `<text class="axis" x="${BOX.left + i * (BOX.width + BOX.gapX) + BOX.width / 2}" y="24" text-anchor="middle">${escapeHtml(layer)}</text>`,
    ),
    ...rows.map(
      (row, i) =>
        `<text class="axis" x="8" y="${BOX.top + i * (BOX.height + BOX.gapY) + BOX.height / 2 + 5}">${escapeHtml(row)}</text>`,
    ),
    ...arrows,
    ...report.stacks.map((stack) => box(stack, place(stack))),
    '</svg>',
  ].join('\n');
}

function box(stack: ReportStack, at: { x: number; y: number }): string {
  const { error, warning } = stack.findings;
  const state = error > 0 ? 'error' : warning > 0 ? 'warning' : 'clean';
  const verdict = error + warning === 0 ? 'no findings' : `${error} errors, ${warning} warnings`;
  return [
    `<g class="box ${state}"><rect x="${at.x}" y="${at.y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>`,
    `<text x="${at.x + 12}" y="${at.y + 25}" class="name">${escapeHtml(shorten(stack.name, 24))}</text>`,
    `<text x="${at.x + 12}" y="${at.y + 46}" class="detail">${stack.resources} resources, ${verdict}</text></g>`,
  ].join('');
}

function arrow(from: { x: number; y: number }, to: { x: number; y: number }, title: string): string {
  const forward = to.x > from.x;
  const start = forward
    ? { x: from.x + BOX.width, y: from.y + BOX.height / 2 }
    : { x: from.x + BOX.width / 2, y: from.y + BOX.height };
  const end = forward ? { x: to.x - 2, y: to.y + BOX.height / 2 } : { x: to.x + BOX.width / 2, y: to.y - 2 };
  const middle = (start.x + end.x) / 2;
  const path = forward
    ? `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`
    : `M${start.x} ${start.y}L${end.x} ${end.y}`;
  return `<path class="arrow" d="${path}" marker-end="url(#tip)"><title>${escapeHtml(title)}</title></path>`;
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&#38;',
  '<': '&#60;',
  '>': '&#62;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Most texts hold none of them, and to ask is cheaper than to replace nothing. */
const NEEDS_ESCAPE = /[&<>"']/;

export function escapeHtml(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
