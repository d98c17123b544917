import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { writePieces } from '../../lib/review/commands/write-pieces';
import schema from '../../lib/review/model/review.schema.json';
import { renderReviewHtml } from '../../lib/review/render/html';
import { renderReviewJson, reviewJsonPieces } from '../../lib/review/render/json';
import { COMMENT_LIMITS, renderMarkdown } from '../../lib/review/render/markdown';
import { sizeOf } from '../../lib/review/render/markdown-text';
import { renderReviewSarif } from '../../lib/review/render/sarif';
import { renderReviewTable } from '../../lib/review/render/table';
import { sarifProblems } from '../helpers/sarif';
import { azure, change, golden, planOf, reviewOf, reviewOfAzure, reviewOfGolden, run } from './review-helpers';

const folder = mkdtempSync(join(tmpdir(), 'review-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, json: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
}

function reviewOfPlan(name: string, changes: object[], rest: object = {}, stack = 'prod-foundation') {
  return reviewOf({ plans: [{ stack, file: file(`${name}.json`, planOf(changes, rest)) }] });
}

const many = (count: number, type: string, action: string[]) =>
  Array.from({ length: count }, (_, index) => {
    const body = { name: `name-${index}`, location: 'westeurope', size: 'x'.repeat(40) };
    return change(`${type}.r${index}`, action, action.includes('delete') ? body : null, action.includes('create') ? body : null);
  });

describe('JSON', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

  test.each(['create', 'update-and-replace', 'node-pool-rotation', 'drift'])('fits its schema: %s of azurerm', (name) => {
    validate(JSON.parse(JSON.stringify(reviewOfAzure(name))));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(readdirSync(join(golden('x'), '..')).filter((name) => name !== 'errored.json'))('fits its schema: %s', (name) => {
    validate(JSON.parse(JSON.stringify(reviewOfGolden(name.replace('.json', '')))));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('comes in pieces that are the JSON of the whole', () => {
    const review = {
      ...reviewOfPlan('pieces', [...many(250, 'azurerm_subnet', ['delete']), ...many(101, 'azurerm_nat_gateway', ['create'])]),
      titles: ['Zürich → "日本" \ud83d\ude00 \ud83d'],
      notThere: undefined,
      none: null,
      empty: {},
    };
    expect([...reviewJsonPieces(review)].length).toBeGreaterThan(4);
    expect(renderReviewJson(review)).toBe(`${JSON.stringify(review)}\n`);
  });
});

describe('writing', () => {
  const written = (pieces: Iterable<string>) => {
    const path = join(folder, 'written');
    writePieces(path, pieces);
    return readFileSync(path, 'utf8');
  };

  test('pieces of any length and any script come out whole', () => {
    const pieces = ['', 'a', '→'.repeat(400_000), 'é'.repeat(1000), 'x'.repeat(2_000_000), '😀'.repeat(300_000), 'end'];
    expect(written(pieces) === pieces.join('')).toBe(true);
    const small = Array.from({ length: 50_000 }, (_, index) => `${index} Zürich 😀 → `);
    expect(written(small) === small.join('')).toBe(true);
    expect(written([])).toBe('');
  });

  test('what fails half way leaves the file that was there, and nothing half written', () => {
    const half = mkdtempSync(join(folder, 'half-'));
    writePieces(join(half, 'review.json'), ['before']);
    const failing = function* () {
      yield 'x'.repeat(2_000_000);
      throw new Error('no more');
    };
    expect(() => writePieces(join(half, 'review.json'), failing())).toThrow('no more');
    expect(readdirSync(half)).toEqual(['review.json']);
    expect(readFileSync(join(half, 'review.json'), 'utf8')).toBe('before');
  });

  test('a folder that cannot be written is named', async () => {
    const taken = file('taken', 'a file, no folder');
    const { code, err } = await run('review', '--plan', `prod-foundation=${azure('drift')}`, '--out', taken);
    expect(code).toBe(2);
    expect(err).toContain('folder cannot be written');
  });
});

describe('markdown', () => {
  test('starts with the marker that a later run finds it by', () => {
    expect(renderMarkdown(reviewOfAzure('drift'), { dialect: 'github', limit: 60_000 }).split('\n')[0]).toBe(
      '<!-- cdktf-ml-platform:review:foundation:prod -->',
    );
  });

  test('is one line when nothing changes', () => {
    const review = { ...reviewOfGolden('nothing') };
    expect(review.verdict.decision).toBe('nothing');
    expect(renderMarkdown(review, { dialect: 'github', limit: 60_000 }).trim().split('\n')).toHaveLength(2);
  });

  test('tells what is lost in its first screen', () => {
    const lines = renderMarkdown(reviewOfAzure('update-and-replace'), { dialect: 'github', limit: 60_000 }).split('\n');
    expect(lines.slice(0, 16).join('\n')).toContain('azurerm_machine_learning_workspace.mlw');
  });

  test.each(['github', 'azure-devops'] as const)(
    'keeps to the limit of %s with 10,000 changes, and counts all that goes',
    (dialect) => {
      const changes = [
        ...many(3000, 'azurerm_subnet', ['delete']),
        ...many(3000, 'azurerm_storage_account', ['delete', 'create']),
        ...many(4000, 'azurerm_nat_gateway', ['create']),
      ];
      const text = renderMarkdown(reviewOfPlan('many', changes), { dialect, limit: COMMENT_LIMITS[dialect] });
      expect(sizeOf(text)).toBeLessThanOrEqual(60_000);
      const named = (action: string, type: string) =>
        [...text.matchAll(new RegExp(`\\*\\*${action}\\*\\* \`${type}\\.r\\d+\``, 'g'))].length;
      const counted = (action: string, type: string) =>
        Number(new RegExp(`\\*\\*${action}\\*\\* (\\d+) × \`${type}\``).exec(text)?.[1] ?? 0);
      expect(named('destroy', 'azurerm_subnet') + counted('destroy', 'azurerm_subnet')).toBe(3000);
      expect(named('replace', 'azurerm_storage_account') + counted('replace', 'azurerm_storage_account')).toBe(3000);
      expect(text).toContain('Not shown here for its size');
    },
  );

  test('details give way before a destroy does', () => {
    const changes = [...many(60, 'azurerm_subnet', ['delete']), ...many(500, 'azurerm_nat_gateway', ['create'])];
    const text = renderMarkdown(reviewOfPlan('details', changes), { dialect: 'github', limit: 20_000 });
    for (let index = 0; index < 60; index += 1) {
      const counted = Number(/\*\*destroy\*\* (\d+) × `azurerm_subnet`/.exec(text)?.[1] ?? 0);
      expect(text.includes(`azurerm_subnet.r${index}\``) || counted > 0).toBe(true);
    }
    expect(text).toMatch(/\d+ details? of create/);
  });

  test('opens no fold or fence that it does not close', () => {
    for (const limit of [4000, 8000, 20_000, 60_000]) {
      const text = renderMarkdown(reviewOfPlan('folds', many(300, 'azurerm_nat_gateway', ['create'])), {
        dialect: 'github',
        limit,
      });
      expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
      expect((text.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
    }
  });

  test('text of a plan becomes no markup, no mention and no end of a cell', () => {
    const evil = '| **x** `y` <img src=x onerror=alert(1)> @team-all\n## title </details> --> ```';
    const text = renderMarkdown(
      reviewOfPlan('evil', [
        change('azurerm_subnet.a', ['update'], { name: 'a', description: 'old' }, { name: 'a', description: evil }),
      ]),
      { dialect: 'github', limit: 60_000 },
    );
    const outsideCode = text.replace(/(`+)(?:(?!\1)[^\n])*\1/g, '');
    expect(outsideCode).not.toMatch(/<img|@team|onerror/);
    expect(text).not.toMatch(/^## title/m);
    expect(text.match(/<\/details>/g)?.length ?? 0).toBe(
      (text.match(/<details>/g)?.length ?? 0) + (text.match(/`[^`\n]*<\/details>/g)?.length ?? 0),
    );
  });

  test('Azure DevOps gets no diagram, which its comments do not draw', () => {
    const review = reviewOfAzure('update-and-replace');
    expect(renderMarkdown(review, { dialect: 'github', limit: 60_000 })).toContain('```mermaid');
    expect(renderMarkdown(review, { dialect: 'azure-devops', limit: 60_000 })).not.toContain('mermaid');
  });
});

describe('HTML', () => {
  test('asks for nothing from anywhere', () => {
    const html = renderReviewHtml(reviewOfAzure('update-and-replace'));
    expect(html).toContain("default-src 'none'");
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test('text of a plan becomes no element', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const html = renderReviewHtml(
      reviewOfPlan('evil-html', [change('azurerm_subnet.a', ['update'], { name: evil }, { name: `${evil}!`, [evil]: 'x' })]),
    );
    // its own two: the data of what is not written out, and the filter
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<img');
  });
});

describe('HTML of many changes', () => {
  const lateOf = (html: string) =>
    JSON.parse(/<script type="application\/json" id="late">(.*)<\/script>/.exec(html)?.[1] ?? '') as unknown[][];

  test('details beyond the first 500 travel as data, in the order of their rows', () => {
    const body = { name: 'a', empty: '', count: 2, list: ['</script>', 'x'], gone: null };
    const changes = Array.from({ length: 502 }, (_, index) =>
      change(
        `azurerm_nat_gateway.r${1000 + index}`,
        ['update'],
        { ...body, own: index },
        { ...body, own: -1, name: '', count: 3 },
      ),
    );
    const html = renderReviewHtml(reviewOfPlan('late', changes));
    expect(html.match(/<details data-row data-environment/g)).toHaveLength(500);
    expect(html.match(/<details data-row data-late/g)).toHaveLength(2);
    const late = lateOf(html);
    expect(late).toEqual([
      ['', [], 0, 0, 'count', 2, 3, 0, 'name', 'a', 'not set', 0, 'own', 500, -1, 0],
      ['', [], 0, 0, 'count', 2, 3, 0, 'name', 'a', 'not set', 0, 'own', 501, -1, 0],
    ]);
    expect(html).toContain('<noscript><p>The details of the last 2 changes');
  });

  test('what is not set, and what is known after apply only, is told so in the data too', () => {
    const changes = Array.from({ length: 501 }, (_, index) =>
      change(`azurerm_nat_gateway.r${1000 + index}`, ['create'], null, { zones: ['<1>'] }, { after_unknown: { id: true } }),
    );
    const html = renderReviewHtml(reviewOfPlan('late-unknown', changes));
    expect(lateOf(html)).toEqual([['', [], 0, 0, 'id', 'not set', '(known after apply)', 0, 'zones', 'not set', ['<1>'], 0]]);
    expect(html).toContain('["\\u003c1>"]');
  });

  test('a construct stands above its resources, and is not said twice where only the address is known', () => {
    const review = reviewOfPlan('paths', [change('azurerm_subnet.alone', ['delete'], { name: 'a' }, null)]);
    expect(renderReviewHtml(review)).not.toContain('class="path"');
    const changes = review.changes.map((one) => ({ ...one, constructPath: 'prod-foundation/Network/Nodes' }));
    const html = renderReviewHtml({ ...review, changes });
    expect(html).toContain('<p class="path"><code>prod-foundation/Network/Nodes</code></p><details data-row');
  });

  describe('stand in parts of fifty, which the browser lays out once they are near the screen', () => {
    const reviewOf = (count: number) =>
      reviewOfPlan(
        `parts-${count}`,
        Array.from({ length: count }, (_, index) => change(`azurerm_subnet.r${1000 + index}`, ['create'], null, { name: 'a' })),
      );
    const partsOf = (html: string) =>
      [...html.matchAll(/<div data-group class="part far" style="--rows:(\d+)">/g)].map(([, rows]) => Number(rows));

    test('what is left stands without one, and so does all that is few', () => {
      expect(partsOf(renderReviewHtml(reviewOf(49)))).toEqual([]);
      const html = renderReviewHtml(reviewOf(120));
      expect(partsOf(html)).toEqual([50, 50]);
      expect(html.match(/<details data-row/g)).toHaveLength(120);
    });

    test('a construct of few changes is not torn, one of many has its own parts under its path', () => {
      const review = reviewOf(120);
      const changes = review.changes.map((one, index) => ({
        ...one,
        constructPath: `prod-foundation/${index < 100 ? 'Many' : 'Few'}`,
      }));
      const html = renderReviewHtml({ ...review, changes });
      expect(partsOf(html)).toEqual([50, 50]);
      expect(html).toContain(
        '<code>prod-foundation/Many</code></p><div data-group class="part far" style="--rows:50"><details data-row',
      );
      expect(html).toContain('<code>prod-foundation/Few</code></p><details data-row');
      const pairs = review.changes.map((one, index) => ({
        ...one,
        constructPath: `prod-foundation/Pair${Math.floor(index / 3)}`,
      }));
      expect(partsOf(renderReviewHtml({ ...review, changes: pairs }))).toEqual([51, 51]);
    });
  });
});

describe('SARIF', () => {
  const sarif = (review: ReturnType<typeof reviewOfAzure>) =>
    JSON.parse(renderReviewSarif(review)) as {
      runs: {
        results: { ruleId: string; level: string; locations: unknown[]; partialFingerprints: object }[];
        tool: { driver: { rules: { id: string }[] } };
        properties?: object;
      }[];
    };

  test('tells losses, broadened access and guardrails as results of one run', () => {
    const [run] = sarif(reviewOfAzure('update-and-replace')).runs;
    const ids = run?.results.map((result) => result.ruleId);
    expect(ids).toEqual(expect.arrayContaining(['MLP-REVIEW-LOSS', 'MLP-REVIEW-DESTROY', 'MLP-REVIEW-ACCESS', 'MLP-IAM-003']));
    expect(new Set(run?.tool.driver.rules.map((rule) => rule.id))).toEqual(new Set(ids));
    for (const result of run?.results ?? []) expect(result.locations).toHaveLength(1);
  });

  test.each(['create', 'update-and-replace', 'node-pool-rotation', 'drift'])(
    'is valid by the schema of SARIF 2.1.0: %s',
    (name) => {
      expect(sarifProblems(renderReviewSarif(reviewOfAzure(name)))).toEqual([]);
    },
  );

  test('is valid where nothing is to be told, and with more than GitHub keeps', () => {
    expect(sarifProblems(renderReviewSarif(reviewOfGolden('nothing')))).toEqual([]);
    const text = renderReviewSarif(reviewOfPlan('sarif-many', many(6000, 'azurerm_subnet', ['delete'])));
    expect(sarifProblems(text)).toEqual([]);
    expect(gzipSync(text).length).toBeLessThan(10 * 1024 * 1024);
  });

  test('stays within what GitHub keeps, losses first', () => {
    const [run] = sarif(
      reviewOfPlan('sarif', [...many(4000, 'azurerm_subnet', ['delete']), ...many(2000, 'azurerm_key_vault', ['delete'])]),
    ).runs;
    expect(run?.results).toHaveLength(5000);
    expect(run?.results.filter((result) => result.ruleId === 'MLP-REVIEW-LOSS')).toHaveLength(2000);
  });

  test('between losses and lesser changes stand new findings, and what is left out is counted', () => {
    const review = reviewOfPlan('sarif-mixed', [
      ...many(20, 'azurerm_key_vault', ['delete']),
      ...many(6000, 'azurerm_subnet', ['delete']),
      ...Array.from({ length: 300 }, (_, index) =>
        change(`azurerm_key_vault_secret.s${index}`, ['create'], null, { name: `s${index}`, value: 'x' }),
      ),
    ]);
    const news = review.policy.findings.filter(({ status, level }) => status === 'new' && level === 'error').length;
    expect(news).toBeGreaterThan(100);
    const [run] = sarif(review).runs;
    const kinds = (run?.results ?? []).map(({ ruleId }) => (ruleId.startsWith('MLP-REVIEW-') ? ruleId : 'finding'));
    const told = [...Array(20).fill('MLP-REVIEW-LOSS'), ...Array(news).fill('finding')];
    expect(kinds).toEqual([...told, ...Array(5000 - told.length).fill('MLP-REVIEW-DESTROY')]);
    const rest = review.policy.findings.filter(({ status }) => status !== 'fixed').length - news;
    expect(run?.properties).toEqual({ resultsNotListed: 6020 + news + rest - 5000 });
  });
});

describe('table', () => {
  test('has no colour unless asked for, and no control character of a plan', () => {
    const review = reviewOfPlan('table', [
      change('azurerm_subnet.a', ['delete'], { name: 'a' }, null, {}, { address: 'azurerm_subnet.a["\u001b[2J"]' }),
    ]);
    expect(renderReviewTable(review, false)).not.toContain('\u001b');
    expect(renderReviewTable(review, true)).not.toContain('\u001b[2J');
    expect(renderReviewTable(review, true)).toContain('\u001b[31m');
  });
});

test('the same plans give the same bytes in every format', async () => {
  const [first, second] = [join(folder, 'bytes-1'), join(folder, 'bytes-2')];
  const plans = ['update-and-replace', 'drift'].map((name, index) => `${index === 0 ? 'prod' : 'dev'}-foundation=${azure(name)}`);
  for (const out of [first, second]) await run('review', '--plan', ...plans, '--out', out);
  for (const name of readdirSync(first))
    expect(readFileSync(join(second, name)).equals(readFileSync(join(first, name)))).toBe(true);
  // nor does the order of the arguments matter
  await run('review', '--plan', ...[...plans].reverse(), '--out', second);
  for (const name of readdirSync(first))
    expect(readFileSync(join(second, name)).equals(readFileSync(join(first, name)))).toBe(true);
});

test('10,000 changes are in every format, shortened where the format has a limit and whole where it has none', async () => {
  const out = join(folder, 'ten-thousand');
  const changes = [
    ...many(2000, 'azurerm_subnet', ['delete']),
    ...many(2000, 'azurerm_key_vault', ['delete', 'create']),
    ...many(6000, 'azurerm_nat_gateway', ['create']),
  ];
  const plan = file('ten-thousand.json', planOf(changes));
  expect((await run('review', '--plan', `prod-foundation=${plan}`, '--out', out)).code).toBe(4);
  const text = (name: string) => readFileSync(join(out, name), 'utf8');
  expect((JSON.parse(text('review.json')) as { changes: object[] }).changes).toHaveLength(10_000);
  expect(text('review.html').match(/<details data-row/g)).toHaveLength(10_000);
  expect(text('review.html')).toContain('name-5999');
  expect(sizeOf(text('review.md'))).toBeLessThanOrEqual(60_000);
  expect(sarifProblems(text('review.sarif'))).toEqual([]);
  expect(text('review.txt').split('\n').length).toBeLessThan(300);
});

test('--out writes every format, and all agree on the exit code', async () => {
  const out = join(folder, 'all');
  const codes: number[] = [];
  for (const format of ['markdown', 'html', 'json', 'sarif', 'table']) {
    codes.push(
      (await run('review', '--plan', `prod-foundation=${azure('node-pool-rotation')}`, '--format', format, '--out', out)).code,
    );
  }
  expect(new Set(codes)).toEqual(new Set([3]));
  expect(readdirSync(out).sort()).toEqual(['review.html', 'review.json', 'review.md', 'review.sarif', 'review.txt']);
  expect(readFileSync(join(out, 'review.html'), 'utf8')).toContain('<!doctype html>');
});

test.each([
  ['markdown', 'review.md'],
  ['html', 'review.html'],
  ['json', 'review.json'],
  ['sarif', 'review.sarif'],
  ['table', 'review.txt'],
])('what is printed as %s is what --out writes, but for colour', async (format, file) => {
  const out = join(folder, 'printed');
  const plan = `prod-foundation=${azure('node-pool-rotation')}`;
  const plain = await run('review', '--plan', plan, '--format', format, '--out', out, '--no-color');
  expect(plain.out).toBe(readFileSync(join(out, file), 'utf8'));
  expect((await run('review', '--plan', plan, '--format', format, '--no-color')).out).toBe(plain.out);
  const coloured = await run('review', '--plan', plan, '--format', format, '--out', out, '--color');
  expect(coloured.out === plain.out).toBe(format !== 'table');
  expect(readFileSync(join(out, file), 'utf8')).toBe(plain.out);
});
