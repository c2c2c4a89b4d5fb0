/** The report in a real browser: with and without scripts, light and dark, wide and narrow. */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { securityCheckIds } from '../../record/security-checks.ts';
import { type FixtureName, fixtures } from '../../reports/fixtures/index.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { absentStrategy, verificationOf, verifiedStrategy } from '../../reports/fixtures/verification.ts';
import { writeReports } from '../../reports/index.ts';
import { writeVerification } from '../../reports/verification/write.ts';
import { startChromium } from '../chromium.ts';

/** What the functions that run within the page use of it. The project has no DOM types: none of its code is a page's. */
interface PageElement {
  readonly tagName: string;
  readonly className: string;
  readonly textContent: string | null;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  readonly scrollWidth: number;
  open: boolean;
  remove(): void;
  getBoundingClientRect(): { readonly right: number; readonly height: number };
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement> & { readonly length: number };
}
declare const document: PageElement & {
  readonly documentElement: PageElement;
  readonly body: { append(child: PageElement): void };
  readonly title: string;
  readonly activeElement: { getAttribute(name: string): string | null } | null;
  createElement(tag: string): PageElement & { textContent: string };
};
declare const window: { readonly innerWidth: number };
declare const DOMParser: new () => { parseFromString(text: string, type: string): PageElement };

interface Sight {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
  readonly scripts: boolean;
}

interface Opened {
  readonly page: Page;
  /** Console errors, uncaught exceptions, and requests for anything but the file. */
  readonly complaints: string[];
}

const scratch = temporaryFolder({ after });
type PageName = FixtureName | 'verification';
const made = new Map<PageName, Promise<string>>();

/** Every check, of as many strategies as there are, with every outcome. */
async function verificationIn(folder: string): Promise<string> {
  const names = ['memcached', 'mysql', 'postgres', 'redis', 'redis-cluster', 'redis-hash', 'sticky'];
  const outcomes = { logout: 'broken', 'idle-timeout': 'unknown', 'store-tls': 'limit' } as const;
  const strategies = names.map((name) => verifiedStrategy(name, outcomes, securityCheckIds));
  const out = path.join(folder, 'verification');
  await mkdir(out);
  return (await writeVerification(verificationOf([...strategies, absentStrategy('valkey')]), out)).html;
}

/** Path of a fixture's report; made once. */
function reportOf(name: PageName): Promise<string> {
  const existing = made.get(name);
  if (existing) return existing;
  const making = scratch.then(async (folder) => {
    if (name === 'verification') return await verificationIn(folder);
    const { files } = await writeReports(await fixtures[name](path.join(folder, name)));
    return files.html;
  });
  made.set(name, making);
  return making;
}

async function open(browser: Browser, file: string, sight: Sight): Promise<Opened> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn')
      complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${String(error)}`));
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const asked = request.url().replace(/#.*/s, '');
    if (asked === url || asked.startsWith('data:')) return request.continue();
    complaints.push(`request: ${request.url()}`);
    return request.abort();
  });
  await page.setViewport({ width: sight.width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: sight.scheme }]);
  await page.setJavaScriptEnabled(sight.scripts);
  await page.goto(url);
  // The page has been read without its scripts; the test's own, axe among them, need a running engine.
  if (!sight.scripts) await page.setJavaScriptEnabled(true);
  if (sight.scripts && (await page.$('.plot')) !== null)
    await page.waitForFunction(() => document.documentElement.dataset.charts !== undefined, {
      timeout: 60_000,
    });
  return { page, complaints };
}

/** Rows of a table after the fifth are made as those before them, and take most of the time to look at. */
const laterRows = 'tbody tr:nth-child(n + 6)';

/** Drawings of one kind are alike on all pages, and take most of the rest. */
const drawings = '.plot svg';

async function checkAccessibility(page: Page, without: readonly string[], what: string): Promise<void> {
  await page.evaluate((selectors) => {
    for (const each of document.querySelectorAll('details')) each.open = true;
    for (const selector of selectors) for (const each of document.querySelectorAll(selector)) each.remove();
  }, without);
  await page.evaluate(axe.source);
  const { violations, passes }: AxeResults = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as AxeResults;
  const told = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' | ')}`,
  );
  assert.deepEqual(told, [], what);
  assert.ok(passes.length > 10, 'axe looked at the page');
}

