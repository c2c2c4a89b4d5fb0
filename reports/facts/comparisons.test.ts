import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import type { Comparison, Diagnostic, Summary } from '../../record/summary.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { madeRun, reported, reportedWith } from '../fixtures/temporary.ts';
import { reportOf } from '../report.ts';
import { fewestBlocks } from '../statistics/smallest-effect.ts';
import { preferred } from '../statistics/verdict.ts';
import { judgedMetrics } from './comparisons.ts';
import { blockFacts } from './facts.ts';
import { againstReference, referenceOf } from './reference.ts';
import { Verdicts } from './verdicts.ts';

function found({ comparisons }: Summary, metric: Comparison['metric'], a: string, b: string): Comparison {
  const one = comparisons.find(
    (each) =>
      each.metric === metric &&
      ((each.baseline === a && each.candidate === b) || (each.baseline === b && each.candidate === a)),
  );
  assert.ok(one, `${metric} of ${a} and ${b}`);
  return one;
}

/** CPU time of serving per request, from trial.json itself. */
async function cpuByBlock(folder: string, strategy: string): Promise<Map<number, number>> {
  const values = new Map<number, number>();
  for (const name of await readdir(path.join(folder, 'trials'))) {
    if (!name.endsWith(`-${strategy}`)) continue;
    const record: TrialRecord = JSON.parse(
      await readFile(path.join(folder, 'trials', name, 'trial.json'), 'utf8'),
    );
    const { balancer, app, store } = record.usage;
    const micros = (balancer?.cpuMicros ?? 0) + (app?.cpuMicros ?? 0) + (store?.cpuMicros ?? 0);
    values.set(record.block, micros / record.requests.generator);
  }
  return values;
}

test('every pair of strategies is judged on every judged metric, together', async (context) => {
  const folder = await madeRun(context, 'verdicts');
  const { summary } = reportOf(await readRun(folder));
  assert.equal(summary.comparisons.length, 15 * judgedMetrics.length);
  assert.ok(summary.comparisons.every(({ family }) => family === 60));
  const names = summary.strategies.map(({ name }) => name);
  for (const { baseline, candidate } of summary.comparisons)
    assert.ok(names.indexOf(baseline) < names.indexOf(candidate), 'in the order of the strategies');

  const redis = await cpuByBlock(folder, 'redis');
  const mysql = await cpuByBlock(folder, 'mysql');
  const ratios = [...redis].map(([block, value]) => (mysql.get(block) ?? Number.NaN) / value);
  assert.ok(ratios.every((ratio) => ratio > 1));
  const one = found(summary, 'cpuPerRequest', 'redis', 'mysql');
  assert.equal(one.verdict, 'DIFFERENT');
  assert.equal(one.pairs, 12);
  assert.ok(one.p !== null && one.adjustedP !== null);
  assert.ok(one.p < 0.0001 && one.adjustedP >= one.p);
  assert.ok((one.ratio ?? 0) > Math.min(...ratios) && (one.ratio ?? 0) < Math.max(...ratios));
  assert.match(one.sentence, /^MySQL uses \d+–\d+ % more CPU per request than Redis$/);
});

test('two strategies share a letter exactly when no verdict separates them, and places follow', async () => {
  for (const name of ['verdicts', 'good', 'invalid'] as const) {
    const { summary } = await reported(name);
    for (const { metric, ranked } of summary.rankings)
      for (const [at, better] of ranked.entries())
        for (const worse of ranked.slice(at + 1)) {
          const verdict = new Verdicts(summary.comparisons).between(worse.strategy, better.strategy, metric);
          const apart = verdict !== null && preferred(verdict) === 'baseline';
          const shared = [...better.letters].some((letter) => worse.letters.includes(letter));
          assert.equal(shared, !apart, `${name} ${metric}: ${better.strategy} and ${worse.strategy}`);
          if (apart)
            assert.ok(better.place.best < worse.place.best && better.place.worst < worse.place.worst);
        }
  }
});

test('invalid trials and strategies without a valid one are in no comparison', async () => {
  const { summary } = await reported('invalid');
  assert.ok(summary.comparisons.every(({ baseline, candidate }) => ![baseline, candidate].includes('mysql')));
  assert.equal(summary.comparisons.length, 10 * judgedMetrics.length);
  const one = found(summary, 'read.p50', 'redis', 'sticky');
  assert.deepEqual([one.pairs, one.missing], [2, 1]);
  assert.deepEqual((await reported('single')).summary.comparisons, []);
  assert.deepEqual((await reported('nothing')).summary.rankings, []);
});

test('a trial that is measured again stands for its block', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 3,
    measureSeconds: 1,
    rate: 100,
    strategies: inventedStrategies.slice(0, 2),
    // The third block's trial of each strategy stands in for its second, which was disturbed.
    trial: (record) =>
      record.block === 2
        ? { ...record, status: 'invalid', reasons: [{ code: 'host-steal', message: 'x', remedy: 'y' }] }
        : record.block === 3
          ? { ...record, block: 2 }
          : record,
  });
  assert.deepEqual(
    summary.comparisons.map(({ pairs, missing }) => [pairs, missing]),
    judgedMetrics.map(() => [2, 0]),
  );
});

test('an operation that the scenario has not is not judged', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 1,
    measureSeconds: 1,
    rate: 100,
    operations: ['login', 'read'],
  });
  assert.deepEqual(
    summary.rankings.map(({ metric }) => metric),
    ['cpuPerRequest', 'read.p50', 'read.p99'],
  );
});

