import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import * as hdr from 'hdr-histogram-js';
import { jsonSchemaFile, summaryJsonSchema } from '../../record/json-schema.ts';
import { readRun } from '../../record/read/run.ts';
import { reasonOf } from '../../record/reasons.ts';
import { type StrategySummary, type Summary, summary as summarySchema } from '../../record/summary.ts';
import { type FixtureName, fixtures } from '../fixtures/index.ts';
import { madeRun, reported, reportedWith } from '../fixtures/temporary.ts';
import { junit } from '../render/junit.ts';
import { reportOf } from '../report.ts';

function strategyOf({ strategies }: Summary, name: string): StrategySummary {
  const found = strategies.find((strategy) => strategy.name === name);
  assert.ok(found, name);
  return found;
}

test('the JSON Schema in the repository is the one of the code', async () => {
  const file: unknown = JSON.parse(await readFile(jsonSchemaFile, 'utf8'));
  assert.deepEqual(
    file,
    JSON.parse(JSON.stringify(summaryJsonSchema())),
    'write it again with "node record/json-schema.ts"',
  );
});

test('what is written fits both schemas, for every kind of run', async () => {
  const validate = new Ajv({ strict: true, allErrors: true, formats: {} }).compile(
    JSON.parse(await readFile(jsonSchemaFile, 'utf8')),
  );
  // Object.keys gives string[]; these are the fixtures' own names. `large` differs from `good` in size only.
  const names = (Object.keys(fixtures) as FixtureName[]).filter((name) => name !== 'large');
  for (const name of names) {
    const { summary } = await reported(name);
    assert.ok(summarySchema.safeParse(summary).success, name);
    const written: unknown = JSON.parse(JSON.stringify(summary));
    assert.ok(validate(written), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  }
  assert.equal(validate({}), false);
});

test('percentiles are of the merged histograms of all valid trials', async (context) => {
  const folder = await madeRun(context, 'good');
  const merged = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const run = await readRun(folder);
  for (const trial of run.trials.filter(({ strategy }) => strategy === 'redis')) {
    const text = await readFile(path.join(trial.folder, 'histograms.jsonl'), 'utf8');
    for (const line of text
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each)))
      if (line.phase === 'measure' && line.operation === 'read')
        merged.add(hdr.decodeFromCompressedBase64(line.intended));
  }
  const { read } = strategyOf(reportOf(run).summary, 'redis').operations;
  assert.ok(read);
  assert.equal(read.count, merged.totalCount);
  assert.equal(read.p50Ms, merged.getValueAtPercentile(50) / 1000);
  assert.equal(read.p99Ms, merged.getValueAtPercentile(99) / 1000);
  assert.equal(read.p999Ms, merged.getValueAtPercentile(99.9) / 1000);
});

test('an invalid trial stands behind no number', async (context) => {
  const { summary } = await reported('invalid');
  const redis = strategyOf(summary, 'redis');
  assert.deepEqual(redis.trials, { valid: 2, invalid: 1 });
  const { summary: all } = await reportedWith(context, { measureSeconds: 3, rate: 900 });
  assert.equal(
    (redis.operations.read?.count ?? 0) * 3,
    (strategyOf(all, 'redis').operations.read?.count ?? 0) * 2,
  );
  const mysql = strategyOf(summary, 'mysql');
  assert.equal(mysql.status, 'invalid');
  assert.deepEqual(mysql.operations, {});
  assert.deepEqual(mysql.cpuMicrosPerRequest, { generator: null, balancer: null, app: null, store: null });
  assert.deepEqual([mysql.achievedRate, mysql.memoryBytes.app, mysql.requests.balancer], [null, null, null]);
  assert.equal(mysql.reasons[0]?.code, 'server-died');
  assert.ok(
    summary.findings.some(
      ({ code, message }) => code === 'server-died' && message.startsWith('MySQL: 3 of 3 trials'),
    ),
  );
  assert.match(summary.answer, /\. MySQL has no valid trial\.$/);
  assert.equal(summary.answer.match(/MySQL/g)?.length, 1);
});

test('wrong answers are counted over all trials, come first, and are never hidden', async (context) => {
  const { summary } = await reported('violations');
  const cluster = strategyOf(summary, 'redis-cluster');
  assert.deepEqual(cluster.violations, { lost: 8, stale: 1, resurrected: 0, crossed: 0 });
  assert.deepEqual(cluster.errors, { timeout: 6, connection: 2, server: 24, protocol: 0 });
  assert.match(summary.answer, /^Wrong answers came from Redis Cluster \(8 lost and 1 stale\); /);
  assert.deepEqual([summary.findings[0]?.severity, summary.findings[0]?.code], ['alarm', 'violations']);

  const violations = { lost: 0, stale: 0, resurrected: 0, crossed: 2 };
  const noErrors = { timeout: 0, connection: 0, server: 0, protocol: 0 };
  const { summary: hidden } = await reportedWith(context, {
    blocks: 2,
    measureSeconds: 1,
    rate: 200,
    trial: (record) =>
      record.number === 1
        ? {
            ...record,
            status: 'invalid',
            reasons: [{ code: 'host-steal', message: 'x', remedy: 'y' }],
            operations: { ...record.operations, read: { count: 100, errors: noErrors, violations } },
          }
        : record,
  });
  assert.equal(strategyOf(hidden, 'sticky').violations?.crossed, 2);
  assert.match(hidden.answer, /Wrong answers came from Sticky sessions \(2 crossed\)/);
});

