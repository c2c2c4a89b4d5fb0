import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type PriceBook, parseBook } from './book.ts';
import { agesOf, pricesOf } from './prices.ts';

const TODAY = '2026-11-26';
const read = { region: 'here', source: 'a list', asOf: '2026-11-01' };
const sound = {
  title: 'a book',
  currency: 'USD',
  sizes: [{ vcpus: 2, memoryGiB: 4 }],
  entries: [
    { id: 'vcpu', unit: 'vcpu-hour', price: 0.03, ...read },
    { id: 'gib', unit: 'gib-hour', price: 0.003, usableMemory: 0.8, ...read },
    { id: 'disk', unit: 'disk-gb-month', price: 0.1, ...read },
    { id: 'balancer', unit: 'balancer-hour', price: 0.02, ...read },
    { id: 'balanced', unit: 'balancer-gb', price: 0.01, ...read },
    { id: 'traffic', unit: 'zone-traffic-gib', price: 0.02, ...read },
    {
      id: 'cache',
      unit: 'managed-node-hour',
      price: 0.1,
      runs: ['redis'],
      vcpus: 2,
      memoryGiB: 4,
      usableMemory: 0.75,
      ...read,
    },
  ],
};

type Change = (book: typeof sound) => object;
const first =
  (change: object): Change =>
  (book) => ({
    ...book,
    entries: book.entries.map((each, index) => (index === 0 ? { ...each, ...change } : each)),
  });

const strange = (name: string): string | null => (name === 'redis' ? null : `unknown "${name}"`);

const mistakesOf = (content: unknown): readonly string[] => {
  const result = parseBook(content, TODAY, strange);
  return result.status === 'invalid' ? result.mistakes : [];
};

function bookOf(content: unknown): PriceBook {
  const result = parseBook(content, TODAY, strange);
  return result.status === 'valid' ? result.book : assert.fail(result.mistakes.join('\n'));
}

test('a sound book is read', () => assert.deepEqual(mistakesOf(sound), []));

const bad: readonly (readonly [name: string, change: Change, place: string, mistake: string])[] = [
  ['an unknown key of the book', (book) => ({ ...book, vat: 19 }), 'vat', 'unknown key'],
  ['an unknown key of an entry', first({ vendor: 'x' }), 'entries: 0: vendor', 'unknown key'],
  ['a negative price', first({ price: -0.01 }), 'entries: 0: price', '0 or more'],
  ['a price in words', first({ price: 'cheap' }), 'entries: 0: price', 'number'],
  ['no source', first({ source: undefined }), 'entries: 0: source', 'where the price was read'],
  ['an empty source', first({ source: ' ' }), 'entries: 0: source', 'where the price was read'],
  ['no region', first({ region: undefined }), 'entries: 0: region', 'region'],
  ['no day', first({ asOf: undefined }), 'entries: 0: asOf', 'day'],
  ['a day that is none', first({ asOf: '2026-13-01' }), 'entries: 0: asOf', 'day'],
  ['a day to come', first({ asOf: '2027-01-01' }), 'entries: vcpu: asOf', 'still to come'],
  ['an unknown unit', first({ unit: 'core-hour' }), 'entries: 0: unit', 'give a unit'],
  ['a currency without a rate', first({ currency: 'EUR' }), 'entries', 'EUR'],
  ['a currency that is none', first({ currency: 'euro' }), 'entries: 0: currency', 'three capitals'],
  [
    'a share above 1',
    (book) => ({
      ...book,
      entries: book.entries.map((each) => ('usableMemory' in each ? { ...each, usableMemory: 1.5 } : each)),
    }),
    'entries: 1: usableMemory',
    'at most 1',
  ],
  ['an id twice', first({ id: 'gib' }), 'entries', 'the id "gib"'],
  [
    'a unit twice',
    (book) => ({ ...book, entries: [...book.entries, { ...book.entries[0], id: 'other' }] }),
    'entries',
    '"vcpu" and "other"',
  ],
  ['a unit that is missing', (book) => ({ ...book, entries: book.entries.slice(1) }), 'entries', 'vcpu-hour'],
  ['no sizes', (book) => ({ ...book, sizes: [] }), 'sizes', 'at least one'],
  ['no entries', ({ entries: _, ...book }) => book, 'entries', ''],
  [
    'a rate of 0',
    (book) => ({ ...book, rates: { EUR: { value: 0, source: 'a bank', asOf: '2026-11-01' } } }),
    'rates: EUR: value',
    'more than 0',
  ],
  [
    'a rate without a source',
    (book) => ({ ...book, rates: { EUR: { value: 1, asOf: '2026-11-01' } } }),
    'rates: EUR: source',
    'where the price was read',
  ],
  [
    'a rate of a day to come',
    (book) => ({
      ...first({ currency: 'EUR' })(book),
      rates: { EUR: { value: 1, source: 'a bank', asOf: '2027-01-01' } },
    }),
    'rates: EUR: asOf',
    'still to come',
  ],
  [
    "a rate of the book's own currency",
    (book) => ({ ...book, rates: { USD: { value: 2, source: 'a bank', asOf: '2026-11-01' } } }),
    'rates: USD',
    'take the rate out',
  ],
  [
    'a rate that no price is in',
    (book) => ({ ...book, rates: { EUR: { value: 2, source: 'a bank', asOf: '2026-11-01' } } }),
    'rates: EUR',
    'no price is in EUR',
  ],
  [
    'a strategy that nobody knows',
    (book) => ({
      ...book,
      entries: book.entries.map((each) =>
        'runs' in each ? { ...each, runs: ['redis', 'postgress'] } : each,
      ),
    }),
    'entries: cache: runs',
    '"postgress"',
  ],
  ['no book at all', () => [], 'the book', ''],
];

