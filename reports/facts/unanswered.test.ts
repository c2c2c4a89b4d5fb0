/** A strategy that fails at once, in every number that a run or a comparison tells. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { noViolations, sumOf } from '../../record/common.ts';
import { comparison as comparisonSchema } from '../../record/gate.ts';
import { decodeHistogram, Histogram } from '../../record/histogram.ts';
import { readRun } from '../../record/read/run.ts';
import { summary as summarySchema } from '../../record/summary.ts';
import { encoded, newHistogram } from '../../record/testing/engine-files.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { writeComparedRun } from '../fixtures/compared-run.ts';
import {
  type Asked,
  inventedStrategies,
  type RunFolderOptions,
  writeRunFolder,
} from '../fixtures/run-folder.ts';
import { reportedWith, temporaryFolder } from '../fixtures/temporary.ts';
import { compareWithin } from '../gate/one-run.ts';
import { comparisonPage } from '../gate/page.ts';
import { compareRuns } from '../gate/two-runs.ts';
import { html } from '../render/html/index.ts';
import { markdown } from '../render/markdown.ts';
import { type Report, reportOf } from '../report.ts';
import { preferred } from '../statistics/verdict.ts';

/** Every 20th read takes 100 ms with one of them, and fails at once with the other. */
const answer =
  (slow: string, failing: string, every = 20) =>
  ({ strategy, operation, nth, usual }: Asked): number | null => {
    if (operation !== 'read' || nth % every !== 0) return usual;
    return strategy === slow ? 100_000 : strategy === failing ? null : usual;
  };
const small = { blocks: 12, measureSeconds: 1, rate: 400 } as const;
const options: RunFolderOptions = {
  ...small,
  strategies: inventedStrategies.filter(({ name }) => ['redis', 'memcached'].includes(name)),
  answer: answer('redis', 'memcached'),
};

const ending: (() => Promise<void>)[] = [];
let folder = '';
let report: Report;
before(async () => {
  folder = await temporaryFolder({ after: (end) => ending.push(end) });
  await writeRunFolder(path.join(folder, 'run'), options);
  report = reportOf(await readRun(path.join(folder, 'run')));
});
after(async () => {
  for (const end of ending) await end();
});

const failing = () =>
  report.summary.strategies.find(({ name }) => name === 'memcached') ?? assert.fail('memcached is missing');

test('a percentile among the failures is no number, in the strategy and in each of its trials', () => {
  const { read, write } = failing().operations;
  assert.ok(read && write);
  assert.deepEqual(
    [read.p99Ms, read.p999Ms, read.maxMs, read.serviceP99Ms],
    ['no answer', 'no answer', 'no answer', 'no answer'],
  );
  assert.ok(typeof read.p50Ms === 'number' && typeof write.maxMs === 'number');
  assert.equal(read.unanswered, sumOf(failing().errors));
  const trials = report.summary.trials.filter(({ strategy }) => strategy === 'memcached');
  assert.ok(trials.every(({ readP99Ms, readP50Ms }) => readP99Ms === 'no answer' && Number(readP50Ms) > 0));
  assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(report.summary))), report.summary);
});

test('each second says so too, and in the charts it is drawn at the top', async () => {
  const { trials } = await readRun(path.join(folder, 'run'));
  for (const trial of trials) {
    assert.ok(trial.kind === 'valid');
    for (const { p50Micros, p99Micros } of trial.measures.timeline)
      assert.deepEqual(
        [typeof p50Micros, p99Micros === 'no answer'],
        ['number', trial.strategy === 'memcached'],
      );
  }
  const page = await pageOf(report.document);
  assert.match(page, /12 seconds without one, since too many operations got no right answer/);
  assert.match(page, /12 trials at the right edge have none/);
});