async function checkLayout(page: Page, width: number, what: string): Promise<void> {
  const { scrolled, tooWide, empty, plots } = await page.evaluate(() => {
    const svgs = [...document.querySelectorAll('.plot svg')];
    return {
      scrolled: document.documentElement.scrollWidth,
      tooWide: [...document.querySelectorAll('main > *, section > *, .panel')]
        .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
        .map((each) => `${each.tagName}.${each.className}`),
      empty: svgs.filter(
        (svg) => svg.getBoundingClientRect().height < 60 || svg.querySelectorAll('path').length < 4,
      ).length,
      plots: svgs.length,
    };
  });
  assert.ok(scrolled <= width, `${what}: the page is ${scrolled} px wide`);
  assert.deepEqual(tooWide, [], what);
  assert.equal(empty, 0, `${what}: empty charts`);
  assert.equal(
    plots,
    await page.$$eval('.plot', (each) => each.length),
    `${what}: one drawing for each chart`,
  );
}

interface Visit {
  readonly name: PageName;
  readonly sight: Sight;
  /** What of the page is not held to the rules of accessibility; null where nothing is. */
  readonly unaudited: readonly string[] | null;
}

async function check(
  context: TestContext,
  browser: Browser,
  { name, sight, unaudited }: Visit,
): Promise<void> {
  const what = `${name} ${sight.scheme} ${sight.width}px ${sight.scripts ? 'with' : 'without'} scripts`;
  await context.test(what, async () => {
    const { page, complaints } = await open(browser, await reportOf(name), sight);
    try {
      const expected = sight.scripts && (await page.$('.plot')) !== null ? 'live' : undefined;
      assert.equal(await page.evaluate(() => document.documentElement.dataset.charts), expected, what);
      await checkLayout(page, sight.width, what);
      if (unaudited !== null) await checkAccessibility(page, unaudited, what);
      assert.deepEqual(complaints, [], what);
    } finally {
      await page.close();
    }
  });
}

/** Each two of scheme, width and scripts in each combination. */
const pairs: readonly Sight[] = [
  { scheme: 'light', width: 1400, scripts: true },
  { scheme: 'dark', width: 1400, scripts: false },
  { scheme: 'light', width: 390, scripts: false },
  { scheme: 'dark', width: 390, scripts: true },
];

function allVisits(): Visit[] {
  // Many charts, few, and one; those of a search and of faults; text that breaks out.
  const drawnOtherwise = ['good', 'single', 'nothing', 'capacity', 'faults', 'hostile'] as const;
  const others = ['violations', 'invalid', 'not-measured', 'killed', 'capacity-single'] as const;
  const verdicts = pairs.map((sight, i): Visit => {
    return { name: 'verdicts', sight, unaudited: i === 0 ? [] : [laterRows] };
  });
  const drawn = drawnOtherwise.map((name): Visit => {
    return { name, sight: { scheme: 'light', width: 1400, scripts: true }, unaudited: null };
  });
  const read = [...drawnOtherwise, ...others].map((name): Visit => {
    const unaudited = [laterRows, drawings];
    return { name, sight: { scheme: 'dark', width: 390, scripts: false }, unaudited };
  });
  const verification = [
    { scheme: 'light', width: 1400, scripts: true },
    { scheme: 'dark', width: 390, scripts: false },
  ] as const;
  return [
    ...verdicts,
    ...drawn,
    ...read,
    ...verification.map((sight): Visit => ({ name: 'verification', sight, unaudited: [] })),
  ];
}

// A browser draws the page in front only, so that each lane has its own.
test('the report reads well everywhere', { concurrency: true }, async (context) => {
  const visits = allVisits();
  const lane = async (): Promise<void> => {
    const browser = await startChromium(context);
    if (!browser) return;
    for (let next = visits.shift(); next; next = visits.shift()) await check(context, browser, next);
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, lane));
});