for (const [name, change, place, mistake] of bad)
  test(`${name} is a mistake, with its place`, () => {
    const found = mistakesOf(change(sound));
    assert.ok(
      found.some((each) => each.startsWith(place) && each.includes(mistake)),
      found.join('\n') || 'no mistake',
    );
  });

test('all mistakes of a book are told at once, those that no entry makes alone too', () => {
  const changed = first({ price: -1, vendor: 'x' })(sound) as typeof sound;
  const [entry] = sound.entries.slice(-1);
  const found = mistakesOf({
    ...changed,
    vat: 1,
    entries: [...changed.entries, { ...entry, currency: 'EUR' }],
  });
  for (const part of ['price', 'vendor', 'vat', 'EUR', 'the id "cache"'])
    assert.ok(
      found.some((each) => each.includes(part)),
      part,
    );
});

test('an entry with a mistake of its own is held against the others all the same', () => {
  const found = mistakesOf({
    title: 'x',
    currency: 'USD',
    sizes: [],
    entries: [{ id: 'a', unit: 'vcpu-hour', price: -1, currency: 'EUR', asOf: '2030-01-01' }],
  });
  for (const part of [
    'sizes',
    'price',
    'region',
    'source',
    'EUR',
    'still to come',
    'gib-hour',
    'disk-gb-month',
  ])
    assert.ok(
      found.some((each) => each.includes(part)),
      `${part}: ${found.join('\n')}`,
    );
  assert.ok(!found.some((each) => each.includes('none has the unit vcpu-hour')));
});

test('prices of another currency are in that of the book by its rate', () => {
  const rates = { EUR: { value: 1.1, source: 'a bank', asOf: '2026-11-25' } };
  const prices = pricesOf(bookOf({ ...first({ currency: 'EUR' })(sound), rates }));
  assert.ok(Math.abs(prices.vcpuHour.price - 0.033) < 1e-12);
  assert.equal(prices.gibHour.price, 0.003);
});

test('prices older than 180 days are told, with the oldest', () => {
  assert.deepEqual(agesOf(bookOf(sound), TODAY), []);
  assert.deepEqual(agesOf(bookOf(first({ asOf: '2026-05-30' })(sound)), TODAY), []);
  const [told = ''] = agesOf(bookOf(first({ asOf: '2026-05-29' })(sound)), TODAY);
  assert.match(told, /1 of 7 prices .* \(vcpu\) of 2026-05-29/);
  const rates = { EUR: { value: 1.1, source: 'a bank', asOf: '2026-05-01' } };
  const [ofRate = ''] = agesOf(bookOf({ ...first({ currency: 'EUR' })(sound), rates }), TODAY);
  assert.match(ofRate, /1 of 8 prices and rates .* \(rate of EUR\) of 2026-05-01/);
});

test('the book of this repository is sound', async () => {
  const text = await readFile(path.join(import.meta.dirname, 'prices.json'), 'utf8');
  const result = parseBook(JSON.parse(text), TODAY, () => null);
  assert.ok(result.status === 'valid' && pricesOf(result.book).managed.length > 0);
});
