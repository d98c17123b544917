import { byEnvironment } from '../model/order';
import type { Change, Review } from '../model/review';
import { escapeHtml } from '../report/diagram';
import { glance } from './glance';
import { REVIEW_SCRIPT, REVIEW_STYLE } from './html-assets';
import { changeGroups, changeMatrix, lateDetails } from './html-changes';
import { renderGraph } from './html-graph';
import { sideSections } from './html-sections';
import { listPieces } from './json';
import { shorten } from './markdown-text';
import { ACTION_WORDS, countersText, decisionText, pendingPlans, pendingText, unplannedText } from './words';

/** The review as one page: it opens from disk, sends nothing anywhere, and reads without script too. */
export function renderReviewHtml(review: Review): string {
  return [...reviewHtmlPieces(review)].join('');
}

/** The same, piece by piece. */
export function* reviewHtmlPieces(review: Review): Generator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(decisionText(review))}: infrastructure review</title>
<style>${REVIEW_STYLE}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the changes</a>
<header class="${review.verdict.decision}">
<h1>${escapeHtml(decisionText(review))}</h1>
<p class="counters">${escapeHtml(countersText(review))}</p>
${notices(review)}
${titles(review)}
</header>
<main>
${atAGlance(review)}
${reasons(review)}
${filters(review)}
<section id="changes" aria-labelledby="changes-title"><h2 id="changes-title">Changes <span class="count" id="shown">${review.changes.length}</span></h2>
<p id="status" role="status" class="status"></p>
`;
  const late = yield* changeGroups(review);
  yield `
${late.length > 0 ? `<noscript><p>The details of the last ${late.length} changes are shown by script only, or in review.json.</p></noscript>` : ''}</section>
${changeMatrix(review)}
${renderGraph(review.graph)}
${stacks(review)}
`;
  for (const section of sideSections(review)) yield `${section}\n`;
  yield `</main>
<script type="application/json" id="late">[`;
  for (const piece of listPieces(late, lateDetails)) yield inScript(piece);
  yield `]</script>
