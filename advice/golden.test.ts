/**
 * Twelve wishes by three price books on the evidence of a real run, held to what was chosen when somebody last read it:
 * testing/golden/choices.json. `SESSION_BENCH_UPDATE_GOLDEN=1` writes it anew, for you to read before you commit.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type Advice, advise } from './advise.ts';
import type { Evidence } from './evidence/evidence.ts';
import { firstBroken } from './options.ts';
import { type Prices, pricesOf } from './prices/prices.ts';
import { usualBook } from './prices/usual.ts';
import { wishPresets } from './wishes/presets.ts';
import { usualWishes } from './wishes/usual.ts';
import type { Wishes } from './wishes/wishes.ts';

const file = (name: string): string => path.join(import.meta.dirname, 'testing/golden', name);

const rate = (likely: number): Wishes['rate'] => ({ low: likely / 2, likely, high: likely });
const alive = (count: number): Wishes['sessions'] => ({ kind: 'alive', count });
const restarts: Wishes['survives'] = ['app-restart', 'store-restart'];
const plain: Wishes = { ...usualWishes, survives: [], has: [], sessions: alive(10_000), rate: rate(200) };

const published = ['wikimedia', 'ringier', 'newton', 'keycloak', 'small'];

const wishes: Readonly<Record<string, Wishes>> = {
  ...Object.fromEntries(
    wishPresets.filter(({ name }) => published.includes(name)).map(({ name, wishes: each }) => [name, each]),
  ),
  'cheapest of all': plain,
  'PostgreSQL is there': { ...plain, has: ['postgres'], survives: restarts, mayLose: 'none' },
  'managed, in two zones': {
    ...plain,
    hosting: 'managed',
    survives: [...restarts, 'zone'],
    mayLose: 'second',
  },
  'own servers, in two zones, nothing lost': {
    ...plain,
    hosting: 'own',
    survives: ['zone'],
    mayLose: 'none',
  },
  'many large sessions': { ...plain, sessions: alive(390_000), payloadBytes: 6000, rate: rate(1500) },
  'a promise that few keep': {
    ...plain,
    slo: {
      text: 'read.p50<2ms',
      terms: [{ kind: 'latency', operation: 'read', percentile: 50, limitMicros: 2000 }],
    },
  },
  'a budget that is too small': { ...plain, budget: 25 },
};

const usual = pricesOf(usualBook);
const books: Readonly<Record<string, Prices>> = {
  usual,
  'memory at eight times the price': {
    ...usual,
    gibHour: { ...usual.gibHour, price: usual.gibHour.price * 8 },
  },
  'managed servers at a third': {
    ...usual,
    managed: usual.managed.map((node) => ({ ...node, price: node.price / 3 })),
  },
};

interface Golden {
  readonly kind: Advice['kind'];
  readonly choice: string | null;
  readonly level: readonly string[];
  readonly monthly: number | null;
  readonly runnerUp: string | null;
  /** The first wish that each option breaks. */
  readonly out: Readonly<Record<string, string>>;
}

function goldenOf({ kind, choice, level, runnerUp, options }: Advice): Golden {
  const monthly = options.find(({ name }) => name === choice)?.cost?.monthly ?? null;
  const out = options.flatMap((option) => {
    const broken = firstBroken(option);
    return broken === null ? [] : [[option.name, broken.wish]];
  });
  return { kind, choice, level, monthly, runnerUp, out: Object.fromEntries(out) };
}

// Evidence is plain data; it was written from what the type says.
const evidence = JSON.parse(await readFile(file('evidence.json'), 'utf8')) as Evidence;

test('the case that docs/choosing.md adds up by hand costs that', () => {
  const worked: Wishes = {
    ...plain,
    sessions: alive(390_000),
    payloadBytes: 1700,
    rate: { low: 2400, likely: 2400, high: 2400 },
    survives: ['store-restart', 'zone'],
    mayLose: 'second',
    hosting: 'own',
  };
  const { choice, options } = advise({ evidence, wishes: worked, prices: usual }, 'brief');
  assert.equal(choice, 'redis');
  const cost = options[0]?.cost ?? assert.fail('no cost');
  assert.deepEqual(
    cost.lines.map(({ part, monthly }) => `${part} ${monthly}`),
    ['apps 52.91', 'store 26.46', 'replicas 26.46', 'balancer 52.91', 'traffic 141'],
  );
  assert.equal(cost.monthly, 299.74);
});

test('twelve wishes by three price books come to what they came to', async () => {
  const found = Object.fromEntries(
    Object.entries(wishes).map(([wish, each]) => [
      wish,
      Object.fromEntries(
        Object.entries(books).map(([book, prices]) => [
          book,
          goldenOf(advise({ evidence, wishes: each, prices }, 'brief')),
        ]),
      ),
    ]),
  );
  assert.equal(Object.keys(found).length, 12);
  if (process.env.SESSION_BENCH_UPDATE_GOLDEN === '1')
    await writeFile(file('choices.json'), `${JSON.stringify(found, null, 2)}\n`);
  assert.deepEqual(found, JSON.parse(await readFile(file('choices.json'), 'utf8')));
});
