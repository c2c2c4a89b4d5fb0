/** Stored runs that contradict themselves: each planted contradiction is named, and none of its numbers is believed. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type EngineResult, engineResult } from '../record/engine.ts';
import type { Pages } from '../record/pages.ts';
import { readRun } from '../record/read/run.ts';
import { type RunRecord, runRecord } from '../record/run.ts';
import { encoded, newHistogram } from '../record/testing/engine-files.ts';
import { type TrialRecord, trialRecord } from '../record/trial.ts';
import { UserError } from '../record/user-error.ts';
import { inventedStrategies, writeRunFolder } from './fixtures/run-folder.ts';
import { madeRun, temporaryFolder } from './fixtures/temporary.ts';
import { compareRuns } from './gate/two-runs.ts';
import { outcomeOf } from './outcome.ts';
import { reportOf } from './report.ts';

const trialFolder = 'trials/001-redis';

async function edit<Value>(
  file: string,
  schema: { parse(value: unknown): Value },
  change: (value: Value) => void,
) {
  const value = schema.parse(JSON.parse(await readFile(file, 'utf8')));
  change(value);
  await writeFile(file, JSON.stringify(value));
}

const read = ({ operations }: Pick<TrialRecord, 'operations'>) => operations.read ?? assert.fail('no reads');

const noPages: Pages = {
  ...{ count: 0, failed: 0, settling: 0, clear: 0, writes: 0, lostUpdates: 0, takenVersions: 0 },
  ...{ logouts: 0, undoneLogouts: 0, logins: 0, survivedLogins: 0 },
  intended: encoded(newHistogram()),
};

/** What is planted into `trial.json`, and the field that must be named. */
const ofTrial: Readonly<Record<string, readonly [(record: TrialRecord) => void, RegExp]>> = {
  'more wrong answers than requests': [
    (record) => Object.assign(read(record).violations, { lost: 1e6 }),
    /operations\.read\.count .* violations 1000000/,
  ],
  'more errors than requests': [
    (record) => Object.assign(read(record).errors, { timeout: 1e6 }),
    /operations\.read\.count .* errors 1000000/,
  ],
  'a wrong answer that the engine did not see': [
    (record) => Object.assign(read(record).violations, { lost: 1 }),
    /operations\.read\.violations\.lost is 1, .*engine\.json says 0/,
  ],
  'fewer requests than the engine sent': [
    (record) => Object.assign(read(record), { count: 5 }),
    /requests\.generator \d+ is not the sum of operations/,
  ],
  'an operation that is gone': [
    (record) => Object.assign(record.operations, { logout: undefined }),
    /operations\.logout\.count is 0/,
  ],
  'more requests than the engine sent': [
    (record) => Object.assign(record.requests, { generator: record.requests.generator + 1 }),
    /requests\.generator/,
  ],
  'counts of the balancer and the apps that nothing explains': [
    (record) => Object.assign(record.requests, { balancer: 7 }),
    /requests differ .*balancer 7/,
  ],
  'answers of the balancer without an error': [
    (record) => Object.assign(record.requests, { byBalancer: 60 }),
    /requests\.byBalancer 60/,
  ],
  'more unanswered than arrivals': [
    (record) => Object.assign(record.pacing, { dropped: record.pacing.arrivals + 1 }),
    /pacing\.dropped \d+ is more than pacing\.arrivals/,
  ],
  'more answers than arrivals': [
    (record) => Object.assign(record.pacing, { answered: record.pacing.arrivals + 1 }),
    /pacing\.answered \d+ is more than pacing\.arrivals/,
  ],
  'fewer answers than right ones': [
    (record) => Object.assign(record.pacing, { answered: 10 }),
    /pacing\.answered 10/,
  ],
  'a median above the p99': [
    (record) => Object.assign(record.pacing, { lagP50Micros: 1e6 }),
    /pacing\.lagP50Micros 1000000 is more than pacing\.lagP99Micros/,
  ],
  'a p99 above the longest': [
    (record) => Object.assign(record.pacing, { waitP99Micros: 1e9 }),
    /pacing\.waitP99Micros 1000000000 is more than pacing\.waitMaxMicros/,
  ],
  'a wait of less than nothing': [
    (record) => Object.assign(record.pacing, { lastWaitMicros: -1 }),
    /pacing\.lastWaitMicros -1/,
  ],
  'no time': [(record) => Object.assign(record, { measuredSeconds: 0 }), /measuredSeconds 0/],
  'no rate': [(record) => Object.assign(record, { offeredRate: 0 }), /offeredRate 0 is no rate/],
  'a rate that is not the run’s': [
    (record) => Object.assign(record, { offeredRate: 9000 }),
    /offeredRate is 9000, and design\.rate\.value/,
  ],
  'a rate that the answers do not make': [
    (record) => Object.assign(record, { achievedRate: 10 }),
    /achievedRate is 10, and pacing/,
  ],
  'apps that served for nothing': [
    ({ usage }) => Object.assign(usage.app ?? {}, { cpuMicros: 0 }),
    /usage\.app\.cpuMicros is 0/,
  ],
  'servers that served for nothing': [
    ({ usage }) => Object.assign(usage.store ?? {}, { cpuMicros: 0 }),
    /usage\.store\.cpuMicros is 0/,
  ],
  'servers without memory': [
    ({ usage }) => Object.assign(usage.store ?? {}, { memoryBytes: 0 }),
    /usage\.store\.memoryBytes is 0/,
  ],
  'more CPU time than there was': [
    ({ usage }) => Object.assign(usage.app ?? {}, { cpuMicros: 1e12 }),
    /usage\.app\.cpuMicros 1000000000000 is more than 2 cores/,
  ],
  'more than the whole machine': [(record) => Object.assign(record, { foreignShare: 3 }), /foreignShare 3/],
  'more lost updates than writes': [
    (record) => Object.assign(record, { pages: { ...noPages, lostUpdates: 9 } }),
    /pages\.lostUpdates 9 is more than pages\.writes 0/,
  ],
  'more undone logouts than logouts': [
    (record) => Object.assign(record, { pages: { ...noPages, undoneLogouts: 1 } }),
    /pages\.undoneLogouts 1 is more than pages\.logouts 0/,
  ],
  'pages without latencies': [
    (record) => Object.assign(record, { pages: { ...noPages, count: 4 } }),
    /pages\.intended has 0 values/,
  ],
  'latencies of pages that are none': [
    (record) => Object.assign(record, { pages: { ...noPages, intended: 'none' } }),
    /pages\.intended is no histogram/,
  ],
  'a block that the design does not have': [(record) => Object.assign(record, { block: 40 }), /block is 40/],
  'a reason in spite of being valid': [
    (record) => record.reasons.push({ code: 'host-busy', message: 'm', remedy: 'r' }),
    /status is valid, and reasons/,
  ],
  'invalid without a reason': [(record) => Object.assign(record, { status: 'invalid' }), /status is invalid/],
};

