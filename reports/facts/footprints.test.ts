import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FootprintSeries } from '../../record/footprint.ts';
import { readRun } from '../../record/read/run.ts';
import type { Summary } from '../../record/summary.ts';
import { writeFootprintRun } from '../fixtures/footprint.ts';
import { madeRun, reported, temporaryFolder } from '../fixtures/temporary.ts';
import { html } from '../render/html/index.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { reportOf } from '../report.ts';

const seriesOf = ({ footprint }: Summary, name: string, payload: number) =>
  footprint.find(({ strategy, payloadBytes }) => strategy === name && payloadBytes === payload) ??
  assert.fail(`${name} ${payload}`);

const codesOf = ({ findings }: Summary) => findings.map(({ code }) => code);

test('the summary has what one more session takes, and what rests on it', async () => {
  const { summary } = await reported('footprint');
  const redis = seriesOf(summary, 'redis', 200);
  assert.deepEqual(
    [redis.storeBytesPerSession, redis.storeBytesPerSessionAtMost, redis.storeFixedBytes, redis.keptIn],
    [690, 760, 9 * 2 ** 20, 'memory'],
  );
  assert.deepEqual([redis.appBytesPerSession, redis.appBytesPerSessionAtMost], [null, 12.5]);
  assert.deepEqual([redis.testedFrom, redis.testedTo, redis.heldOutError], [1_000, 100_000, 0]);
  const sticky = seriesOf(summary, 'sticky', 200);
  assert.deepEqual(
    [sticky.storeBytesPerSession, sticky.storeFixedBytes, sticky.appBytesPerSession, sticky.keptIn],
    [0, 0, 650, 'apps'],
  );
  const most = Math.max(
    ...sticky.sizes.map(({ sessions, weighed }) => (weighed.appMemory ?? 0) - 650 * sessions),
  );
  assert.ok(most > 130 * 2 ** 20);
  assert.deepEqual(
    [sticky.appFixedBytes, seriesOf(summary, 'redis', 200).appFixedBytes],
    [most, 130 * 2 ** 20],
  );
  assert.equal(seriesOf(summary, 'postgres', 1_700).storeBytesPerSession, 3_400);
});

test('numbers of reads are those of the trial among so many sessions', async () => {
  const { summary } = await reported('footprint');
  const { sizes, expiry } = seriesOf(summary, 'postgres', 200);
  assert.equal(sizes[0]?.readP50Ms, null);
  for (const { sessions, readP50Ms, cpuMicrosPerRead, logged } of sizes.slice(1)) {
    assert.ok(typeof readP50Ms === 'number' && readP50Ms > 0, String(sessions));
    assert.ok((cpuMicrosPerRead ?? 0) > 100);
    assert.deepEqual(logged, { login: 760, write: 810 });
  }
  assert.deepEqual([expiry?.seconds, expiry?.gone], [null, 20_000]);
  assert.ok(typeof expiry?.during.readP99Ms === 'number');
});

test('the answer names the least first, with what the numbers are of', async () => {
  const { answer, details } = (await reported('footprint')).summary;
  assert.match(
    answer,
    /^A session with 1,700 B of payload takes 2,150 B in Sticky sessions, 2,230 in Redis, 3,400 in PostgreSQL\./,
  );
  assert.match(
    details.join('\n'),
    /With 200 B of payload, by up to 100,000 sessions: Sticky sessions 650 B of the apps’ memory as Node.js counts it for each and 130 MiB/,
  );
});

test('findings: a prediction that is off, sessions that stay, a series that stopped, room that was made', async () => {
  const { summary } = await reported('footprint');
  const told = (code: string) =>
    summary.findings.find((each) => each.code === code) ?? assert.fail(`no ${code} in ${codesOf(summary)}`);
  assert.match(told('prediction-off').message, /PostgreSQL, 1,700 B: 100,000 sessions took .* more than/);
  assert.match(told('expiry-slow').message, /PostgreSQL, 200 B: of 100,000 .* 20,000 were gone after 30 s/);
  assert.match(
    told('footprint-stopped').message,
    /Sticky sessions, 1,700 B: .* after 10,000 sessions: app-1 ended/,
  );
  assert.equal(told('budgets-raised').severity, 'note');
  assert.ok(!codesOf(summary).includes('bulk-differs'));
  // One for all strategies whose apps keep no sessions.
  const flat = summary.findings.filter(({ code }) => code === 'sessions-unresolved');
  assert.deepEqual(
    flat.map(({ severity, message }) => [severity, message]),
    [
      [
        'note',
        'In the apps, sessions of Redis and PostgreSQL took less than readings tell apart: at most 13 B for each.',
      ],
    ],
  );
});

/** A run whose first series, Redis with 200 B, is another one. */
async function withRedis(t: TestContext, change: (redis: FootprintSeries) => FootprintSeries) {
  const folder = await writeFootprintRun(path.join(await temporaryFolder(t), 'run'), (record) => ({
    ...record,
    series: record.series.map((series, at) => (at === 0 ? change(series) : series)),
  }));
  return reportOf(await readRun(folder));
}

const withLine = (redis: FootprintSeries, line: object): FootprintSeries => ({
  ...redis,
  fits: redis.fits.map((fit) =>
    fit.weight === 'storeMemory' ? { ...fit, line: { ...fit.line, ...line }, heldOut: null } : fit,
  ),
});