<script>${REVIEW_SCRIPT}</script>
</body>
</html>
`;
}

/** JSON that cannot end the element it stands in. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}

function notices(review: Review): string {
  const partial = review.inputs.filter((input) => input.partial).map((input) => input.stack);
  const synth = review.inputs.filter((input) => input.kind === 'synth').length;
  return [
    partial.length > 0
      ? `<p class="notice"><b>Not complete:</b> the plan of ${escapeHtml(partial.join(', '))} ended early. What is missing may still change.</p>`
      : '',
    synth > 0
      ? `<p class="notice">${synth} of ${review.inputs.length} stacks were compared without a plan: replacements there are estimates.</p>`
      : '',
    unplannedNotice(review),
    pendingNotice(review),
  ].join('');
}

const MOST_PENDING = 20;

/** Which stacks have no plan, and why. */
function unplannedNotice(review: Review): string {
  const items = review.inputs
    .filter((input) => input.unplanned)
    .map(({ stack }) => `<li><code>${escapeHtml(stack)}</code>: ${escapeHtml(unplannedText(stack, review))}</li>`);
  if (items.length === 0) return '';
  return `<div class="notice"><b>Not planned:</b> what these stacks will change is not known; their code is compared.<ul>${items.join('')}</ul></div>`;
}

/** Which plans will be out of date when their turn comes. */
function pendingNotice(review: Review): string {
  const pending = pendingPlans(review);
  if (pending.length === 0) return '';
  const items = pending
    .slice(0, MOST_PENDING)
    .map((one) => `<li><code>${escapeHtml(one.stack)}</code>: ${escapeHtml(pendingText(one))}</li>`);
  if (pending.length > MOST_PENDING) items.push(`<li>${pending.length - MOST_PENDING} more in review.json</li>`);
  return `<div class="notice"><b>Upstream pending:</b> these plans do not know yet what is applied before them.<ul>${items.join('')}</ul></div>`;
}

function titles(review: Review): string {
  if (review.titles.length === 0) return '';
  return `<ul class="titles">${review.titles.map((title) => `<li>${escapeHtml(title)}</li>`).join('')}</ul>`;
}

function atAGlance(review: Review): string {
  const rows = glance(review).map(({ question, count, items }) => {
    const told = items.map(
      ([what, why]) => `<div><code>${escapeHtml(shorten(what, 110))}</code> ${escapeHtml(shorten(why, 140))}</div>`,
    );
    const more = count > items.length ? `<div class="soft">and ${count - items.length} more</div>` : '';
    return `<tr${count > 0 ? ' class="told"' : ''}><th scope="row">${question}</th><td>${told.length === 0 ? '<span class="soft">nothing</span>' : told.join('') + more}</td></tr>`;
  });
  return `<section aria-label="At a glance"><table class="glance"><tbody>${rows.join('')}</tbody></table></section>`;
}

function reasons(review: Review): string {
  const { reasons: all } = review.verdict;
  if (all.length === 0) return '';
  const words = { block: 'Blocked', approve: 'Approval asked', allowed: 'Allowed' };
  const keys = [...new Set(all.map((one) => `${one.level} ${one.environment}`))];
  const rows = keys.map((key) => {
    const group = all.filter((one) => `${one.level} ${one.environment}` === key);
    const [first] = group;
    const triggers = group.map(
      (one) =>
        `<span title="${escapeHtml(one.examples.join('\n'))}">${escapeHtml(one.trigger)} × ${one.count}</span>${one.reason ? ` (${escapeHtml(one.reason)})` : ''}`,
    );
    return first
      ? `<li class="${first.level}"><b>${words[first.level]}</b> in ${escapeHtml(first.environment)}: ${triggers.join(', ')}</li>`
      : '';
  });
  return `<section aria-label="What the policy says"><ul class="reasons">${rows.join('')}</ul></section>`;
}

function stacks(review: Review): string {
  const rows = [...review.inputs]
    .sort((a, b) => byEnvironment(a.environment, b.environment) || (a.stack < b.stack ? -1 : 1))
    .map(({ stack, kind, unplanned, terraformVersion, counts }) => {
      const numbers = [
        counts.destroy,
        counts.replace,
        counts.forget,
        counts.disrupt,
        counts.update,
        counts.create,
        counts.move + counts.import,
      ];
      return `<tr><th scope="row"><code>${escapeHtml(stack)}</code></th><td>${unplanned ? 'code, not planned' : kind}${terraformVersion ? ` ${escapeHtml(terraformVersion)}` : ''}</td>${numbers.map((count) => `<td class="num">${count === 0 ? '·' : count}</td>`).join('')}</tr>`;
    });
  return `<section aria-labelledby="stacks-title"><h2 id="stacks-title">Stacks</h2><div class="scroll" tabindex="0" role="group" aria-label="Counts by stack"><table><thead><tr><th scope="col">stack</th><th scope="col">read from</th>${['destroy', 'replace', 'forget', 'disrupt', 'update', 'create', 'move or import'].map((head) => `<th scope="col" class="num">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function filters(review: Review): string {
  const all = [...review.changes, ...review.drift];
  const options = (values: string[], words?: { readonly [value: string]: string }) =>
    values.map((value) => `<option value="${escapeHtml(value)}">${escapeHtml(words?.[value] ?? value)}</option>`).join('');
  const present = (pick: (change: Change) => string) => [...new Set(all.map(pick))];
  const severities = present((change) => change.severity);
  return `<form class="filters" id="filters" role="search" aria-label="Filter changes">
<label>Environment <select name="environment"><option value="">all</option>${options(review.environments)}</select></label>
<label>Action <select name="action"><option value="">all</option>${options(
    present((change) => change.action),
    ACTION_WORDS,
  )}</select></label>
<label>Severity <select name="severity"><option value="">all</option>${options(['critical', 'high', 'medium', 'low', 'info'].filter((one) => severities.includes(one)))}</select></label>
<label>Search <input type="search" name="text" placeholder="path, type, address or value" autocomplete="off"></label>
<button type="reset">Clear</button> <button type="button" id="open-all">Open all shown</button>
</form>`;
}