test('a trial that contradicts itself is named with its field and left out', async (context) => {
  for (const [what, [plant, field]] of Object.entries(ofTrial)) {
    const folder = await madeRun(context, 'single');
    await edit(path.join(folder, trialFolder, 'trial.json'), trialRecord, plant);
    await assertLeftOut(folder, field, what);
  }
});

const ofEngine: Readonly<Record<string, readonly [(engine: EngineResult) => void, RegExp]>> = {
  'wrong answers that the trial does not tell': [
    ({ phases }) => Object.assign(read(phases.measure).violations, { crossed: 4 }),
    /operations\.read\.violations\.crossed is 0, and engine\.json says 4/,
  ],
  'a load that did not end': [
    (engine) => Object.assign(engine, { status: 'interrupted' }),
    /engine\.json is interrupted/,
  ],
  'impossible counts': [
    ({ phases }) => Object.assign(read(phases.measure).violations, { crossed: 1e6 }),
    /engine\.json: phases\.measure\.operations\.read\.count/,
  ],
};

test('so is one whose engine.json tells otherwise', async (context) => {
  for (const [what, [plant, field]] of Object.entries(ofEngine)) {
    const folder = await madeRun(context, 'single');
    await edit(path.join(folder, trialFolder, 'engine.json'), engineResult, plant);
    await assertLeftOut(folder, field, what);
  }
});

test('and one whose histograms do', async (context) => {
  const plants: readonly (readonly [RegExp, string, RegExp])[] = [
    [/("measure"[^}]*"read"[^}]*"errors":)0/, '$13', /read/],
    [/("measure"[^}]*"read"[^}]*"violations":)0/, '$13', /read/],
    [/("measure"[^}]*"login"[^}]*"count":)\d+/, '$19', /login/],
  ];
  for (const [from, to, field] of plants) {
    const folder = await madeRun(context, 'single');
    const file = path.join(folder, trialFolder, 'histograms.jsonl');
    const text = await readFile(file, 'utf8');
    const planted = text.replace(from, to);
    assert.notEqual(planted, text);
    await writeFile(file, planted);
    await assertLeftOut(folder, field, String(from));
  }
});

