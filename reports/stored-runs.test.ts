/** Runs that an older session-bench stored: they are read, and their numbers are those that it told. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { blocksIn, hasBlocks } from '../record/design.ts';
import { inOrder } from '../record/latency.ts';
import { readRun } from '../record/read/run.ts';
import type { Summary } from '../record/summary.ts';
import { trialRecord } from '../record/trial.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import { reportOf } from './report.ts';

const golden = path.join(import.meta.dirname, 'fixtures/golden/version-1');

/** Every value that is neither list nor object, with its path. */
function leavesOf(value: unknown, at = ''): [path: string, value: unknown][] {
  if (value === null || typeof value !== 'object') return [[at, value]];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, `${at}.${key}`));
}

/** Pairs are judged together now: what was measured of them is as it was, what the judging says of it is another. */
const judgedAnew =
  /^\.comparisons\.\d+\.(?!metric|baseline|candidate|pairs|missing|unusable|floor|spread|ratio)/;

/** It takes fewer blocks now. */
const findings = z.array(z.looseObject({ code: z.string() }));
const withoutBlocks = (found: unknown) =>
  findings.parse(found).map((each) => (each.code === 'too-few-blocks' ? { code: each.code } : each));

const numbersOf = ({ findings, ...value }: { readonly findings?: unknown }) =>
  new Map(leavesOf({ ...value, findings: withoutBlocks(findings) }).filter(([at]) => !judgedAnew.test(at)));

/** What moved or is new since version 1, put back to where it was; the answer has other words now. */
function asVersion1({
  design,
  plan,
  details: _details,
  answer: _answer,
  footprint: _footprint,
  predictions: _predictions,
  ...kept
}: Summary) {
  const search = design.kind === 'search' ? design : null;
  const { idleSeconds: _idle, ...older } = plan;
  const { siblings: _siblings, kinds: _kinds, ...placement } = kept.placement;
  return {
    ...kept,
    schemaVersion: 1,
    placement,
    plan: { blocks: blocksIn(design), ...older },
    rate: hasBlocks(design) ? design.rate : null,
    capacity: search && {
      promise: search.promise,
      maxTrials: search.maxTrials,
      precision: search.precision,
      confidence: search.confidence,
    },
    strategies: kept.strategies.map((strategy) => {
      const { strategy: _name, ...answer } =
        search?.answers.find((each) => each.strategy === strategy.name) ?? {};
      const operations = Object.entries(strategy.operations).map(
        ([name, { unanswered: _unanswered, ...operation }]) => [name, operation] as const,
      );
      const { byBalancer: _byBalancer, ...requests } = strategy.requests;
      const { concurrency: _concurrency, balance: _balance, weaknesses: _weaknesses, ...older } = strategy;
      return {
        ...older,
        requests,
        operations: Object.fromEntries(operations),
        capacity: search ? answer : null,
      };
    }),
  };
}

for (const name of ['blocks', 'search'])
  test(`a stored run of version 1 has the numbers that it had: ${name}`, async () => {
    const { summary } = reportOf(await readRun(path.join(golden, name)));
    const text = await readFile(path.join(golden, name, 'summary-1.json'), 'utf8');
    const { answer: _answer, ...before } = z.looseObject({ answer: z.string() }).parse(JSON.parse(text));
    assert.equal(summary.design.kind, name);
    assert.deepEqual(numbersOf(asVersion1(summary)), numbersOf(before));
  });

test('numbers of a stored run change where operations failed, and nowhere else', async (context) => {
  const folder = path.join(await temporaryFolder(context), 'blocks');
  await cp(path.join(golden, 'blocks'), folder, { recursive: true });
  const before = reportOf(await readRun(folder)).summary;
  const file = path.join(folder, 'trials/001-redis/trial.json');
  const record = trialRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  const { read } = record.operations;
  assert.ok(read);
  // Requests that the histograms hold no answer to: they were always left out of the percentiles.
  const more = Math.ceil(read.count / 20);
  read.count += more;
  read.errors.server += more;
  record.requests.generator += more;
  await writeFile(file, JSON.stringify(record));
  const lines = path.join(folder, 'trials/001-redis/histograms.jsonl');
  const text = await readFile(lines, 'utf8');
  const counted = text.replace(
    /("phase":"measure"[^}]*"operation":"read","count":)(\d+),"errors":0/,
    (_, start: string, count: string) => `${start}${Number(count) + more},"errors":${more}`,
  );
  assert.notEqual(counted, text);
  await writeFile(lines, counted);

  const after = reportOf(await readRun(folder)).summary;
  const of = ({ strategies }: Summary, name: string) =>
    strategies.find((each) => each.name === name) ?? assert.fail(name);
  assert.deepEqual(of(after, 'sticky'), of(before, 'sticky'));
  assert.deepEqual(after.trials.slice(1), before.trials.slice(1));
  const { read: failing, ...others } = of(after, 'redis').operations;
  const { read: sound, ...same } = of(before, 'redis').operations;
  assert.deepEqual(others, same);
  assert.deepEqual([failing?.unanswered, sound?.unanswered], [more, 0]);
  assert.equal(failing?.maxMs, 'no answer');
  assert.ok(inOrder(failing.p50Ms) >= inOrder(sound?.p50Ms ?? 'no answer'));
  assert.equal(after.trials[0]?.readP99Ms, 'no answer');
});

test('the record of a comparison of version 1 is read as one of two sides', async (context) => {
  const folder = await temporaryFolder(context);
  await cp(path.join(golden, 'sides-run.json'), path.join(folder, 'run.json'));
  const { record } = await readRun(folder);
  assert.ok(record.design.kind === 'sides');
  assert.deepEqual(
    [record.design.command, record.design.blocks, record.design.rate?.value, record.design.pairs.length],
    ['compare', 4, 940, 1],
  );
  assert.equal(record.design.pairing, 'turns', 'before there were duets');
});