test('other percentiles are of all operations that were due, as independent code has them', async () => {
  const merged = new Histogram();
  let failures = 0;
  for (const name of await readdir(path.join(folder, 'run/trials'))) {
    if (!name.endsWith('-memcached')) continue;
    const text = await readFile(path.join(folder, 'run/trials', name, 'histograms.jsonl'), 'utf8');
    for (const line of text
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each)))
      if (line.phase === 'measure' && line.operation === 'read') {
        merged.add(decodeHistogram(line.intended));
        failures += line.errors;
      }
  }
  const due = merged.total + failures;
  const { read } = failing().operations;
  assert.equal(read?.count, due);
  assert.equal(read.p50Ms, merged.valueAt(((0.5 * due) / merged.total) * 100) / 1000);
  assert.equal(read.p90Ms, merged.valueAt(((0.9 * due) / merged.total) * 100) / 1000);
});

test('no verdict favours the one that fails, and none of its places is before the other', () => {
  const favoured = report.summary.comparisons.map((verdict) => {
    const side = preferred(verdict);
    return [verdict.metric, side === null ? null : verdict[side]];
  });
  assert.deepEqual(favoured, [
    ['cpuPerRequest', null],
    ['read.p50', null],
    ['write.p50', null],
    ['read.p99', 'redis'],
  ]);
  for (const { metric, ranked } of report.summary.rankings)
    assert.equal(ranked[0]?.strategy, 'redis', metric);
  assert.ok(!/Memcached (uses|\d)/.test(report.summary.answer), report.summary.answer);
});

test('CPU time is that of each right answer, and the rate that of right answers', async () => {
  const values: number[] = [];
  const rates: number[] = [];
  for (const name of await readdir(path.join(folder, 'run/trials'))) {
    if (!name.endsWith('-memcached')) continue;
    const file = path.join(folder, 'run/trials', name, 'trial.json');
    const record: TrialRecord = JSON.parse(await readFile(file, 'utf8'));
    const failed = Object.values(record.operations).reduce((sum, { errors }) => sum + sumOf(errors), 0);
    values.push((record.usage.app?.cpuMicros ?? 0) / (record.requests.generator - failed));
    rates.push((record.offeredRate * (record.pacing.arrivals - failed)) / record.pacing.arrivals);
  }
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
  assert.ok(Math.abs((failing().cpuMicrosPerRequest.app ?? 0) / mean(values) - 1) < 1e-12);
  // The record's own rate is invented, and up to 0.04 % less than the offered one.
  assert.ok(Math.abs((failing().achievedRate ?? 0) / mean(rates) - 1) < 0.0005);
});

/** Without the programs that a page carries. */
const pageOf = async (document: Report['document']): Promise<string> =>
  (await html(document)).replaceAll(/<script\b.*?<\/script>/gs, '');
const noNumbers = /NaN|Infinity|undefined/;

test('every output says so, and shows no number that is none', async () => {
  const texts = [markdown(report.document), await pageOf(report.document)];
  for (const text of texts) {
    assert.match(text, /no answer/);
    assert.doesNotMatch(text, noNumbers);
  }
});

test('a side without any right answer has no number, and neither is it fast nor cheap', async (context) => {
  const run = await writeComparedRun(
    path.join(await temporaryFolder(context), 'run'),
    { cpu: 0.1 },
    { ...small, answer: ({ strategy, usual }) => (strategy === 'redis-candidate' ? null : usual) },
  );
  const read = await readRun(run);
  const comparison = comparisonSchema.parse(compareWithin(read, budgets));
  for (const { metric, outcome, improved, values } of comparison.results.slice(0, 3)) {
    assert.deepEqual([outcome, improved, values.candidate], ['regression', false, 'no answer'], metric);
    assert.equal(typeof values.baseline, 'number');
  }
  assert.doesNotMatch(markdown(comparisonPage(comparison)), noNumbers);
  assert.doesNotMatch(await pageOf(reportOf(read).document), noNumbers);
});