const readings: Readonly<Record<string, (browser: Browser) => Promise<void>>> = {
  'hostile text runs nothing': async (browser) => {
    const { page } = await open(browser, await reportOf('hostile'), {
      scheme: 'light',
      width: 1400,
      scripts: true,
    });
    assert.equal(await page.title(), 'session-bench run hostile');
    assert.equal(await page.$$eval('img', (each) => each.length), 0);
  },

  "the policy stops a script that is not the report's own": async (browser) => {
    const { page } = await open(browser, await reportOf('single'), {
      scheme: 'light',
      width: 1400,
      scripts: true,
    });
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "owned"';
      document.body.append(script);
      return document.title;
    });
    assert.equal(ran, 'session-bench run single');
  },

  'the legend mutes a strategy by keyboard, and service time can be drawn': async (browser) => {
    const { page, complaints } = await open(browser, await reportOf('good'), {
      scheme: 'light',
      width: 1400,
      scripts: true,
    });
    const faint = (): Promise<number> =>
      page.$$eval(
        '[data-chart="latency-read"] svg path[opacity="0.06"], [data-chart="latency-read"] svg path[stroke-opacity="0.06"]',
        (each) => each.length,
      );
    const paths = (): Promise<number> =>
      page.$$eval('[data-chart="latency-read"] svg path', (each) => each.length);
    assert.equal(await faint(), 0);
    await page.focus('.legend button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () =>
        document.querySelectorAll(
          '[data-chart="latency-read"] svg path[opacity="0.06"], [data-chart="latency-read"] svg path[stroke-opacity="0.06"]',
        ).length > 0,
      { timeout: 10_000 },
    );
    assert.equal(await page.$eval('.legend button', (each) => each.getAttribute('aria-pressed')), 'false');
    const before = await paths();
    await page.click('input[data-parameter]');
    await page.waitForFunction(
      (count: number) => document.querySelectorAll('[data-chart="latency-read"] svg path').length > count,
      { timeout: 10_000 },
      before,
    );
    assert.deepEqual(complaints, []);
  },

  'a pointer on a mark shows its numbers': async (browser) => {
    const { page } = await open(browser, await reportOf('good'), {
      scheme: 'dark',
      width: 1400,
      scripts: true,
    });
    const bar = await page.$('[data-chart="cpu"] svg .mark-rect path');
    assert.ok(bar);
    await bar.scrollIntoView();
    await bar.hover();
    await page.waitForSelector('#vg-tooltip-element.visible', { timeout: 10_000 });
    assert.match(
      await page.$eval('#vg-tooltip-element', (each) => each.textContent ?? ''),
      /Strategy.*Tier.*µs/s,
    );
  },

  'a pointer on a ratio shows its verdict, and the legend mutes it too': async (browser) => {
    const { page, complaints } = await open(browser, await reportOf('verdicts'), {
      scheme: 'light',
      width: 1400,
      scripts: true,
    });
    const mark = await page.$('[data-chart="forest-cpuPerRequest"] svg .mark-symbol path');
    assert.ok(mark);
    await mark.scrollIntoView();
    await mark.hover();
    await page.waitForSelector('#vg-tooltip-element.visible', { timeout: 10_000 });
    assert.match(
      await page.$eval('#vg-tooltip-element', (each) => each.textContent ?? ''),
      /Strategy.*Verdict.*DIFFERENT.*interval/s,
    );
    const faint =
      '[data-chart="forest-cpuPerRequest"] svg path[opacity="0.06"], [data-chart="forest-cpuPerRequest"] svg line[opacity="0.06"]';
    assert.equal(await page.$(faint), null);
    // The first is the reference, which has no row.
    await page.focus('.legend li:nth-child(2) button');
    await page.keyboard.press('Space');
    await page.waitForSelector(faint, { timeout: 10_000 });
    assert.deepEqual(complaints, []);
  },

  'numbers behind the ratios are reached by keyboard': async (browser) => {
    const { page } = await open(browser, await reportOf('verdicts'), {
      scheme: 'dark',
      width: 390,
      scripts: true,
    });
    const details = 'section[aria-labelledby="comparisons"] details';
    assert.equal(await page.$eval(details, (each) => each.open), false);
    await page.focus(`${details} summary`);
    await page.keyboard.press('Enter');
    assert.equal(await page.$eval(details, (each) => each.open), true);
    await page.focus(`${details} .scroll`);
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Table: All against the reference',
    );
  },

  '"Choose" follows its fields, typed or slid, and the address restores them': async (browser) => {
    const { page, complaints } = await open(browser, await reportOf('good'), {
      scheme: 'light',
      width: 1400,
      scripts: true,
    });
    const sentence = (): Promise<string> => page.$eval('#choose-sentence', (each) => each.textContent ?? '');
    const seen = [await sentence()];
    await page.focus('[data-slides="rate"]');
    const heard = (): Promise<string | null> =>
      page.$eval('[data-slides="rate"]', (each) => each.getAttribute('aria-valuetext'));
    assert.equal(await heard(), '400');
    await page.keyboard.press('Home');
    assert.equal(await heard(), '1');
    seen.push(await sentence());
    await page.select('select[name="like"]', 'newton');
    seen.push(await sentence());
    await page.select('select[name="like"]', 'small');
    assert.ok((await page.$$eval('#choose-rest table', (each) => each.length)) > 0);
    await page.focus('input[name="budget"]');
    await page.keyboard.type('1');
    seen.push(await sentence());
    assert.match(await sentence(), /nothing that was measured will do/);
    assert.equal(new Set(seen).size, seen.length, seen.join('\n'));
    await page.reload();
    assert.equal(await sentence(), seen.at(-1));
    // An address that is that of a published workload names it.
    const likeNow = (): Promise<string> => page.$eval('select[name="like"]', (each) => each.value);
    assert.equal(await likeNow(), '');
    await page.select('select[name="like"]', 'newton');
    await page.reload();
    assert.deepEqual([await likeNow(), await sentence()], ['newton', seen[2]]);
    await page.select('select[name="like"]', 'small');
    // Nothing may be lost, and through nothing: what is meant shows.
    const ticked = (): Promise<number> =>
      page.$$eval('input[name="survives"]:checked', (each) => each.length);
    assert.equal(await ticked(), 2);
    await page.click('input[value="app-restart"]');
    assert.equal(await ticked(), 1);
    await page.click('input[value="store-restart"]');
    assert.equal(await ticked(), 2);
    await page.focus('input[name="sessions"]');
    await page.keyboard.type('x');
    assert.match(
      await sentence(),
      /Sessions alive: "1000x" is not a number of sessions; give a whole number/,
    );
    const heardOfSessions = await page.$eval('[data-slides="sessions"]', (each) =>
      each.getAttribute('aria-valuetext'),
    );
    assert.equal(heardOfSessions, '1,000');
    assert.deepEqual(complaints, []);
  },

  '"Choose" is a table where no scripts run': async (browser) => {
    const { page } = await open(browser, await reportOf('good'), {
      scheme: 'light',
      width: 1400,
      scripts: false,
    });
    const heights = await page.$$eval('.choose.scripted', (each) =>
      each.map((part) => part.getBoundingClientRect().height),
    );
    assert.deepEqual(heights, [0, 0]);
    const rows = await page.$$eval('section[aria-labelledby="choose"] table', (tables) =>
      tables.map((table) => table.querySelectorAll('tbody tr').length),
    );
    assert.ok((rows[0] ?? 0) >= 5);
  },

  'junit.xml is XML that a parser takes': async (browser) => {
    const page = await browser.newPage();
    for (const name of ['violations', 'hostile', 'not-measured'] as const) {
      const xml = await readFile(path.join(path.dirname(await reportOf(name)), 'junit.xml'), 'utf8');
      const [error, cases] = await page.evaluate((text: string) => {
        const parsed = new DOMParser().parseFromString(text, 'application/xml');
        return [
          parsed.querySelector('parsererror')?.textContent ?? null,
          parsed.querySelectorAll('testcase').length,
        ] as const;
      }, xml);
      assert.equal(error, null, name);
      assert.equal(cases, 6, name);
    }
  },
};

test('a reader can use the page, and nobody else', async (context) => {
  const browser = await startChromium(context);
  if (!browser) return;
  for (const [title, read] of Object.entries(readings)) await context.test(title, () => read(browser));
});