test('the reference is the first in CPU per request, and all others are held against it', async (context) => {
  const run = await readRun(await madeRun(context, 'verdicts'));
  assert.equal(run.record.design.kind, 'blocks');
  const facts = run.record.design.kind === 'blocks' ? blockFacts(run, run.record.design) : assert.fail();
  assert.equal(referenceOf(facts), 'sticky');
  const held = againstReference(facts);
  assert.equal(held.length, 5 * judgedMetrics.length);
  assert.ok(held.every(({ verdict }) => verdict.baseline === 'sticky'));
  assert.equal(referenceOf((await reported('nothing')).summary), null);
});

test('how many blocks would settle the open comparisons is computed from them', async () => {
  const { summary: smoke } = await reported('hostile');
  assert.equal(new Verdicts(smoke.comparisons).fewestBlocks, fewestBlocks);
  assert.ok(
    smoke.findings.some(({ code, remedy }) => code === 'too-few-blocks' && /--blocks 2/.test(remedy)),
  );
  const { summary } = await reported('verdicts');
  const verdicts = new Verdicts(summary.comparisons);
  assert.equal(verdicts.fewestBlocks, null);
  const open = summary.comparisons.flatMap((each) => (each.verdict === 'INCONCLUSIVE' ? [each] : []));
  const { half, all, never } = verdicts.outlook;
  assert.equal(never, open.filter(({ needed }) => needed.kind === 'none').length);
  assert.ok(half !== null && all !== null && half > 12 && half <= all);
  const settled = (blocks: number): number =>
    open.filter(({ needed }) => needed.kind === 'blocks' && needed.blocks <= blocks).length;
  assert.ok(settled(half) >= (open.length - never) / 2);
  assert.equal(settled(all), open.length - never);
});

const seen = ({ diagnostics }: Summary): string[] =>
  diagnostics
    .filter(({ status, check }) => status === 'seen' && check !== 'outliers')
    .map((each) => `${each.check} ${each.strategy}${'metric' in each ? ` ${each.metric}` : ''}`);

test('warm-up that leaks, drift and outlying trials are seen where they are, and named', async () => {
  const { summary } = await reported('verdicts');
  assert.deepEqual(seen(summary), ['warmup mysql', 'drift postgres cpuPerRequest']);
  const outlier = summary.diagnostics.find(
    (each): each is Extract<Diagnostic, { check: 'outliers' }> =>
      each.check === 'outliers' && each.strategy === 'redis-cluster' && each.metric === 'cpuPerRequest',
  );
  assert.deepEqual(
    outlier?.detail?.trials.map(({ block }) => block),
    [5],
  );
  for (const code of ['warmup-seen', 'drift-seen', 'outliers-seen'])
    assert.ok(
      summary.findings.some((each) => each.code === code),
      code,
    );
  assert.match(
    summary.findings.find(({ code }) => code === 'warmup-seen')?.message ?? '',
    /MySQL: the first 2 s of its trials were \d+ % slower than the rest/,
  );
});

test('seconds that resemble their neighbours are seen over the trials of a strategy', async (context) => {
  const wave = (second: number): number => 1 + 0.3 * Math.sin((2 * Math.PI * second) / 24);
  const { summary } = await reportedWith(context, {
    blocks: 4,
    measureSeconds: 24,
    rate: 60,
    strategies: inventedStrategies.slice(0, 2),
    pace: (strategy, second) => (strategy === 'redis' ? wave(second) : 1),
  });
  const found = summary.diagnostics.filter(({ check }) => check === 'autocorrelation');
  assert.deepEqual(
    found.map(({ strategy, status }) => [strategy, status]),
    [
      ['sticky', 'not-seen'],
      ['redis', 'seen'],
    ],
  );
});

test('too short a run says of each check that it cannot tell', async () => {
  const { diagnostics } = (await reported('violations')).summary;
  assert.ok(diagnostics.length > 0 && diagnostics.every(({ status }) => status === 'unknown'));
  assert.ok(diagnostics.every(({ message, detail }) => message !== '' && detail === null));
});

test('eight and twelve strategies get verdicts from as many blocks as standard has', async (context) => {
  const standard = 12;
  for (const count of [8, 12]) {
    const strategies = Array.from({ length: count }, (_, at) => {
      const original = inventedStrategies[at % inventedStrategies.length];
      assert.ok(original);
      return { ...original, name: `${original.name}-${at}`, title: `${original.title} ${at}` };
    });
    const { summary } = await reportedWith(context, {
      blocks: standard,
      measureSeconds: 1,
      rate: 60,
      strategies,
    });
    assert.equal(summary.comparisons.length, ((count * (count - 1)) / 2) * judgedMetrics.length);
    const cpu = summary.comparisons.filter(({ metric }) => metric === 'cpuPerRequest');
    const cost = (name: string): string => name.replace(/-\d+$/, '');
    const costs = new Map(
      inventedStrategies.map(({ name, cpu: each }) => [name, each.app + (each.store ?? 0)]),
    );
    for (const { baseline, candidate, verdict } of cpu) {
      const [from, to] = [costs.get(cost(baseline)) ?? 0, costs.get(cost(candidate)) ?? 0];
      if (Math.abs(Math.log(to / from)) > Math.log(1.25))
        assert.equal(verdict, 'DIFFERENT', `${baseline} ${candidate}`);
      if (from === to) assert.notEqual(verdict, 'DIFFERENT', `${baseline} ${candidate}`);
    }
  }
});

test('three blocks give verdicts, and the first sentence says which is cheapest, and by how much', async () => {
  const { summary } = await reported('good');
  assert.ok(new Verdicts(summary.comparisons).tally.different > 0);
  assert.match(
    summary.answer,
    /^At 1,800 requests\/s, the least CPU per request is used by Sticky sessions, \d+–\d+ % less than/,
  );
});