test('a wrong answer is no answer', async (context) => {
  const { summary } = await reportedWith(context, {
    ...options,
    answer: answer('redis', 'nobody'),
    trial: (record) => {
      const { read } = record.operations;
      if (record.strategy !== 'memcached' || !read) return record;
      const violations = { ...noViolations, stale: Math.ceil(read.count * 0.05) };
      return { ...record, operations: { ...record.operations, read: { ...read, violations } } };
    },
  });
  const found = summary.strategies.find(({ name }) => name === 'memcached');
  assert.equal(found?.operations.read?.p99Ms, 'no answer');
  for (const verdict of summary.comparisons) {
    const side = preferred(verdict);
    assert.notEqual(side && verdict[side], 'memcached', verdict.metric);
  }
});

const budgets = (['read.p50', 'read.p99', 'cpuPerRequest', 'achievedRate'] as const).map((metric) => ({
  metric,
  share: 0.05,
}));

test('the gate of one run: a candidate that fails where the baseline was slow is a regression', async (context) => {
  const run = await writeComparedRun(
    path.join(await temporaryFolder(context), 'run'),
    { cpu: 0.8, latency: 0.8 },
    { ...small, answer: answer('redis-baseline', 'redis-candidate') },
  );
  const comparison = comparisonSchema.parse(compareWithin(await readRun(run), budgets));
  const [p50, p99, cpu] = comparison.results;
  assert.deepEqual(
    [p50?.outcome, p99?.outcome, cpu?.outcome],
    ['inconclusive', 'regression', 'inconclusive'],
  );
  assert.ok(comparison.results.every(({ improved }) => !improved));
  assert.deepEqual([p99?.values.candidate, typeof p99?.values.baseline], ['no answer', 'number']);
  assert.match(markdown(comparisonPage(comparison)), /no answer/);
  const turned = await writeComparedRun(
    path.join(await temporaryFolder(context), 'run'),
    {},
    { ...small, answer: answer('redis-candidate', 'redis-baseline') },
  );
  const back = compareWithin(await readRun(turned), budgets);
  assert.deepEqual([back.results[1]?.outcome, back.results[1]?.improved], ['ok', true]);
});

test('the gate of two stored runs: the same', async (context) => {
  const parent = await temporaryFolder(context);
  const redis = inventedStrategies.filter(({ name }) => name === 'redis');
  const runOf = async (name: string, seed: number, does: RunFolderOptions['answer']) =>
    await readRun(
      await writeRunFolder(path.join(parent, name), {
        ...small,
        strategies: redis,
        seed,
        ...(does && { answer: does }),
      }),
    );
  const slow = await runOf('slow', 1, answer('redis', 'nobody'));
  const fails = await runOf('fails', 2, answer('nobody', 'redis'));
  const forth = comparisonSchema.parse(compareRuns(slow, fails, budgets));
  assert.equal(forth.results[1]?.outcome, 'regression');
  assert.ok(forth.results.every(({ improved }) => !improved));
  assert.ok(compareRuns(fails, slow, budgets).results[1]?.improved);
});

test('answers beyond the range of an older histogram are told as a bound', async (context) => {
  const parent = await temporaryFolder(context);
  const run = await writeRunFolder(path.join(parent, 'run'), { ...options, blocks: 1 });
  const old = newHistogram(60_000_000);
  for (const name of await readdir(path.join(run, 'trials'))) {
    const file = path.join(run, 'trials', name, 'histograms.jsonl');
    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each));
    for (const line of lines) {
      old.reset();
      for (let i = 0; i < line.count - line.errors; i += 1) old.recordValue(60_000_000);
      line.intended = encoded(old);
    }
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const { summary, document } = reportOf(await readRun(run));
  const redis = summary.strategies.find(({ name }) => name === 'redis');
  assert.deepEqual(redis?.operations.read?.maxMs, { moreThan: 60_000 });
  assert.deepEqual(redis?.operations.read?.p50Ms, { moreThan: 60_000 });
  assert.match(await pageOf(document), /&gt; 60,000/);
  assert.doesNotMatch(await pageOf(document), noNumbers);
});
