import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { summary as summarySchema } from '../record/summary.ts';
import { madeRun, reported, temporaryFolder } from './fixtures/temporary.ts';
import { writeReports } from './index.ts';
import { junit } from './render/junit.ts';
import { markdown } from './render/markdown.ts';
import { terminal } from './render/terminal.ts';

/** The part of a terminal's text that is the table. */
const tableOf = (text: string): string => text.slice(text.indexOf('All strategies\n'));

test('all reports are written whole into the run folder, or where one is told', async (context) => {
  const run = await madeRun(context, 'single');
  const first = await writeReports(run);
  assert.deepEqual(
    summarySchema.parse(JSON.parse(await readFile(first.files.summary, 'utf8'))),
    first.summary,
  );
  assert.ok((await readFile(first.files.html, 'utf8')).endsWith('</html>\n'));
  assert.equal(path.dirname(first.files.html), run);
  const out = await temporaryFolder(context);
  const second = await writeReports(run, { out });
  assert.deepEqual((await readdir(out)).sort(), ['junit.xml', 'report.html', 'report.md', 'summary.json']);
  assert.equal(
    await readFile(second.files.html, 'utf8'),
    await readFile(first.files.html, 'utf8'),
    'the same run gives the same page',
  );
});

test('the table fits 80 columns, and becomes a list where a terminal is narrower than it', async () => {
  for (const name of ['good', 'violations', 'invalid', 'not-measured', 'hostile', 'nothing'] as const) {
    const table = tableOf(terminal((await reported(name)).document, { columns: 80 }));
    const widest = Math.max(...table.split('\n').map((line) => line.length));
    assert.ok(widest <= 80, `${name}: ${widest}`);
    assert.ok(!table.includes('\u001b'));
  }
  const narrow = terminal((await reported('not-measured')).document, { columns: 40 });
  assert.match(narrow, /\nSticky sessions\n {2}CPU µs +\d+ a\n/);
  assert.match(narrow, /Memcached\n {2}CPU µs +not measured\n {2}p50 ms +—/);
});

test('the table has no number of a strategy without a valid trial, but its wrong answers', async () => {
  const table = terminal((await reported('invalid')).document, { columns: 100 });
  assert.match(table, /MySQL +invalid( +—){4} +0 +0/);
});

test('a strategy that hardly answers leads nothing, is compared with none, and fails in every output', async () => {
  const { summary, document } = await reported('failed');
  const sticky = summary.strategies.find(({ name }) => name === 'sticky') ?? assert.fail('it is listed');
  assert.deepEqual([sticky.status, sticky.operations, sticky.memoryBytes.app], ['failed', {}, null]);
  assert.equal(sticky.reasons[0]?.code, 'strategy-failed');
  const compared = summary.comparisons.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  const ranked = summary.rankings.flatMap((ranking) => ranking.ranked.map(({ strategy }) => strategy));
  for (const names of [compared, ranked]) assert.ok(names.length > 0 && !names.includes('sticky'));
  assert.deepEqual([summary.findings[0]?.severity, summary.findings[0]?.code], ['alarm', 'strategy-failed']);
  const table = tableOf(terminal(document, { columns: 100 }));
  assert.match(table, /MySQL[^\n]*\n +Weaknesses[^\n]*\n *Sticky sessions +failed( +—){4} +0 +\d/);
  assert.match(markdown(document), /\| Sticky sessions \| \(failed\) \| — \|/);
  assert.match(
    junit(document),
    /failures="1"[\s\S]*name="sticky"[^>]*>\s*<failure [^>]*type="failed">strategy-failed/,
  );
});

test('JUnit: wrong answers fail, no valid trial is an error, not measured is skipped', async () => {
  const wrong = junit((await reported('violations')).document);
  assert.match(wrong, /<testsuites name="session-bench" tests="6" failures="1" errors="0" skipped="0">/);
  assert.match(
    wrong,
    /name="redis-cluster"[^>]*>\s*<failure message="wrong answers: 8 lost and 1 stale" type="violation"\/>/,
  );
  assert.match(wrong, /<system-out>Requests without a usable answer: 6 timed out/);
  assert.match(
    junit((await reported('invalid')).document),
    /name="mysql"[^>]*>\s*<error message="no valid trial" type="invalid">server-died/,
  );
  assert.match(
    junit((await reported('not-measured')).document),
    /name="memcached"[^>]*>\s*<skipped message="not measured: missing: /,
  );
});

test('hostile text stays text in JUnit and Markdown', async () => {
  const { document } = await reported('hostile');
  const xml = junit(document);
  assert.ok(
    !/<script|<img|]]>/.test(xml) && !xml.includes('\u001b') && !xml.includes('\u0000'),
    'markup or control characters in junit.xml',
  );
  assert.ok(xml.isWellFormed());
  const text = markdown(document);
  assert.ok(
    !/<script|<img/.test(text) && !text.includes('\u001b') && !text.includes('\u0000'),
    'markup or control characters in report.md',
  );
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('Stick'));
  const cells = (row: string): number => row.replaceAll('\\|', '').split('|').length;
  assert.equal(cells(rows[0] ?? ''), 13);
});

test('Markdown says the answer first and lists what was not measured', async () => {
  const text = markdown((await reported('not-measured')).document);
  assert.match(text, /^# session-bench\n\n\*\*At 900 requests/);
  assert.match(text, /\| Memcached \| \(not measured\) \| — \| — \|/);
  assert.match(text, /⚠️ \*\*Warning\*\*: Memcached was not measured: .* Install it: brew install memcached/);
});

test('ranks are told in the terminal, in Markdown and in JUnit, where verdicts carry them', async () => {
  const { document } = await reported('verdicts');
  const table = tableOf(terminal(document, { columns: 80 }));
  assert.match(table, /Sticky sessions +\d+ a +[\d.]+ a +[\d.]+ +\d/);
  assert.match(table, /MySQL +\d+ c +[\d.]+ d /);
  assert.match(table, /share a letter in a column are not told apart/);
  assert.ok(table.split('\n').every((line) => line.length <= 80));
  assert.match(terminal(document, { columns: 30 }), /Sticky sessions\n {2}CPU µs +\d+ a\n/);

  const text = markdown(document);
  assert.match(text, /## Comparisons\n\nOf 60 comparisons .* \*\*\d+\*\* came out as DIFFERENT/);
  const first = ['1', '1', '1', '1–6'].map((place) => String.raw`\*\*${place}\*\* a ×[\d.]+`).join(' \\| ');
  assert.match(text, new RegExp(String.raw`\| Sticky sessions \| ${first} \|`));
  assert.match(
    text,
    /\| MySQL \| CPU per request \| DIFFERENT \| .* \| MySQL uses [\d.–]+ (% more CPU per request than|times as much CPU per request as) Sticky/,
  );
  assert.match(
    text,
    /\| read p99 \| INCONCLUSIVE \| .* \| read p99 inconclusive: this run could only have seen/,
  );

  const xml = junit(document);
  assert.match(xml, /<property name="ranking cpuPerRequest" value="sticky a, (memcached|redis) b, /);
  assert.match(xml, /<system-out>DIFFERENT: .*comparisons inconclusive<\/system-out>\n {2}<\/testsuite>/);
  assert.match(xml, /failures="0"/);
});

test('where nothing is separated, no letter pretends to say something', async () => {
  const table = terminal((await reported('killed')).document, { columns: 80 });
  assert.doesNotMatch(table, /\d a\b/);
  assert.doesNotMatch(table, /letter/);
});
