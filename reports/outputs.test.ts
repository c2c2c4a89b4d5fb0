import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readRun } from '../record/read/run.ts';
import { type Summary, summary as summarySchema } from '../record/summary.ts';
import type { FixtureName } from './fixtures/index.ts';
import { madeRun, temporaryFolder } from './fixtures/temporary.ts';
import { writeReports } from './index.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { summarise } from './summary.ts';
import { summaryTable } from './table.ts';

const summaryOf = async (context: TestContext, name: FixtureName): Promise<Summary> =>
  summarise(await readRun(await madeRun(context, name)));

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

test('the table fits 80 columns, and becomes a list where a terminal is narrower than it', async (context) => {
  for (const name of ['good', 'violations', 'invalid', 'not-measured', 'hostile', 'nothing'] as const) {
    const table = summaryTable(await summaryOf(context, name), { columns: 80 });
    const widest = Math.max(...table.split('\n').map((line) => line.length));
    assert.ok(widest <= 80, `${name}: ${widest}`);
    assert.ok(!table.includes('\u001b'));
  }
  const narrow = summaryTable(await summaryOf(context, 'not-measured'), { columns: 40 });
  assert.match(narrow, /^Sticky sessions\n {2}CPU µs +\d+\n/);
  assert.match(narrow, /Memcached\n {2}CPU µs +not-measured\n {2}p50 ms +—/);
});

test('the table has no number of a strategy without a valid trial, but its wrong answers', async (context) => {
  const table = summaryTable(await summaryOf(context, 'invalid'), { columns: 100 });
  assert.match(table, /MySQL +invalid( +—){4} +0 +0/);
});

test('JUnit: wrong answers fail, no valid trial is an error, not measured is skipped', async (context) => {
  const wrong = junit(await summaryOf(context, 'violations'));
  assert.match(wrong, /<testsuites name="session-bench" tests="6" failures="1" errors="0" skipped="0">/);
  assert.match(
    wrong,
    /name="redis-cluster"[^>]*>\s*<failure message="wrong answers: 8 lost and 1 stale" type="violation">/,
  );
  assert.match(wrong, /<system-out>Requests without a usable answer: 6 timed out/);
  assert.match(
    junit(await summaryOf(context, 'invalid')),
    /name="mysql"[^>]*>\s*<error message="no valid trial" type="invalid">server-died/,
  );
  assert.match(
    junit(await summaryOf(context, 'not-measured')),
    /name="memcached"[^>]*>\s*<skipped message="not measured: missing: /,
  );
});

test('hostile text stays text in JUnit and Markdown', async (context) => {
  const summary = await summaryOf(context, 'hostile');
  const xml = junit(summary);
  assert.ok(
    !/<script|<img|]]>/.test(xml) && !xml.includes('\u001b') && !xml.includes('\u0000'),
    'markup or control characters in junit.xml',
  );
  assert.ok(xml.isWellFormed());
  const text = markdown(summary);
  assert.ok(
    !/<script|<img/.test(text) && !text.includes('\u001b') && !text.includes('\u0000'),
    'markup or control characters in report.md',
  );
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('Stick'));
  const cells = (row: string): number => row.replaceAll('\\|', '').split('|').length;
  assert.equal(cells(rows[0] ?? ''), 14);
});

test('Markdown says the answer first and lists what was not measured', async (context) => {
  const text = markdown(await summaryOf(context, 'not-measured'));
  assert.match(text, /^# session-bench\n\n\*\*At 900 requests/);
  assert.match(text, /\| Memcached \| not-measured \| — \| — \|/);
  assert.match(text, /⚠️ \*\*Warning\*\*: Memcached was not measured: .* Install it: brew install memcached/);
});

test('ranks are told in the terminal, in Markdown and in JUnit, where verdicts carry them', async (context) => {
  const summary = await summaryOf(context, 'verdicts');
  const table = summaryTable(summary, { columns: 80 });
  assert.match(table, /Sticky sessions +\d+ a +[\d.]+ a +[\d.]+ +\d/);
  assert.match(table, /MySQL +\d+ c +[\d.]+ d /);
  assert.match(table, /share a letter in a column are not told apart/);
  assert.ok(table.split('\n').every((line) => line.length <= 80));
  assert.match(summaryTable(summary, { columns: 30 }), /Sticky sessions\n {2}CPU µs +\d+ a\n/);

  const text = markdown(summary);
  assert.match(text, /## Comparisons\n\n\d+ of 60 comparisons DIFFERENT/);
  assert.match(text, /\| Sticky sessions \| 1 a \| 1 a \| 1 a \| 1–6 a \|/);
  assert.match(
    text,
    /\| MySQL \| CPU per request \| DIFFERENT \| MySQL uses \d+–\d+ % more CPU per request than Sticky/,
  );
  assert.match(text, /\| read p99 \| INCONCLUSIVE \| read p99 inconclusive: this run could only have seen/);

  const xml = junit(summary);
  assert.match(xml, /<property name="ranking cpuPerRequest" value="sticky a, (memcached|redis) b, /);
  assert.match(xml, /<system-out>DIFFERENT: .*comparisons inconclusive<\/system-out>\n {2}<\/testsuite>/);
  assert.match(xml, /failures="0"/);
});

test('where nothing is separated, no letter pretends to say something', async (context) => {
  const table = summaryTable(await summaryOf(context, 'good'), { columns: 80 });
  assert.doesNotMatch(table, /\d a\b/);
  assert.doesNotMatch(table, /letter/);
});
