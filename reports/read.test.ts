import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type ReadRun, readRun } from '../record/read/run.ts';
import type { ReadTrial } from '../record/read/trials.ts';
import { UserError } from '../record/user-error.ts';
import { madeRun, temporaryFolder } from './fixtures/temporary.ts';

const trialOf = (run: ReadRun, number: number): ReadTrial => {
  const found = run.trials.find((trial) => trial.number === number);
  assert.ok(found, `trial ${number}`);
  return found;
};

test('a sound run is read whole', async (context) => {
  const run = await readRun(await madeRun(context, 'good'));
  assert.equal(run.trials.length, 18);
  assert.deepEqual(run.problems, []);
  for (const trial of run.trials) {
    assert.equal(trial.kind, 'valid');
    if (trial.kind !== 'valid') continue;
    const reads = trial.measures.operations.get('read');
    assert.equal(reads?.intended.answered, trial.record.operations.read?.count);
    assert.equal(reads?.service.answered, trial.record.operations.read?.count);
    assert.equal(trial.measures.timeline.length, 8);
    assert.deepEqual(
      trial.measures.warmup.map(({ second }) => second),
      [-1],
    );
    const requests = trial.measures.timeline.reduce((sum, point) => sum + point.requests, 0);
    assert.equal(requests, trial.record.requests.generator);
  }
});

test('each damaged file is named with its fault and what to do, and left out; the rest is read', async (context) => {
  const run = await readRun(await madeRun(context, 'damaged'));
  const expected: [number, RegExp][] = [
    [1, /trials\/001-.*trial\.json: it is cut off or no JSON/],
    [2, /trials\/002-.*trial\.json: it was damaged or edited: achievedRate: .*extra/],
    [3, /trials\/003-.*histograms\.jsonl: it holds \d+ of \d+ login requests/],
    [4, /trials\/004-.*trial\.json: its schemaVersion is 7, and this version of session-bench reads 1/],
    [6, /trials\/006-.*histograms\.jsonl: it is missing/],
    [7, /trials\/007-.*histograms\.jsonl: line \d+ was damaged or edited: phase/],
  ];
  for (const [number, message] of expected) {
    const trial = trialOf(run, number);
    assert.equal(trial.kind, 'unreadable', `trial ${number}`);
    const problem = run.problems.find((each) => message.test(each.message));
    assert.ok(problem, `${message} in ${run.problems.map((each) => each.message).join('\n')}`);
    assert.match(problem.remedy, /Restore|measure again/);
  }
  assert.ok(run.problems.some(({ code, message }) => code === 'missing-trials' && message.includes('(5)')));
  assert.equal(run.trials.filter(({ kind }) => kind === 'valid').length, 11);
});

test('the half line that a killed run left is skipped and said', async (context) => {
  const run = await readRun(await madeRun(context, 'killed'));
  const trial = trialOf(run, 9);
  assert.equal(trial.kind, 'unfinished');
  assert.match(trial.kind === 'unfinished' ? trial.reason.message : '', /killed.*3 s.*last line is cut off/);
  assert.equal(run.trials.filter(({ kind }) => kind === 'valid').length, 8);
});

test('a half line after a whole trial costs nothing but a remark', async (context) => {
  const folder = await madeRun(context, 'single');
  await appendFile(path.join(folder, 'trials/001-redis/histograms.jsonl'), '{"phase":"measu');
  const run = await readRun(folder);
  assert.equal(trialOf(run, 1).kind, 'valid');
  assert.match(run.problems[0]?.message ?? '', /last line is cut off and was skipped/);
});

test('a histogram that was swapped for another is found by its count', async (context) => {
  const folder = await madeRun(context, 'single');
  const file = path.join(folder, 'trials/001-redis/histograms.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n');
  const first = lines.findIndex((line) => line.includes('"measure"'));
  const login = JSON.parse(lines[first] ?? '');
  const read = JSON.parse(lines[first + 1] ?? '');
  lines[first] = JSON.stringify({ ...login, intended: read.intended });
  await writeFile(file, lines.join('\n'));
  const trial = trialOf(await readRun(folder), 1);
  assert.equal(trial.kind, 'unreadable');
  assert.match(
    trial.kind === 'unreadable' ? trial.reason.message : '',
    /second 0, login.*values for 36 requests/,
  );
});

test('a run.json that cannot be used ends the reading with what to do', async (context) => {
  const empty = await temporaryFolder(context);
  await assert.rejects(readRun(empty), (error: unknown) => {
    assert.ok(error instanceof UserError && error.kind === 'invalid');
    assert.match(error.message, /run\.json does not exist.*name another run/);
    return true;
  });
  const folder = await madeRun(context, 'single');
  const file = path.join(folder, 'run.json');
  const text = await readFile(file, 'utf8');
  const cases: [string, RegExp][] = [
    [text.slice(0, 200), /cut off or no JSON/],
    ['', /it is empty/],
    [
      JSON.stringify({ ...JSON.parse(text), schemaVersion: 3 }),
      /schemaVersion is 3, and this version of session-bench reads 2 and 1/,
    ],
    [JSON.stringify({ ...JSON.parse(text), seed: 'x' }), /damaged or edited: seed/],
    ['[]', /it has no schemaVersion/],
  ];
  for (const [content, message] of cases) {
    await writeFile(file, content);
    await assert.rejects(readRun(folder), (error: unknown) => {
      assert.ok(error instanceof UserError && error.kind === 'invalid');
      assert.match(error.message, message);
      return true;
    });
  }
});

test('a trial that is older than a field of its record is still read', async (context) => {
  const folder = await madeRun(context, 'single');
  const file = path.join(folder, 'trials/001-redis/trial.json');
  const { foreignShare: _younger, ...older } = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify(older));
  const trial = trialOf(await readRun(folder), 1);
  assert.equal(trial.kind, 'valid');
  assert.equal(trial.kind === 'valid' ? trial.record.foreignShare : undefined, null);
});

test('answers that came after the last second belong to it, and warm-up is in no number', async (context) => {
  const folder = await madeRun(context, 'single');
  const file = path.join(folder, 'trials/001-redis/histograms.jsonl');
  const text = await readFile(file, 'utf8');
  const before = trialOf(await readRun(folder), 1);
  const late = text.replaceAll(
    /"measure","second":2,"operation":"probe"/g,
    '"measure","second":3,"operation":"probe"',
  );
  assert.notEqual(late, text);
  await writeFile(file, late);
  const after = trialOf(await readRun(folder), 1);
  assert.ok(before.kind === 'valid' && after.kind === 'valid');
  assert.deepEqual(after.measures.timeline, before.measures.timeline);

  await writeFile(file, text.replace(/("warmup".*"intended":")[^"]*/, '$1broken'));
  const damaged = trialOf(await readRun(folder), 1);
  assert.ok(damaged.kind === 'valid');
  assert.deepEqual(damaged.measures.warmup, []);
  assert.deepEqual(damaged.measures.timeline, before.measures.timeline);
});
