import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsAgree, countsInWords } from './request-counts.ts';

type Case = readonly [
  what: string,
  counts: readonly [generator: number, balancer: number, byBalancer: number | null, apps: number],
  loose: number,
  agree: boolean,
];

const cases: readonly Case[] = [
  ['a sound trial', [1000, 1000, 0, 1000], 0, true],
  ['no app was up for a while', [574, 574, 191, 383], 0, true],
  ['an app took some and gave no answer', [574, 574, 191, 400], 0, true],
  ['requests that were given up', [1000, 998, 0, 997], 3, true],
  ['late ones of the warm-up', [1000, 1002, 0, 1002], 2, true],
  ['another client of the balancer', [1000, 1100, 0, 1100], 3, false],
  ['another client of an app', [1000, 1000, 0, 1100], 3, false],
  ['requests that went astray', [1000, 1000, 0, 900], 3, false],
  ['more astray than the balancer answered', [1000, 1000, 50, 900], 3, false],
  ['a balancer that does not tell', [1000, 1000, null, 900], 0, false],
];

test('counts agree but for what is known to lie between them', () => {
  for (const [what, [generator, balancer, byBalancer, apps], loose, agree] of cases)
    assert.equal(countsAgree({ generator, balancer, byBalancer, apps }, loose), agree, what);
});

test('counts are told with what the balancer answered itself', () => {
  const counts = { generator: 574, balancer: 574, byBalancer: 191, apps: 383 };
  assert.equal(countsInWords(counts), 'generator 574, balancer 574 (191 answered by itself), apps 383');
});
