import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../figures.ts';
import { type Option, optionsFor } from '../options.ts';
import { inventedEvidence, modestWishes, roundPrices } from '../testing/evidence.ts';
import type { Wishes } from '../wishes/wishes.ts';

const wishesFor = (count: number, rate: number): Wishes => ({
  ...modestWishes,
  sessions: { kind: 'alive', count },
  rate: { low: rate, likely: rate, high: rate },
});

const optionOf = (name: string, wishes: Wishes): Option =>
  optionsFor({ evidence: inventedEvidence, wishes, prices: roundPrices }).find(
    (each) => each.name === name,
  ) ?? assert.fail(name);

const figure = (name: string, wishes: Wishes, of: string): string =>
  figuresOf(optionOf(name, wishes), wishes).find((each) => each.name === of)?.value ?? assert.fail(of);

// 3,000 requests/s take 2.4 cores of the apps: four processes that are 60 % busy.
test('sessions that live in the apps are no more than keep the apps busy', () => {
  const { status, sizing } = optionOf('sticky', wishesFor(3, 3000));
  assert.equal(status, 'out');
  assert.match(
    sizing.kind === 'unsized' && sizing.why === 'too-large' ? sizing.shows : '',
    /3 keep 3 busy at most, and 3,000 requests\/s take the CPU time of 4/,
  );
  assert.equal(optionOf('sticky', wishesFor(4, 3000)).status, 'meets');
  assert.equal(optionOf('redis', wishesFor(3, 3000)).status, 'meets');
});

test('an app without a session carries nothing, and no server keeps a part of one', () => {
  const one = wishesFor(1, 100);
  assert.equal(figure('sticky', one, 'each app process carries'), '100 requests/s');
  assert.equal(figure('redis', one, 'each app process carries'), '50 requests/s');
  for (const name of ['sticky', 'redis-cluster'])
    assert.equal(figure(name, one, 'sessions of each server that keeps them'), '1');
});