async function assertLeftOut(folder: string, field: RegExp, what: string): Promise<void> {
  const { summary } = reportOf(await readRun(folder));
  assert.ok(
    summary.findings.some(({ message }) => message.includes(trialFolder) && field.test(message)),
    `${what}: ${summary.findings.map(({ message }) => message).join('\n')}`,
  );
  const [trial] = summary.trials;
  assert.notEqual(trial?.status, 'valid', what);
  assert.equal(trial?.achievedRate, null, what);
  assert.deepEqual(summary.strategies[0]?.operations, {}, what);
  assert.notEqual(outcomeOf(summary, true), 'ok', what);
}

test('wrong answers of a trial that is not believed still count, by whichever file tells of more', async (context) => {
  const folder = await madeRun(context, 'single');
  await edit(path.join(folder, trialFolder, 'engine.json'), engineResult, ({ phases }) =>
    Object.assign(read(phases.measure).violations, { crossed: 4 }),
  );
  assert.equal(reportOf(await readRun(folder)).summary.strategies[0]?.violations?.crossed, 4);
  const other = await madeRun(context, 'single');
  await edit(path.join(other, trialFolder, 'trial.json'), trialRecord, (record) =>
    Object.assign(read(record).violations, { lost: 3 }),
  );
  assert.equal(reportOf(await readRun(other)).summary.strategies[0]?.violations?.lost, 3);
});

const ofRun: Readonly<Record<string, readonly [(record: RunRecord) => void, RegExp]>> = {
  'a strategy twice': [({ strategies }) => strategies.push(...strategies), /strategies names redis twice/],
  'a strategy twice in a block': [({ plan }) => plan.order[0]?.push('redis'), /redis twice in block 1/],
  'a stranger in the plan': [({ plan }) => plan.order[0]?.push('etcd'), /plan\.order names etcd/],
  'a rate of 0': [
    ({ design }) => Object.assign((design.kind === 'blocks' && design.rate) || {}, { value: 0 }),
    /design\.rate\.value 0/,
  ],
  'no time': [({ plan }) => Object.assign(plan, { measureSeconds: 0 }), /plan\.measureSeconds 0/],
  'blocks that the design does not have': [
    ({ plan }) => plan.order.push(['redis']),
    /plan\.order has 2 blocks, and design\.blocks is 1/,
  ],
};

test('a run.json that contradicts itself is no run', async (context) => {
  for (const [what, [plant, field]] of Object.entries(ofRun)) {
    const folder = await madeRun(context, 'single');
    await edit(path.join(folder, 'run.json'), runRecord, plant);
    await assert.rejects(readRun(folder), (error: unknown) => {
      assert.ok(error instanceof UserError && error.kind === 'invalid', what);
      assert.match(error.message, field, what);
      return true;
    });
  }
});

/** A run of one strategy with enough blocks for the gate. */
async function twelveBlocks(context: TestContext): Promise<string> {
  const folder = path.join(await temporaryFolder(context), 'run');
  const strategies = inventedStrategies.filter(({ name }) => name === 'redis');
  return writeRunFolder(folder, { strategies, blocks: 12, measureSeconds: 1, rate: 100 });
}

test('neither of two valid trials of one strategy in one block is believed', async (context) => {
  const folder = await twelveBlocks(context);
  await edit(path.join(folder, 'trials/002-redis/trial.json'), trialRecord, (record) =>
    Object.assign(record, { block: 1 }),
  );
  const { summary } = reportOf(await readRun(folder));
  assert.deepEqual(
    summary.trials.filter(({ status }) => status !== 'valid').map(({ number }) => number),
    [1, 2],
  );
  assert.ok(
    summary.findings.some(({ message }) => message.includes('block 1 has 2 valid trials of redis, 1, 2')),
  );
});

test('the gate passes no run by trials that contradict themselves', async (context) => {
  const baseline = await twelveBlocks(context);
  const candidate = await twelveBlocks(context);
  const judged = async () =>
    compareRuns(await readRun(baseline), await readRun(candidate), [{ metric: 'cpuPerRequest', share: 0.1 }]);
  assert.equal((await judged()).outcome, 'ok');
  for (let number = 1; number <= 12; number += 1) {
    const name = `trials/${String(number).padStart(3, '0')}-redis/trial.json`;
    await edit(path.join(candidate, name), trialRecord, ({ usage }) =>
      Object.assign(usage.app ?? {}, { cpuMicros: 0 }),
    );
  }
  const comparison = await judged();
  assert.equal(comparison.outcome, 'invalid');
  assert.ok(comparison.findings.some(({ code }) => code === 'contradictory-trial'));
});
