import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundPrices } from '../testing/evidence.ts';
import type { Prices } from './prices.ts';
import { pricesOf } from './prices.ts';
import { usualBook } from './usual.ts';
import { worthMistakes } from './worth.ts';

/** In a currency of which one is worth so many dollars. */
const worth = (dollars: number): Prices => ({
  ...roundPrices,
  currency: 'XBT',
  vcpuHour: { ...roundPrices.vcpuHour, price: 0.03 / dollars },
  gibHour: { ...roundPrices.gibHour, price: 0.005 / dollars },
  managed: roundPrices.managed.map((each) => ({ ...each, price: each.price / dollars })),
});

test('a currency in which a server costs less than can be told is a mistake', () => {
  // 1 vCPU and 2 GiB at 0.04 an hour are 29.2 a month.
  assert.deepEqual(worthMistakes(worth(29)), []);
  const [told = ''] = worthMistakes(worth(100_000));
  assert.match(told, /a month of 1 vCPU, 2 GiB comes to 0\.000292 XBT.*give the book in a currency/);
});

test('servers that cost nothing are no mistake, and one that a provider runs is held to the same', () => {
  const free = {
    ...roundPrices,
    vcpuHour: { id: 'v', price: 0 },
    gibHour: { ...roundPrices.gibHour, price: 0 },
  };
  assert.deepEqual(worthMistakes(free), []);
  const cheap = { ...free, managed: free.managed.map((each) => ({ ...each, price: 1e-5 })) };
  assert.match(worthMistakes(cheap).join(), /cache-small/);
});

test('the book of this repository can be told', () => {
  assert.deepEqual(worthMistakes(pricesOf(usualBook)), []);
});
