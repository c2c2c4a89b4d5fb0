import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import type { CapacityAnswer, PromiseTerm } from '../../record/search.ts';
import type { Summary } from '../../record/summary.ts';
import { madeRun, reported } from '../fixtures/temporary.ts';
import { html } from '../render/html/index.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { reportOf } from '../report.ts';
import { capacityInWords, promiseExplained, promiseInWords } from '../words/capacity.ts';
import { capacityOf, halfWidth } from './searches.ts';

const told = async (folder: string): Promise<Summary> => reportOf(await readRun(folder)).summary;
const strategyOf = (summary: Summary, name: string) =>
  summary.strategies.find((each) => each.name === name) ?? assert.fail(name);
/** What the search of a strategy came to, of a run that searched. */
const found = ({ design }: Summary, name: string): CapacityAnswer | null =>
  design.kind === 'search' ? capacityOf(design, name) : assert.fail(design.kind);

async function edit(file: string, change: (value: Record<string, unknown>) => object): Promise<void> {
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
}

test('the answer and its details name each kind of limit, and no number is sold as more than it is', async () => {
  const { answer, details } = (await reported('capacity')).summary;
  assert.equal(
    answer,
    'Under p99 < 50 ms and errors < 0.1 %, Memcached carried 930–1,020 requests/s, Redis 897–988, PostgreSQL 480–790, Sticky sessions at least 1,290, 2 more below. Memcached and Redis are not told apart, since their intervals overlap.',
  );
  assert.deepEqual(details, [
    'Memcached carried 930–1,020 requests/s on this machine, Redis 897–988, and PostgreSQL 480–790 (wider than the ±5 % aimed at).',
    'Sticky sessions carried at least 1,290 requests/s on this machine (the generator, not the strategy, was the limit) and Redis Cluster at least 400 (its limit was not found).',
    'MySQL kept it at no rate, not even at 10 requests/s.',
    'No wrong answer was seen.',
  ]);
  const single = (await reported('capacity-single')).summary;
  assert.equal(single.answer, 'Under p99 < 50 ms and errors < 0.1 %, Redis carried 897–988 requests/s.');
});

test('numbers of a strategy are of its trials at the highest rate that kept the promise', async () => {
  const { summary } = await reported('capacity');
  const redis = strategyOf(summary, 'redis');
  assert.equal(redis.offeredRate, 900);
  assert.deepEqual(redis.trials, { valid: 10, invalid: 0 });
  assert.equal(redis.requests.generator, redis.requests.apps);
  const mysql = strategyOf(summary, 'mysql');
  assert.deepEqual(
    [mysql.offeredRate, mysql.operations, found(summary, 'mysql')?.limit],
    [null, {}, 'none-passed'],
  );
});

test('findings say what the search met, and nothing of queues that it made on purpose', async () => {
  const { findings } = (await reported('capacity')).summary;
  const codes: readonly string[] = findings.map(({ code }) => code);
  for (const code of ['generator-limited', 'promise-never-kept', 'wide-interval', 'trials-repeated'])
    assert.ok(codes.includes(code), code);
  for (const code of ['overloaded', 'errors', 'differences-not-tested', 'generator-cpu', 'missing-trials'])
    assert.ok(!codes.includes(code), code);
});

test('an interrupted run says so, and gives what was found', async (context) => {
  const folder = await madeRun(context, 'capacity-single');
  await edit(path.join(folder, 'run.json'), (run) => ({ ...run, status: 'interrupted' }));
  const { answer, findings } = await told(folder);
  assert.match(answer, /^In a run that did not end, under p99 < 50 ms.* Redis carried 897–988/);
  assert.match(findings[0]?.message ?? '', /was interrupted after 10 trials; each answer is as far/);
});

test('a capacity file that is missing, cut off or edited is named, and the trials are still reported', async (context) => {
  const file = (folder: string) => path.join(folder, 'capacity.json');
  const damages: [RegExp, (folder: string) => Promise<void>][] = [
    [/it is missing/, (folder) => rm(file(folder))],
    [/it is cut off or no JSON/, (folder) => writeFile(file(folder), '{"schemaVersion": 1, "prom')],
    [
      /damaged or edited.*strategies\.0/,
      (folder) => edit(file(folder), (record) => ({ ...record, strategies: [{ name: 'redis', start: 1 }] })),
    ],
    [/schemaVersion is 9/, (folder) => edit(file(folder), (record) => ({ ...record, schemaVersion: 9 }))],
  ];
  for (const [why, damage] of damages) {
    const folder = await madeRun(context, 'capacity-single');
    await damage(folder);
    const summary = await told(folder);
    const finding = summary.findings.find(({ code }) => code === 'unreadable-capacity');
    assert.match(finding?.message ?? '', why);
    assert.equal(found(summary, 'redis'), null);
    assert.match(summary.answer, /this run found no capacity/);
    assert.equal(summary.trials.length, 10);
  }
});

