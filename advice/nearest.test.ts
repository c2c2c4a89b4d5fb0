import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestTo } from './nearest.ts';
import { chosenOf, optionsFor, type Question } from './options.ts';
import { inventedEvidence, modestWishes, roundPrices } from './testing/evidence.ts';
import type { Wishes } from './wishes/wishes.ts';

const question = (wishes: Partial<Wishes>, names: readonly string[]): Question => ({
  evidence: {
    ...inventedEvidence,
    strategies: inventedEvidence.strategies.filter(({ name }) => names.includes(name)),
  },
  wishes: { ...modestWishes, ...wishes },
  prices: roundPrices,
});

const insteadOf = (asked: Question): readonly string[] => {
  assert.equal(chosenOf(optionsFor(asked)), null);
  return nearestTo(asked).map(({ instead }) => instead);
};

const restarts = ['app-restart', 'store-restart'] as const;

test('of looser losses the first that does is told, as a person says and types it', () => {
  const asked = question({ mayLose: 'none', survives: [...restarts] }, ['redis']);
  assert.deepEqual(insteadOf(asked), [
    'losing the last second or so at most (1s)',
    'nothing said of store-restart',
  ]);
});

test('where only the loss of all does, what was to outlast is given up with it, and told once', () => {
  const both = question({ mayLose: 'none', survives: [...restarts] }, ['memcached']);
  assert.deepEqual(insteadOf(both), [
    'losing all sessions (all), and nothing said of app-restart and store-restart',
    'nothing said of store-restart',
  ]);
  const one = question({ mayLose: 'node', survives: ['store-restart'] }, ['memcached']);
  assert.deepEqual(insteadOf(one), ['losing all sessions (all), and nothing said of store-restart']);
});

test('a budget that would do is told as other numbers are', () => {
  const [told = ''] = insteadOf(
    question({ budget: 1, rate: { low: 4000, likely: 4000, high: 4000 } }, ['redis', 'sticky']),
  );
  assert.match(told, /^a budget of \d+ USD a month$/);
  const yen = { ...roundPrices, currency: 'JPY', vcpuHour: { id: 'vcpu', price: 4.5 } };
  const [inYen = ''] = insteadOf({ ...question({ budget: 1 }, ['redis']), prices: yen });
  assert.match(inYen, /^a budget of \d+,\d{3} JPY a month$/);
});
