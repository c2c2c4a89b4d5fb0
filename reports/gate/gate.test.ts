import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { isMetric, type Metric } from '../../record/metrics.ts';
import { allAnswered } from '../statistics/compare.ts';
import { seededRandom } from '../statistics/random.ts';
import { configJsonSchema, parseBudgets } from './budgets.ts';
import { decideGate, type GateInput, type GateSide } from './decide.ts';

const names = { baseline: 'main', candidate: 'the working tree' };

const answered = (trials: GateSide['trials']): GateSide => ({ trials, answers: allAnswered });

/** 12 blocks of one strategy, the candidate changed by `factor`, with pair noise of the given SD. */
function input(metric: Metric, factor: number, spread = 0.02, blocks = 12, strategy = 'redis'): GateInput {
  const random = seededRandom(21);
  const values = Array.from({ length: blocks }, (_, block) => ({
    block,
    from: 100 + block,
    noise: Math.exp(spread * random.normal()),
  }));
  return {
    strategy,
    metric,
    baseline: answered(values.map(({ block, from }) => ({ block, value: from }))),
    candidate: answered(values.map(({ block, from, noise }) => ({ block, value: from * noise * factor }))),
  };
}

const budgets = [
  { metric: 'read.p50', share: 0.05 },
  { metric: 'cpuPerRequest', share: 0.05 },
  { metric: 'capacity', share: 0.05 },
] as const;
const decide = (...inputs: GateInput[]) => decideGate(inputs, budgets, names);

test('a regression is found, named and sized', () => {
  const { results, outcome } = decide(input('read.p50', 1), input('cpuPerRequest', 1.2));
  assert.equal(outcome, 'regression');
  assert.deepEqual(
    results.map((each) => each.outcome),
    ['ok', 'regression'],
  );
  assert.match(
    results[1]?.message ?? '',
    /^redis: the working tree uses \d+–\d+ % more CPU per request than main \(budget 5 %\)$/,
  );
});

test('better is no regression, in the direction of each metric', () => {
  for (const [metric, factor] of [
    ['cpuPerRequest', 0.8],
    ['capacity', 1.25],
  ] as const) {
    const { results, outcome } = decide(input(metric, factor));
    assert.equal(outcome, 'ok');
    assert.ok(results[0]?.improved);
  }
  assert.equal(decide(input('capacity', 0.8)).outcome, 'regression');
  assert.equal(decide(input('capacity', 0.97, 0.005)).outcome, 'ok');
});

test('too noisy, too short and without values are told apart', () => {
  assert.equal(decide(input('read.p50', 1.02, 0.4)).outcome, 'inconclusive');
  assert.equal(decide(input('read.p50', 2, 0.01, 3)).outcome, 'inconclusive');
  const short = decide(input('read.p50', 2, 0.01, 3)).results[0]?.message ?? '';
  assert.match(short, /3 blocks are too few; about 8 blocks in all would settle it/);
  assert.equal(decide(input('read.p50', 1, 0.01, 0)).outcome, 'invalid');
  assert.equal(decide(input('read.p50', 0)).outcome, 'invalid');
  assert.equal(decide().outcome, 'invalid');
});

test('a regression counts whatever else is missing; then what is invalid', () => {
  assert.equal(decide(input('read.p50', 1, 0.01, 0), input('cpuPerRequest', 1.3)).outcome, 'regression');
  assert.equal(decide(input('read.p50', 1, 0.01, 0), input('cpuPerRequest', 1, 0.4)).outcome, 'invalid');
  assert.equal(decide(input('read.p50', 1), input('cpuPerRequest', 1, 0.4)).outcome, 'inconclusive');
});

test('budgets are read', () => {
  assert.deepEqual(parseBudgets({ gate: { 'read.p50': '5%', 'cpuPerRequest.app': ' 2.5 % ' } }), {
    status: 'valid',
    budgets: [
      { metric: 'read.p50', share: 0.05 },
      { metric: 'cpuPerRequest.app', share: 0.025 },
    ],
  });
});

test('every mistake in a config is listed, with what to do', () => {
  const result = parseBudgets({
    gates: {},
    gate: { 'reed.p50': '5%', 'read.p99': 5, 'read.p90': '0%', cpuPerRequest: '5', capacity: '1001%' },
  });
  assert.equal(result.status, 'invalid');
  const mistakes = result.status === 'invalid' ? result.mistakes.join('\n') : '';
  assert.match(mistakes, /gates: unknown key; did you mean "gate"/);
  assert.match(mistakes, /gate: reed\.p50: unknown key; did you mean "read\.p50"/);
  assert.match(mistakes, /gate: read\.p99: /);
  assert.match(mistakes, /gate: read\.p90: a budget is more than 0 %/);
  assert.match(mistakes, /gate: cpuPerRequest: write a budget as a percentage/);
  assert.match(mistakes, /gate: capacity: .*at most 1000 %/);
  for (const wrong of [null, [], 'gate', {}, { gate: {} }])
    assert.equal(parseBudgets(wrong).status, 'invalid');
});

test('the JSON Schema in the repository is that of the parser', async () => {
  const file = path.join(import.meta.dirname, 'session-bench.config.schema.json');
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), configJsonSchema());
  assert.ok(!isMetric('toString'));
});
