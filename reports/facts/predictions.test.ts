/** The capacity that CPU time predicts, from the trials' records to the report. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import type { ValidTrial } from '../../record/read/trials.ts';
import { runRecord } from '../../record/run.ts';
import type { Prediction, Saturation } from '../../record/scaling.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { madeRun, reported, reportedWith } from '../fixtures/temporary.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { type Report, reportOf } from '../report.ts';
import { errorWords, limitWords, needWords } from '../words/scaling.ts';
import { atLowestKept } from './searches.ts';

const strategies = inventedStrategies.filter(({ name }) => ['sticky', 'postgres'].includes(name));
const rate = 400;
const small = { strategies, blocks: 2, measureSeconds: 1, rate } as const;

/** Two apps, of which one has this share. */
function split({ requests: { generator } }: TrialRecord, share: number): number[] {
  const first = generator * share;
  assert.ok(Number.isInteger(first), 'the fixture has a number of requests that can be split so');
  return [first, generator - first];
}

/** CPU time of each operation in microseconds, to the digit. */
const costing =
  (micros: { generator: number; balancer: number; app: number; store: number }) =>
  (record: TrialRecord): TrialRecord => {
    const operations = record.pacing.answered ?? 0;
    const used = (each: number) => ({ cpuMicros: each * operations, memoryBytes: 1e6 });
    const store = record.strategy === 'sticky' ? null : used(micros.store);
    const { generator, balancer, app } = micros;
    return {
      ...record,
      requests: { ...record.requests, apps: split(record, 0.5) },
      usage: { generator: used(generator), balancer: used(balancer), app: used(app), store },
    };
  };

const predictionOf = ({ summary }: Report, name: string): Prediction | undefined =>
  summary.predictions.find(({ strategy }) => strategy === name);

test('a rate is cores over CPU time, and cores are rate times CPU time over utilisation', async (t) => {
  const micros = { generator: 200, balancer: 300, app: 1_500, store: 500 };
  const report = await reportedWith(t, { ...small, trial: costing(micros) });
  const found = predictionOf(report, 'postgres') ?? assert.fail('no prediction');
  // The fixture's tiers share cores 0 and 1: 2 cores / 2,500 µs.
  assert.equal(Math.round(found.saturation?.rate ?? 0), 800);
  assert.deepEqual([found.from, found.trials, found.measured, found.error], [rate, 2, null, null]);
  assert.equal(Math.round(found.saturation?.atUtilisation ?? 0), 480);
  const [thousand, , most] = found.needs;
  assert.ok(thousand && Math.abs(thousand.app - 2.5) < 1e-9 && thousand.appProcesses === 3);
  assert.ok(Math.abs((thousand.store ?? 0) - 0.5 / 0.6) < 1e-9);
  // 1,000/s are more than twice the 400/s that were tested, and 20,000/s more than four times.
  assert.equal(thousand.basis, 'extrapolated');
  assert.deepEqual([most?.balancer, most?.store, most?.basis, most?.appProcesses], [null, null, 'none', 50]);
  const text = markdown(report.document);
  assert.match(
    text,
    /\| PostgreSQL \| 800 \| generator, balancer, apps, and servers on 2 cores \| scaled \| 480 \|/,
  );
  assert.match(text, /3\.8: apps 2\.5 \(at least 3\), servers 0\.8, balancer 0\.5; extrapolated/);
  assert.match(text, /\| apps 50 \(at least 50\); the rest is not known \|/);
});

test('who has no servers needs none at any rate', async (t) => {
  const report = await reportedWith(t, {
    ...small,
    trial: costing({ generator: 200, balancer: 300, app: 1_500, store: 500 }),
  });
  const sticky = predictionOf(report, 'sticky') ?? assert.fail('no prediction');
  assert.equal(Math.round(sticky.saturation?.rate ?? 0), 1_000);
  assert.deepEqual(
    sticky.needs.map(({ store }) => store),
    [0, 0, 0],
  );
});

test('apps that were uneven are predicted to carry less where a process is the limit', async (t) => {
  const cores = { generator: [0], balancer: [1], app: [2, 3, 4, 5], store: [6, 7] };
  const uneven = await reportedWith(t, {
    ...small,
    run: (record) => ({ ...record, placement: { ...record.placement, cores } }),
    trial: (record) => ({
      ...costing({ generator: 10, balancer: 10, app: 2_000, store: 10 })(record),
      requests: { ...record.requests, apps: split(record, record.strategy === 'sticky' ? 0.75 : 0.5) },
    }),
  });
  const [sticky, postgres] = ['sticky', 'postgres'].map((name) => predictionOf(uneven, name));
  assert.equal(Math.round(postgres?.saturation?.rate ?? 0), 1_000);
  assert.equal(Math.round(sticky?.saturation?.rate ?? 0), 667);
  assert.equal(sticky?.needs[0]?.appProcesses, 5);
});

const unknown: Readonly<Record<string, (record: TrialRecord) => TrialRecord>> = {
  'of the balancer': (record) => ({ ...record, usage: { ...record.usage, balancer: null } }),
  'of the apps': (record) => ({ ...record, usage: { ...record.usage, app: null } }),
  'of the servers': (record) => ({ ...record, usage: { ...record.usage, store: null } }),
  'of the generator': (record) => ({ ...record, usage: { ...record.usage, generator: null } }),
  'by app, of requests': (record) => ({ ...record, requests: { ...record.requests, apps: null } }),
};

