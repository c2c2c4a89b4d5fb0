import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { lookCount } from '../../document/looks.ts';
import { judgedMetrics } from '../../facts/comparisons.ts';
import { type FixtureName, hostileText } from '../../fixtures/index.ts';
import { reported } from '../../fixtures/temporary.ts';
import { html as rendered } from './index.ts';
import { escapeHtml, html, jsonIsland } from './markup.ts';

const pageOf = async (name: FixtureName): Promise<string> => rendered((await reported(name)).document);

/** A page that has one section only: to draw the charts of all takes most of the time. */
async function pageWith(name: FixtureName, section: string): Promise<string> {
  const { document } = await reported(name);
  const sections = document.sections.filter(({ id }) => id === section);
  assert.equal(sections.length, 1, section);
  return rendered({ ...document, sections });
}

/** The page without what it brings from its packages and without the charts. */
const ownText = (page: string): string =>
  page.replace(/<script[\s>][\s\S]*?<\/script>/g, '').replace(/<style>[\s\S]*?<\/style>/g, '');

/** Half of a pair among them. Of those that mean something in a page, more than chance would give. */
const codeUnit = fc.oneof(
  fc.constantFrom(...'<>&"\'\u0000\u001b\ud800'),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);

test('escaped text cannot open a tag, end an attribute, or carry a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: codeUnit, maxLength: 60 }), (text) => {
      const escaped = escapeHtml(text);
      assert.doesNotMatch(escaped, /[<>"']/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(escaped, /[\u0000-\u0008\u001b]/);
      assert.equal(html`<p title="${text}">${text}</p>`.text, `<p title="${escaped}">${escaped}</p>`);
      assert.ok(escaped.isWellFormed());
    }),
  );
  assert.equal(html`${['a<', html`<b>${'&'}</b>`, null, false, 3]}`.text, 'a&lt;<b>&amp;</b>3');
});

test('a data island cannot end its element and keeps its value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      const island = jsonIsland({ value, text, close: '</script><!--' }).text;
      assert.doesNotMatch(island, /[<>&\u2028\u2029]/);
      assert.deepEqual(
        JSON.parse(island),
        JSON.parse(JSON.stringify({ value, text, close: '</script><!--' })),
      );
    }),
  );
});

test('text that tries to break out stays text', async () => {
  const page = await pageOf('hostile');
  assert.ok(hostileText.includes('</script><script>'));
  const lacks = (pattern: RegExp, where: string): void => assert.ok(!pattern.test(where), String(pattern));
  lacks(/<script>document/, page);
  lacks(/<img/, ownText(page));
  assert.ok(!page.includes('\u001b') && !page.includes('\u0000'));
  assert.ok(page.includes('&lt;/script&gt;&lt;script&gt;document.title=&#39;owned&#39;'));
  // Vega, Vega-Lite, vega-embed, our own and that of "Choose", and the data of both.
  assert.equal(page.match(/<script[\s>]/g)?.length, 7);
  assert.equal(page.match(/<\/script>/g)?.length, 7);
});

test('the page fetches nothing, and its policy admits its own scripts by their hash only', async () => {
  const page = await pageOf('single');
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  assert.match(policy, /^default-src &#39;none&#39;; script-src &#39;sha256-/);
  assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text ?? '');
  assert.equal(scripts.length, 5);
  for (const text of scripts)
    assert.ok(policy.includes(createHash('sha256').update(text).digest('base64')), text.slice(0, 60));
  assert.equal(/(?:src|href)="(?!data:,|#)[^"]*"/.exec(ownText(page))?.[0], undefined);
  assert.ok(!page.includes('sourceMappingURL'));
});

test('the answer is the first heading, and the findings come before any number', async () => {
  const page = ownText(await pageOf('violations'));
  const order = [
    '<h1',
    'id="findings"',
    'id="overview"',
    'id="comparisons"',
    'id="ranking"',
    'id="conclusive"',
    'id="choose"',
    'id="latency"',
    'id="resources"',
    'id="correctness"',
    'id="spread"',
    'id="timeline"',
    'id="validity"',
    'id="checks"',
    'id="setting"',
    'id="trials"',
  ];
  const places = order.map((mark) => page.indexOf(mark));
  assert.ok(
    places.every((place) => place > 0),
    String(places),
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.match(
    page.slice(page.indexOf('<h1'), page.indexOf('</h1>')),
    /<h1 class="bad">Wrong answers came from Redis Cluster/,
  );
});

test('a strategy without a valid trial has no number in table or chart', async () => {
  const page = await pageOf('invalid');
  const rows = [...ownText(page).matchAll(/<tr><th scope="row">[\s\S]*?<\/tr>/g)].map(([row]) => row);
  const [row = ''] = rows.filter((each) => each.includes('MySQL'));
  assert.match(row, /<td class="number"><span class="status">invalid</);
  assert.equal(row.match(/class="absent"/g)?.length, 5);
  const island = /id="charts">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  const specs: Record<string, object> = JSON.parse(island);
  for (const [id, spec] of Object.entries(specs))
    if (id !== 'validity') assert.doesNotMatch(JSON.stringify(spec), /"strategy":"MySQL"/, id);
  assert.match(JSON.stringify(specs.validity), /"strategy":"MySQL".*"standing":"left out"/);
});

async function sectionOf(name: FixtureName, id: string): Promise<string> {
  const page = await pageWith(name, id);
  const start = page.indexOf(`<section aria-labelledby="${id}"`);
  return page.slice(start, page.indexOf('</section>', start));
}

test('ratios are drawn for each judged metric, and the same numbers stand in tables below', async () => {
  const comparisons = await sectionOf('verdicts', 'comparisons');
  for (const metric of judgedMetrics)
    assert.ok(comparisons.includes(`data-chart="forest-${metric}"`), metric);
  const tables = [...comparisons.matchAll(/<caption class="unseen">([^<]*)<\/caption>([\s\S]*?)<\/table>/g)];
  const rows = (caption: string): number =>
    (tables.find(([, name]) => name === caption)?.[2]?.match(/<tr>/g)?.length ?? 1) - 1;
  assert.equal(rows('All against the reference'), 5 * judgedMetrics.length);
  assert.equal(rows('All pairs of strategies'), 15 * judgedMetrics.length);
  assert.equal(rows('Places by metric'), 6);
  assert.equal(rows('What would make this conclusive'), judgedMetrics.length);
  assert.match(
    comparisons,
    /Redis Cluster<\/th><td class="text"><span class="unbroken">CPU per request<\/span><\/td><td class="text">.*DIFFERENT/,
  );
  assert.match(
    comparisons,
    /aria-label="CPU per request\. Ratio to Sticky sessions, with interval\. [^"]*Memcached uses [\d.–]+ % more/,
  );
});

