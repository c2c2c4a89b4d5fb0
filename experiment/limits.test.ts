import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLimits, usualLimits } from './limits.ts';

const chosen = (variables: Readonly<Record<string, string>>) => {
  const reading = readLimits(variables);
  return reading.status === 'ok' ? reading.value : assert.fail(reading.mistakes.join());
};

test('nothing set moves no limit, and neither do empty variables', () => {
  assert.deepEqual(chosen({}), usualLimits);
  assert.deepEqual(chosen({ SESSION_BENCH_GENERATOR_BUDGET: '', SESSION_BENCH_NOISE: '' }), usualLimits);
});

test('a limit that is moved is said to readers', () => {
  const { generatorCpuShare, lagP99Micros, moved } = chosen({ SESSION_BENCH_GENERATOR_BUDGET: '0.06' });
  assert.deepEqual([generatorCpuShare, lagP99Micros], [0.06, usualLimits.lagP99Micros]);
  assert.match(moved.map(({ message }) => message).join(), /allowed the generator 6 % .* instead of 85 %/);
  const both = chosen({ SESSION_BENCH_GENERATOR_BUDGET: '0.06', SESSION_BENCH_NOISE: 'tolerate' });
  assert.deepEqual([both.generatorCpuShare, both.stealShare, both.foreignShare], [0.06, 1, 1]);
  assert.equal(both.lagP99Micros, Number.POSITIVE_INFINITY);
  assert.deepEqual(
    both.moved.map(({ code }) => code),
    ['generator-budget', 'noise-tolerated'],
  );
});

test('values that are no limits are mistakes, all of them', () => {
  const reading = readLimits({ SESSION_BENCH_GENERATOR_BUDGET: '85', SESSION_BENCH_NOISE: 'yes' });
  assert.equal(reading.status, 'mistakes');
  if (reading.status === 'mistakes')
    assert.match(
      reading.mistakes.join('\n'),
      /SESSION_BENCH_GENERATOR_BUDGET is "85"[\s\S]*SESSION_BENCH_NOISE is "yes"/,
    );
});