test('what readings do not tell apart is no number anywhere, and a finding says how much it is at most', async (t) => {
  const { summary, document } = await withRedis(t, (redis) =>
    withLine(redis, { bytesPerSession: null, bytesPerSessionAtMost: 1_396.2 }),
  );
  const redis = seriesOf(summary, 'redis', 200);
  assert.deepEqual(
    [redis.storeBytesPerSession, redis.storeBytesPerSessionAtMost, redis.heldOutError],
    [null, 1_396.2, null],
  );
  assert.ok(
    summary.findings.some(
      ({ message }) =>
        message ===
        'Redis, 200 B: up to 100,000 sessions took less than readings tell apart: at most 1,397 B for each.',
    ),
  );
  const text = markdown(document);
  assert.match(text, /\| Redis +\| +— +\|/);
  assert.ok(!summary.details.join().includes('Redis 0 B'));
  assert.ok((await html(document)).includes('footprint-200'));
});

test('a line of before, which had 0 for what is not told, has no number now', async (t) => {
  const { summary } = await withRedis(t, (redis) =>
    withLine(redis, { bytesPerSession: 0, bytesPerSessionAtMost: undefined }),
  );
  const { storeBytesPerSession, storeBytesPerSessionAtMost } = seriesOf(summary, 'redis', 200);
  assert.deepEqual([storeBytesPerSession, storeBytesPerSessionAtMost], [null, null]);
  assert.ok(codesOf(summary).includes('sessions-unresolved'));
});

test('a largest number that nothing predicts is told', async (t) => {
  const { summary } = await withRedis(t, (redis) => withLine(redis, {}));
  assert.ok(codesOf(summary).includes('unpredicted'));
});

test('what is not known of sessions that go is told with why, for each way in which it may be missing', async (t) => {
  const goings: readonly (readonly [Partial<NonNullable<FootprintSeries['expiry']>> | null, RegExp])[] = [
    [{ trialBefore: null }, /nothing was read before sessions ended/],
    [{ gone: null }, /nobody counts/],
    [null, /not watched/],
  ];
  for (const [change, expected] of goings) {
    const { summary } = await withRedis(t, (redis) => ({
      ...redis,
      expiry: change && redis.expiry && { ...redis.expiry, ...change },
    }));
    const told = summary.findings.filter(({ code }) => code === 'going-unknown');
    assert.ok(
      told.some(({ message }) => message.startsWith('Redis, 200 B: ') && expected.test(message)),
      JSON.stringify(told),
    );
  }
  const untold = await withRedis(t, (redis) => ({
    ...redis,
    weighedCleared: redis.weighedCleared && { ...redis.weighedCleared, storeMemory: null },
  }));
  assert.ok(untold.summary.findings.some(({ message }) => /nobody tells what was still taken/.test(message)));
});

test('memory that is given back is a share of what sessions had taken', async () => {
  const text = markdown((await reported('footprint')).document);
  assert.match(text, /Given back/);
  assert.match(text, /\| Redis +\| +200 \|[^\n]*\| +(99|100)[^|]*% \|/);
});

test('a session that is not what a login writes is an alarm', async (t) => {
  const folder = await writeFootprintRun(path.join(await temporaryFolder(t), 'run'), (record) => ({
    ...record,
    series: record.series.map((series, at) => ({
      ...series,
      points: series.points.map((point) =>
        at === 0 ? { ...point, difference: 'it differs in cookie' } : point,
      ),
    })),
  }));
  const { findings } = reportOf(await readRun(folder)).summary;
  const found = findings.find(({ code }) => code === 'bulk-differs');
  assert.deepEqual([found?.severity, found?.message], ['alarm', 'Redis, 200 B: it differs in cookie.']);
});

test('every output tells the same bytes', async () => {
  const { document } = await reported('footprint');
  for (const [name, text] of Object.entries({
    terminal: terminal(document, { columns: 120 }),
    markdown: markdown(document),
    html: await html(document),
  })) {
    for (const bytes of ['690', '2,230', '840', '3,400', '650', '2,150'])
      assert.ok(text.includes(bytes), `${name} ${bytes}`);
  }
  assert.ok((await html(document)).includes('footprint-1700'));
  assert.ok(junit(document).includes('name="redis"'));
});

test('the command to repeat it has sizes, payloads and rate', async () => {
  const text = markdown((await reported('footprint')).document);
  assert.ok(
    text.includes(
      '--footprint --strategy sticky --strategy redis --strategy postgres --preset quick --sessions 1000,10000,100000 --payload 200,1700 --rate 200',
    ),
    text.split('\n').find((line) => line.includes('--footprint')),
  );
});

test('a record that cannot be used is a problem, and the trials stay', async (t) => {
  const folder = await madeRun(t, 'footprint');
  const file = path.join(folder, 'footprint.json');
  const whole = await readFile(file, 'utf8');
  const damages: readonly (() => Promise<void>)[] = [
    () => writeFile(file, whole.slice(0, 1000)),
    () => writeFile(file, whole.replace('"schemaVersion": 1', '"schemaVersion": 99')),
    () => writeFile(file, whole.replace('"keptIn": "memory"', '"keptIn": "nowhere"')),
    () => rm(file),
  ];
  for (const damage of damages) {
    await damage();
    const { summary } = reportOf(await readRun(folder));
    assert.deepEqual(summary.footprint, []);
    assert.ok(codesOf(summary).includes('unreadable-footprint'));
    assert.ok(summary.trials.every(({ status }) => status === 'valid'));
    await writeFile(file, whole);
  }
  await rm(path.join(folder, 'trials/002-redis'), { recursive: true });
  const { summary } = reportOf(await readRun(folder));
  assert.match(
    summary.findings.find(({ code }) => code === 'unreadable-footprint')?.message ?? '',
    /of redis, of which 2 cannot be found/,
  );
  assert.equal(seriesOf(summary, 'redis', 200).sizes[2]?.readP50Ms, null);
});