test('with too few blocks the page says how many it takes, and draws what was seen as what it is', async () => {
  const comparisons = await sectionOf('hostile', 'comparisons');
  assert.match(
    comparisons,
    /<b>0<\/b> came out as DIFFERENT, <b>0<\/b> as SAME and <b>40<\/b> as INCONCLUSIVE/,
  );
  assert.match(comparisons, /With 1 block nothing can be certain.*at least 2 blocks.*--blocks 2/);
  assert.match(comparisons, /any \(seen: [\d.]+–[\d.]+\)/);
});

test('validity shows each condition with its worst value, and what was left out for it', async () => {
  const validity = await sectionOf('invalid', 'validity');
  assert.match(validity, /<b>14<\/b> of 18 trials are valid/);
  assert.match(
    validity,
    /The generator has CPU to spare<\/th><td class="text">at most 85 % of its core<\/td><td class="number">[\d.]+ % <small>trial \d+<\/small><\/td><td class="number"><b class="bad">1<\/b>/,
  );
  assert.match(validity, /Every server lives.*<b class="bad">3<\/b>/);
});

test('checks are named with what was seen', async () => {
  const checks = await sectionOf('verdicts', 'checks');
  assert.match(checks, /<b>MySQL<\/b>: the first 2 s of its trials were \d+ % slower than the rest/);
  assert.match(checks, /<b>PostgreSQL, CPU per request<\/b>: it rose by [\d.]+ % a block/);
  assert.match(checks, /<b>Redis Cluster, CPU per request<\/b>: trial \d+ \([\d.]+× the median\)/);
});

test('seconds of the warm-up are drawn apart from those that count', async () => {
  const page = await pageWith('good', 'timeline');
  const island = /id="charts">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  const specs: Record<string, { data: { values: { x: number }[] } }> = JSON.parse(island);
  const seconds = new Set(specs['p99-redis']?.data.values.map(({ x }) => x));
  assert.deepEqual(
    [...seconds].sort((a, b) => a - b),
    [-1, 0, 1, 2, 3, 4, 5, 6, 7],
  );
  assert.match(JSON.stringify(specs['p99-redis']), /"what":"warm-up"/);
});

test('with no valid trial only the validity of trials is drawn, and the page says why', async () => {
  const page = await pageOf('nothing');
  const plots = [...page.matchAll(/class="plot" data-chart="([^"]*)"/g)].map(([, id]) => id);
  assert.deepEqual(plots, ['validity']);
  assert.match(page, /This run answers nothing/);
  assert.match(page, /there is no latency to show/);
});

test('a large run stays below 2 MB', async (context) => {
  const page = await pageOf('large');
  context.diagnostic(`${Buffer.byteLength(page)} bytes`);
  assert.ok(Buffer.byteLength(page) <= 2_000_000, `${Buffer.byteLength(page)} bytes`);
});

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

test('colours have the contrast of WCAG AA in both themes: 4.5 for text, 3 for marks', async () => {
  const style = await readFile(new URL('./theme.css', import.meta.url), 'utf8');
  const blocks = [...style.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) =>
    Object.fromEntries(
      [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
    ),
  );
  const [light, dark] = blocks;
  assert.ok(light?.panel && dark?.panel);
  for (const colours of [light, dark]) {
    const on = (name: string, ground: string): number =>
      contrast(colours[name] ?? '#000000', colours[ground] ?? '#000000');
    for (const text of ['fg', 'muted', 'accent', 'alarm', 'warning', 'ok'])
      for (const ground of ['bg', 'panel'])
        assert.ok(on(text, ground) >= 4.5, `${text} on ${ground}: ${on(text, ground)}`);
    for (const kind of ['alarm', 'warning'])
      for (const text of [kind, 'fg']) assert.ok(on(text, `${kind}-bg`) >= 4.5, `${text} on ${kind}`);
    for (let slot = 0; slot < lookCount; slot += 1)
      assert.ok(on(`s${slot}`, 'panel') >= 3, `s${slot}: ${on(`s${slot}`, 'panel')}`);
    for (const tier of ['app', 'store']) assert.ok(on(`tier-${tier}`, 'panel') >= 3, tier);
  }
});
