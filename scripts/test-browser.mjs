// `node scripts/test-browser.mjs`: opens the HTML page of a review in Chromium and checks that it loads without errors or requests,
// filters, prints, can be used by keyboard and passes axe. Closes with "N passed, N failed". Says plainly when it cannot run: that
// is no pass. CHROMIUM_PATH names the browser. --page <file> --picture <file> --only-picture saves a picture of a page instead.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bin, root, run } from './run.mjs';

const require = createRequire(import.meta.url);
const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));

function load(name) {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

const playwright = load('playwright-core');
const axe = load('axe-core');
const missing = [
  playwright ? '' : 'playwright-core is not installed',
  axe ? '' : 'axe-core is not installed',
  executablePath ? '' : 'no Chromium found (set CHROMIUM_PATH)',
].filter(Boolean);
if (missing.length > 0) {
  process.stdout.write(`Browser tests did not run: ${missing.join('; ')}. Nothing was tested.\n`);
  process.exit(0);
}

const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const work = mkdtempSync(join(tmpdir(), 'review-browser-'));
let page = argument('--page');
if (!page) {
  const fixtures = join(root, 'test/fixtures/plans/azure');
  const { code, output } = run(
    bin('tsx'),
    [
      'lib/review/main.ts',
      'review',
      '--plan',
      `prod-foundation=${join(fixtures, 'update-and-replace.json')}`,
      `staging-foundation=${join(fixtures, 'node-pool-rotation.json')}`,
      `dev-foundation=${join(fixtures, 'drift.json')}`,
      '--out',
      work,
    ],
    { quiet: true },
  );
  if (code !== 4) throw new Error(`the review could not be made (${code}):\n${output}`);
  page = join(work, 'review.html');
}

let passed = 0;
let failed = 0;
async function check(name, test) {
  try {
    await test();
    passed += 1;
    process.stdout.write(`✓ ${name}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`✗ ${name}\n  ${error.message.split('\n').join('\n  ')}\n`);
  }
}
const expect = (fact, message) => {
  if (!fact) throw new Error(message);
};

const browser = await playwright.chromium.launch({ executablePath, args: ['--no-sandbox'] });
if (process.argv.includes('--only-picture')) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: argument('--picture') });
  await browser.close();
  rmSync(work, { recursive: true, force: true });
  process.exit(0);
}
try {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    const problems = [];
    const requests = [];
    tab.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    tab.on('pageerror', (error) => problems.push(error.message));
    tab.on('request', (request) => !/^(?:file|data):/.test(request.url()) && requests.push(request.url()));
    await tab.goto(pathToFileURL(page).href);
    const rows = () => tab.locator('#changes [data-row]:visible').count();
    const total = await rows();

    await check(`${colorScheme}: opens from disk without an error or a request`, () => {
      expect(problems.length === 0, problems.join('; '));
      expect(requests.length === 0, requests.join('; '));
      expect(total > 3, `only ${total} changes`);
    });
    await check(`${colorScheme}: the environment filter shows its changes only, and says how many`, async () => {
      await tab.getByRole('combobox', { name: 'Environment' }).selectOption('staging');
      await tab.waitForTimeout(150);
      const shown = await rows();
      expect(shown > 0 && shown < total, `${shown} of ${total}`);
      expect((await tab.getByRole('status').textContent()).startsWith(`${shown} of `), 'the status does not say so');
      await tab.getByRole('button', { name: 'Clear' }).click();
      await tab.waitForTimeout(150);
      expect((await rows()) === total, 'Clear does not show all again');
    });
    await check(`${colorScheme}: the action and severity filters work`, async () => {
      await tab.getByRole('combobox', { name: 'Action' }).selectOption('replace');
      await tab.waitForTimeout(150);
      const replaced = await rows();
      expect(replaced > 0 && replaced < total, `${replaced} of ${total}`);
      await tab.getByRole('combobox', { name: 'Severity' }).selectOption('critical');
      await tab.waitForTimeout(150);
      expect((await rows()) <= replaced && (await rows()) > 0, 'severity does not narrow');
      await tab.getByRole('button', { name: 'Clear' }).click();
      await tab.waitForTimeout(150);
    });
    await check(`${colorScheme}: the search is reached by key and finds attributes`, async () => {
      await tab.keyboard.press('/');
      await tab.keyboard.type('high_business_impact');
      await tab.waitForTimeout(200);
      const shown = await rows();
      expect(shown > 0 && shown < total, `${shown} of ${total}`);
      await tab.keyboard.press('Escape');
      await tab.waitForTimeout(150);
      expect((await rows()) === total, 'Escape does not clear');
    });
    await check(`${colorScheme}: a change opens by keyboard`, async () => {
      const first = tab.locator('#changes details[data-row]').first();
      await first.locator('summary').focus();
      await tab.keyboard.press('Enter');
      expect(await first.evaluate((element) => element.open), 'it stays shut');
    });
    await check(`${colorScheme}: every control has a name`, async () => {
      const nameless = await tab.evaluate(
        () =>
          [...document.querySelectorAll('input,select,button,a')].filter(
            (element) => !(element.labels?.length > 0 || element.textContent.trim() || element.getAttribute('aria-label')),
          ).length,
      );
      expect(nameless === 0, `${nameless} without a name`);
    });
    await check(`${colorScheme}: axe finds nothing`, async () => {
      // The page's own policy forbids strangers' scripts; axe comes in beside it.
      await tab.evaluate(axe.source);
      const { violations } = await tab.evaluate(() => globalThis.axe.run(document));
      expect(
        violations.length === 0,
        violations
          .map(
            (one) =>
              `${one.id}: ${one.help} (${one.nodes.length}: ${one.nodes[0]?.target} ${one.nodes[0]?.failureSummary ?? ''})`,
          )
          .join('\n'),
      );
    });
    await check(`${colorScheme}: prints as a PDF without the filter, with all changes open`, async () => {
      await tab.emulateMedia({ media: 'print' });
      expect(!(await tab.locator('#filters').isVisible()), 'the filter is printed');
      await tab.evaluate(() => dispatchEvent(new Event('beforeprint')));
      expect((await tab.locator('#changes details[data-row]:not([open])').count()) === 0, 'some stay shut');
      const pdf = await tab.pdf({ format: 'A4' });
      expect(pdf.length > 10_000, 'the PDF is empty');
      await tab.emulateMedia({ media: 'screen' });
    });
    await context.close();
  }
  await check('what is lost, opened, felt, broken and costs stands on the first screen of 1280 by 800', async () => {
    const screen = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const first = await screen.newPage();
    await first.goto(pathToFileURL(page).href);
    const rows = await first.locator('.glance tr').all();
    expect(rows.length >= 6, `only ${rows.length} answers`);
    for (const row of rows) {
      const box = await row.boundingBox();
      expect(box && box.y + box.height <= 800 && box.x + box.width <= 1280, `${await row.textContent()} is not on it`);
    }
    await screen.close();
  });
  await check('a page of 10,000 changes opens, filters, and shows the details that travel as data', async () => {
    const many = join(work, 'many');
    const plan = join(work, 'many.json');
    const resource_changes = Array.from({ length: 10_000 }, (_, index) => ({
      address: `azurerm_nat_gateway.r${index}`,
      mode: 'managed',
      type: 'azurerm_nat_gateway',
      name: `r${index}`,
      change: {
        actions: [index % 10 === 0 ? 'delete' : 'create'],
        before: index % 10 === 0 ? { name: `gateway-${index}` } : null,
        after: index % 10 === 0 ? null : { name: `gateway-${index}`, note: '</script><img src=x>', zones: ['1', index] },
      },
    }));
    const uses = { address: 'azurerm_nat_gateway.r1', expressions: { name: { references: ['azurerm_nat_gateway.r9800'] } } };
    const configuration = { root_module: { resources: [{ address: 'azurerm_nat_gateway.r9800' }, uses] } };
    writeFileSync(plan, JSON.stringify({ format_version: '1.2', resource_changes, configuration }));
    run(bin('tsx'), ['lib/review/main.ts', 'review', '--plan', `prod-foundation=${plan}`, '--out', many], { quiet: true });
    const tab = await browser.newPage();
    const errors = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(pathToFileURL(join(many, 'review.html')).href);
    await tab.getByRole('searchbox').fill('gateway-9876');
    await tab.getByText('1 of 10000 changes shown').waitFor();
    const row = tab.locator('#changes details[data-row]:not([hidden])');
    expect((await row.count()) === 1, `${await row.count()} rows`);
    await row.locator('summary').click();
    await row.getByText('gateway-9876').waitFor();
    expect((await row.getByText('</script><img src=x>').count()) === 1, 'the text of the plan became markup');
    await row.getByText('["1",9876]').waitFor();
    const shownAs = async (text) => tab.getByText(`${text} of 10000 changes shown`).waitFor();
    await tab.getByRole('searchbox').fill('zones 9875');
    await row.getByText('azurerm_nat_gateway.r9875', { exact: true }).waitFor();
    await shownAs(1);
    await tab.getByRole('searchbox').fill('prod-foundation/azurerm_nat_gateway.r9877');
    await row.getByText('azurerm_nat_gateway.r9877', { exact: true }).waitFor();
    await shownAs(1);
    await tab.getByRole('searchbox').fill('nat_gateway.r9800');
    await row.getByText('azurerm_nat_gateway.r9800', { exact: true }).waitFor();
    await shownAs(1);
    await row.locator('summary').click();
    await tab.getByText('depends on it: azurerm_nat_gateway.r1').waitFor();
    await tab.getByRole('searchbox').press('Escape');
    await tab.getByRole('combobox', { name: 'Action' }).selectOption('destroy');
    await shownAs(1000);
    await tab.getByRole('combobox', { name: 'Action' }).selectOption('create');
    await tab.getByRole('searchbox').fill('gateway-99');
    await shownAs(100);
    const late = tab.locator('#changes details[data-row]:not([hidden])').last();
    await late.locator('summary').focus();
    await tab.keyboard.press('Enter');
    await late.getByText('["1",999').waitFor();
    await tab.getByRole('button', { name: 'Open all shown' }).click();
    expect((await tab.locator('#changes details[open]:not([hidden]) table').count()) === 100, 'some show no details');
    await tab.getByRole('searchbox').fill('gateway-88');
    await row.getByText('azurerm_nat_gateway.r8899', { exact: true }).waitFor();
    await shownAs(100);
    await tab.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect((await tab.locator('#changes details[open]:not([hidden]) table').count()) === 100, 'some are printed shut');
    expect(errors.length === 0, errors.join('; '));
    await tab.close();
  });
  await check('of 10,000 changes, what is far from the screen can be found, focused and printed', async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const errors = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(pathToFileURL(join(work, 'many', 'review.html')).href);
    const rowOf = (address) => tab.locator('#changes details[data-row]').filter({ has: tab.getByText(address, { exact: true }) });
    const far = rowOf('azurerm_nat_gateway.r5555');
    const isLaidOut = () => far.evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    const paint = () => tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const inView = async () => {
      await paint();
      const { y, height } = await far.boundingBox();
      return (await isLaidOut()) && y >= 0 && y + height <= 900;
    };
    expect(!(await isLaidOut()), 'what nobody sees is laid out');
    expect(await tab.evaluate(() => find('azurerm_nat_gateway.r5555')), 'the browser does not find it');
    expect(await inView(), 'what is found is not shown');
    await tab.evaluate(() => scrollTo(0, 0));
    await paint();
    await far.locator('summary').evaluate((element) => element.focus());
    expect(await inView(), 'what has the focus is not shown');
    await tab.keyboard.press('Tab');
    const focused = await tab.evaluate(() => document.activeElement.parentElement.previousElementSibling.textContent);
    expect(focused.includes('r5555 '), `Tab goes on after ${focused}`);
    await tab.emulateMedia({ media: 'print' });
    const skipped = await tab.evaluate(
      () =>
        [...document.querySelectorAll('#changes details')].filter(
          (element) => !element.checkVisibility({ contentVisibilityAuto: true }),
        ).length,
    );
    expect(skipped === 0, `${skipped} changes are not printed`);
    expect(errors.length === 0, errors.join('; '));
    await tab.close();
  });
  await check('of 10,000 changes, a screen reader is told all', async () => {
    // Without a reader beside it, Chromium keeps no whole tree.
    const reader = await playwright.chromium.launch({ executablePath, args: ['--no-sandbox', '--force-renderer-accessibility'] });
    const tab = await reader.newPage();
    await tab.goto(pathToFileURL(join(work, 'many', 'review.html')).href);
    const tools = await tab.context().newCDPSession(tab);
    const { result } = await tools.send('Runtime.evaluate', { expression: 'document.getElementById("changes")' });
    const { nodes } = await tools.send('Accessibility.queryAXTree', { objectId: result.objectId, role: 'DisclosureTriangle' });
    const told = nodes.filter((node) => !node.ignored && /azurerm_nat_gateway\.r\d+ /.test(node.name?.value));
    expect(told.length === 10_000, `${told.length} changes in the accessibility tree`);
    await reader.close();
  });
  await check('of 10,000 changes, the filter hides groups without a match, counts, and gives all back', async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await tab.goto(pathToFileURL(join(work, 'many', 'review.html')).href);
    const facts = () =>
      tab.evaluate(() => {
        const shown = (selector) => document.querySelectorAll(`#changes ${selector}:not([hidden])`).length;
        const empty = [...document.querySelectorAll('#changes [data-group]:not([hidden])')].filter(
          (group) => !group.querySelector('[data-row]:not([hidden])'),
        );
        return {
          rows: shown('[data-row]'),
          parts: shown('.part'),
          empty: empty.length,
          counter: document.getElementById('shown').textContent,
          status: document.getElementById('status').textContent,
        };
      });
    const expectFacts = async (wanted) => {
      const got = await facts();
      expect(JSON.stringify(got) === JSON.stringify(wanted), `${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
    };
    const all = { rows: 10_000, parts: 200, empty: 0, counter: '10000', status: '' };
    const some = (rows, parts) => ({
      rows,
      parts,
      empty: 0,
      counter: `${rows} of 10000`,
      status: `${rows} of 10000 changes shown`,
    });
    await expectFacts(all);
    await tab.getByRole('searchbox').fill('GATEWAY-4711');
    await tab.getByText('1 of 10000 changes shown').waitFor();
    await expectFacts(some(1, 1));
    await tab.getByRole('searchbox').fill('nowhere at all');
    await tab.getByText('0 of 10000 changes shown').waitFor();
    await expectFacts(some(0, 0));
    await tab.getByRole('button', { name: 'Clear' }).click();
    await tab.waitForFunction(() => document.getElementById('shown').textContent === '10000');
    await expectFacts(all);
    await tab.getByRole('combobox', { name: 'Action' }).selectOption('destroy');
    await tab.getByText('1000 of 10000 changes shown').waitFor();
    await expectFacts(some(1000, 20));
    await tab.getByRole('searchbox').fill('gateway.r47');
    await tab.getByText('11 of 10000 changes shown').waitFor();
    await tab.getByRole('searchbox').press('Escape');
    await expectFacts(some(1000, 20));
    await tab.close();
  });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(page).href);
  await check('reads without script', async () => expect((await tab.locator('#changes [data-row]').count()) > 3, 'no changes'));
  await check('names no host', () => expect(!/(?:src|href)="https?:/.test(readFileSync(page, 'utf8')), 'it links outside'));
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