test('a search whose trials are damaged is doubted by name', async (context) => {
  const folder = await madeRun(context, 'capacity-single');
  await writeFile(path.join(folder, 'trials/003-redis/trial.json'), '{');
  await edit(path.join(folder, 'trials/005-redis/trial.json'), (trial) => ({ ...trial, offeredRate: 77 }));
  const { findings } = await told(folder);
  const doubt = findings.find(({ code }) => code === 'doubtful-capacity');
  assert.match(
    doubt?.message ?? '',
    /capacity of redis rests on 10 trials, of which 2 cannot be checked any more: trial 3, 5\./,
  );
});

test('wrong answers come before any capacity', async (context) => {
  const folder = await madeRun(context, 'capacity-single');
  await edit(path.join(folder, 'trials/002-redis/trial.json'), (trial) => {
    const { operations } = trial as { operations: { read: object } };
    const violations = { lost: 3, stale: 0, resurrected: 0, crossed: 0 };
    return { ...trial, operations: { ...operations, read: { ...operations.read, violations } } };
  });
  const { answer } = await told(folder);
  assert.match(answer, /^Wrong answers came from Redis \(3 lost\); under p99 < 50 ms.* Redis carried/);
});

test('the table fits 80 columns, has the trials of each search, and becomes a list where it must', async () => {
  const { document } = await reported('capacity');
  const text = terminal(document, { columns: 80 });
  const table = text.slice(text.indexOf('Strategy  '));
  assert.ok(table.split('\n').every((line) => line.length <= 80));
  assert.match(table, /Sticky sessions +≥ 1,290 +— +the generator +8 +0\n/);
  assert.match(table, /Memcached +973 +930–1,020 +the strategy +10 +0\n/);
  assert.match(table, /MySQL +< 10 +— +no rate kept/);
  assert.match(terminal(document, { columns: 40 }), /\nSticky sessions\n {2}requests\/s +≥ 1,290\n/);
});

test('Markdown and the page have the promise, the table and each trial', async () => {
  const { document } = await reported('capacity');
  const text = markdown(document);
  assert.match(
    text,
    /## Capacity\n\nThe promise, .*: 99 % of all operations are answered in less than 50 ms/,
  );
  assert.match(
    text,
    /\| Redis \| \*\*940\*\* \| 897–988 \| [\d.]+ % \| the strategy \| — \| 10 \| 6 \| 4 \| 0 \| 0 \| 0 \|/,
  );
  const page = await html(document);
  assert.ok(page.includes('--capacity --slo &#39;p99&lt;50ms,errors&lt;0.1%&#39;'), 'how to repeat it');
  for (const heading of ['Capacity', 'The trials behind it', 'At the highest rate that kept the promise'])
    assert.ok(page.includes(`>${heading}</h2>`), heading);
  for (const heading of ['Latency by percentile', 'Second by second'])
    assert.ok(!page.includes(`>${heading}</h2>`), heading);
});

test('trials of other runs say nothing of a promise', async () => {
  const { summary } = await reported('single');
  assert.equal(summary.design.kind, 'blocks');
  assert.ok(summary.trials.every(({ promise }) => promise === null));
});

test('promises and bounds in words', () => {
  const terms: PromiseTerm[] = [
    { kind: 'latency', operation: 'read', percentile: 99.9, limitMicros: 1_500_000 },
    { kind: 'latency', operation: null, percentile: 50, limitMicros: 800 },
    { kind: 'errors', limitShare: 0.005 },
  ];
  assert.equal(promiseInWords({ text: '', terms }), 'read p99.9 < 1.5 s, p50 < 800 µs, and errors < 0.5 %');
  assert.match(
    promiseExplained({ text: '', terms }),
    /99\.9 % of operations "read" are answered in less than 1500 ms/,
  );
  const bounds = (low: number | null, high: number | null): CapacityAnswer => ({ ...unknown, low, high });
  assert.equal(capacityInWords(bounds(null, null)), null);
  assert.equal(capacityInWords(bounds(null, 10)), 'less than 10');
  assert.ok(Math.abs((halfWidth(bounds(95, 105)) ?? 0) - 0.0513) < 1e-3);
});

const unknown: CapacityAnswer = {
  ...{ limit: 'unknown', rate: null, low: null, high: null, confidence: null, precise: false },
  ...{ generatorLimit: null, trials: 0, ended: 'stopped', why: null },
  outcomes: { kept: 0, broken: 0, generatorLimited: 0, invalid: 0 },
};