test('the cause of what was lost or refused stands beside its count, with its own remedy, and once', async (context) => {
  const evictions = reasonOf('evictions', 'cache-1 (Memcached) evicted 234 sessions to make room');
  const full = reasonOf(
    'memory-limit',
    'the memory limit of cache-1 (Redis) was reached: 812 writes were refused',
  );
  const deadlocks = reasonOf('deadlocks', 'database-1 gave up 2 transactions');
  const noErrors = { timeout: 0, connection: 0, server: 0, protocol: 0 };
  const noViolations = { lost: 0, stale: 0, resurrected: 0, crossed: 0 };
  const { summary, document } = await reportedWith(context, {
    blocks: 2,
    measureSeconds: 1,
    rate: 200,
    trial: (record) => {
      const { read = { count: 100, errors: noErrors, violations: noViolations } } = record.operations;
      const lost = { ...read, violations: { ...noViolations, lost: 5 } };
      const refused = { ...read, errors: { ...noErrors, server: 9 } };
      switch (record.strategy) {
        case 'sticky':
          return {
            ...record,
            warnings: [evictions, deadlocks],
            operations: { ...record.operations, read: lost },
          };
        case 'redis':
          return {
            ...record,
            warnings: [full, evictions],
            operations: { ...record.operations, read: refused },
          };
        default:
          return record;
      }
    },
  });
  const found = (code: string) => summary.findings.filter((each) => each.code === code);
  const [wrong] = found('violations');
  assert.match(
    wrong?.message ?? '',
    /10 lost.* Behind that: cache-1 .*234.*\(in 2 of 2 trials, here the first\)\.$/,
  );
  assert.equal(wrong?.remedy, evictions.remedy);
  const [refusal] = found('errors');
  assert.match(refusal?.message ?? '', /18.* Behind that: .*812 writes were refused \(in 2 of 2/);
  assert.equal(refusal?.remedy, full.remedy);
  assert.equal(found('memory-limit').length, 0);
  // What nothing was lost for still is a thing to know.
  assert.deepEqual([found('evictions').length, found('deadlocks').length], [1, 1]);
  assert.match(junit(document), /failure[^>]*wrong answers: 10 lost[^>]*>[^<]*Behind that[^<]*234 sessions/);
});

test('wrong answers of a trial that was cut short are counted from what the engine wrote', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 1,
    measureSeconds: 1,
    rate: 200,
    run: (record) => ({ ...record, status: 'interrupted' }),
    trial: (record) => {
      const { read } = record.operations;
      if (record.number !== 6 || !read) return record;
      read.violations.stale = 5;
      return null;
    },
  });
  assert.equal(strategyOf(summary, 'redis-cluster').violations?.stale, 5);
  assert.equal(strategyOf(summary, 'redis-cluster').status, 'invalid');
});

test('counts of requests that differ are not believed, and unknown ones are said', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 1,
    measureSeconds: 1,
    rate: 200,
    trial: (record) => {
      if (record.strategy === 'redis') return { ...record, requests: { ...record.requests, balancer: 7 } };
      if (record.strategy === 'mysql') return { ...record, requests: { ...record.requests, apps: null } };
      return record;
    },
  });
  assert.equal(strategyOf(summary, 'redis').status, 'invalid');
  assert.equal(strategyOf(summary, 'mysql').requests.apps, null);
  assert.ok(
    summary.findings.some(
      ({ code, message }) => code === 'contradictory-trial' && /-redis\/.* balancer 7,/.test(message),
    ),
  );
  assert.ok(
    summary.findings.some(({ code, message }) => code === 'counts-unknown' && /^MySQL/.test(message)),
  );
});

test('memory that could not be read is unknown, and a finding says so', async (context) => {
  const { summary } = await reportedWith(context, {
    blocks: 1,
    measureSeconds: 1,
    rate: 200,
    trial: (record) => {
      const { store } = record.usage;
      return record.strategy === 'redis' && store
        ? { ...record, usage: { ...record.usage, store: { ...store, memoryBytes: null } } }
        : record;
    },
  });
  assert.equal(strategyOf(summary, 'redis').memoryBytes.store, null);
  const told = summary.findings.filter(({ code }) => code === 'memory-unknown');
  assert.deepEqual(
    told.map(({ message }) => message),
    ['Redis: the memory of the servers could not be read.'],
  );
});

test('a strategy that could not be measured is listed with the reason and what to do', async () => {
  const { summary } = await reported('not-measured');
  const memcached = strategyOf(summary, 'memcached');
  assert.equal(memcached.status, 'not-measured');
  assert.deepEqual(memcached.operations, {});
  const finding = summary.findings.find(({ message }) => message.startsWith('Memcached was not measured'));
  assert.match(finding?.remedy ?? '', /brew install memcached/);
});

test('the summary of an older session-bench is made anew by reading its run again', async (context) => {
  const folder = await madeRun(context, 'single');
  await writeFile(path.join(folder, 'summary.json'), '{"schemaVersion":1,"comparisons":[]}');
  assert.deepEqual(reportOf(await readRun(folder)).summary, (await reported('single')).summary);
});