for (const [name, without] of Object.entries(unknown))
  test(`what is not known ${name} is not predicted from`, async (t) => {
    const report = await reportedWith(t, { ...small, strategies: strategies.slice(1), trial: without });
    assert.deepEqual(report.summary.predictions, []);
    assert.ok(!markdown(report.document).includes('as CPU time predicts'));
  });

test('one strategy of which it is not known has a dash, and the others their number', async (t) => {
  const report = await reportedWith(t, {
    ...small,
    trial: (record) => {
      const known = costing({ generator: 200, balancer: 300, app: 1_500, store: 500 })(record);
      return record.strategy === 'sticky' ? { ...known, usage: { ...known.usage, app: null } } : known;
    },
  });
  assert.equal(report.summary.predictions.length, 1);
  assert.match(markdown(report.document), /\| Sticky sessions \| — \| — \| — \| — \|/);
});

/** The search of the fixture on a machine with one core. */
async function onOneCore(context: TestContext): Promise<Report> {
  const folder = await madeRun(context, 'capacity');
  const file = path.join(folder, 'run.json');
  const record = runRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  const cores = { generator: [0], balancer: [0], app: [0], store: [0] };
  const placement = { ...record.placement, cores };
  await writeFile(file, JSON.stringify({ ...record, placement }));
  return reportOf(await readRun(folder));
}

test('a search predicts from its lowest rate that was kept, and tells the error against what it found', async (t) => {
  const report = await onOneCore(t);
  const redis = predictionOf(report, 'redis') ?? assert.fail('no prediction');
  const rate = redis.saturation?.rate ?? assert.fail('too far');
  assert.deepEqual([redis.from, redis.measured, redis.saturation?.basis], [600, 940, 'extrapolated']);
  assert.deepEqual(
    [redis.error, redis.errorInterval],
    [rate / 940 - 1, { low: rate / 988 - 1, high: rate / 897 - 1 }],
  );
  const sticky = predictionOf(report, 'sticky') ?? assert.fail('no prediction');
  assert.deepEqual([sticky.measured, sticky.error, sticky.errorInterval], [null, null, null]);
  assert.equal(predictionOf(report, 'mysql'), undefined, 'no rate was kept');
  const text = terminal(report.document, { columns: 80 });
  assert.match(text, /Redis +[\d,]+ +940 +\+\d+ %/);
  assert.match(text, /Sticky sessions +[\d,]+ +— +—/);
});

test('what is more than four times what was tested is not told, and what was measured is', async () => {
  const report = await reported('capacity');
  const redis = predictionOf(report, 'redis') ?? assert.fail('no prediction');
  assert.deepEqual([redis.saturation, redis.measured, redis.error], [null, 940, null]);
  assert.ok(redis.needs.length > 0);
  assert.match(terminal(report.document, { columns: 80 }), /Redis +— +940 +—/);
});

test('trials far below the edge tell more of what lies idle than of operations', () => {
  const trial = (offeredRate: number, outcome: 'kept' | 'broken') => ({
    record: { offeredRate, promise: { outcome } },
  });
  const trials = [
    trial(13, 'kept'),
    trial(300, 'kept'),
    trial(250, 'kept'),
    trial(1000, 'kept'),
    trial(260, 'broken'),
  ];
  // Of a trial nothing else is looked at.
  const chosen = atLowestKept(trials as unknown as readonly ValidTrial[]);
  assert.deepEqual(
    chosen.map(({ record }) => record.offeredRate),
    [250],
  );
});

test('other designs predict nothing', async () => {
  for (const name of ['faults', 'footprint'] as const)
    assert.deepEqual((await reported(name)).summary.predictions, []);
});

test('processes are so many that each takes four times what was tested of one at most', async (t) => {
  const cheap = costing({ generator: 10, balancer: 10, app: 100, store: 10 });
  const report = await reportedWith(t, { ...small, trial: cheap });
  const found = predictionOf(report, 'postgres') ?? assert.fail('no prediction');
  // By CPU time 20,000/s take 4 processes; 2 were tested at 400/s.
  assert.equal(found.needs[2]?.appProcesses, 25);
});

test('in words', () => {
  assert.deepEqual([errorWords(0.123), errorWords(-0.034)], ['+12 %', '−3.4 %']);
  const words = (limit: Saturation['limit'], tiers: Saturation['tiers'], cores: number) =>
    limitWords({ limit, tiers, cores });
  assert.equal(words('cores', ['app', 'store'], 1), 'apps and servers on 1 core');
  assert.equal(words('budget', ['app'], 0.5), 'the CPU budget of the apps, 0.5 cores');
  assert.equal(words('processes', ['app'], 2), '2 app processes of one core each');
  assert.equal(words('processes', ['store'], 4), 'the threads of the servers, 4 cores');
  const need = { rate: 1000, app: 2.61, appProcesses: 3, balancer: 0.6, store: 0, basis: 'scaled' } as const;
  assert.equal(needWords(need), '3.2: apps 2.6 (at least 3), balancer 0.6');
  const far = { ...need, balancer: null, basis: 'none' } as const;
  assert.equal(needWords(far), 'apps 2.6 (at least 3); the rest is not known');
});
