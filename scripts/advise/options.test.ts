import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sessionsAlive, usualWishes } from '../../advice/wishes/usual.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';
import { type Fields, fieldsOf, wishesIn } from '../../reports/advice/inputs.ts';
import { parseArguments } from '../cli/arguments.ts';
import { strangeStores } from '../cli/known-stores.ts';
import { adviseSpec, wishesOf } from './options.ts';
import { priceJsonSchema, priceSchemaFile } from './price-schema.ts';
import { bookIn, usualBook } from './prices-file.ts';

async function mistakesOf(...argv: readonly string[]): Promise<readonly string[]> {
  const parsed = await parseArguments(adviseSpec, argv);
  return parsed.status === 'mistakes' ? parsed.mistakes : assert.fail(`no mistake in ${argv.join(' ')}`);
}

async function wishesFor(...argv: readonly string[]): Promise<Wishes> {
  const parsed = await parseArguments(adviseSpec, argv);
  return parsed.status === 'ok' ? wishesOf(parsed.input.values) : assert.fail(JSON.stringify(parsed));
}

test('what is typed is wished', async () => {
  const wishes = await wishesFor(
    '--sessions',
    '2e6',
    '--rate',
    '1k,5k,8000',
    '--slo',
    'p99<50ms',
    '--budget',
    '500',
    '--may-lose',
    '1s',
  );
  assert.equal(sessionsAlive(wishes), 2e6);
  assert.deepEqual(wishes.rate, { low: 1000, likely: 5000, high: 8000 });
  assert.equal(wishes.slo?.text, 'p99<50ms');
  assert.equal(wishes.budget, 500);
  assert.deepEqual([wishes.mayLose, wishes.survives], ['second', ['app-restart', 'store-restart']]);
});

test('sessions follow from logins and the time that they are alive', async () => {
  assert.equal(
    sessionsAlive(await wishesFor('--logins', '50', '--alive', '12h', '--rate', '100')),
    50 * 12 * 3600,
  );
});

test('a published workload is taken, and what is typed beside it counts', async () => {
  const alone = await wishesFor('--like', 'wikimedia');
  const changed = await wishesFor('--like', 'wikimedia', '--rate', '100', '--may-lose', 'all');
  assert.equal(changed.rate.high, 100);
  assert.deepEqual([changed.mayLose, changed.survives], ['all', []]);
  assert.equal(sessionsAlive(changed), sessionsAlive(alone));
});

test('what sessions are to outlast loses the last second at most unless more is allowed', async () => {
  const { mayLose, survives } = await wishesFor(
    '--sessions',
    '10',
    '--rate',
    '1',
    '--survives',
    'zone,app-restart',
  );
  assert.deepEqual([mayLose, survives], ['second', ['zone', 'app-restart']]);
});

const scale = ['--sessions', '1e4', '--rate', '100'];
const scaleFields = fieldsOf({
  ...usualWishes,
  sessions: { kind: 'alive', count: 1e4 },
  rate: { low: 100, likely: 100, high: 100 },
});

/** Options of the scale stand once. */
const scaledBy = (typed: readonly string[]): readonly string[] => [
  ...(typed.includes('--sessions') ? [] : scale.slice(0, 2)),
  ...(typed.includes('--rate') ? [] : scale.slice(2)),
  ...typed,
];

const alike: readonly (readonly [typed: readonly string[], filled: Partial<Fields>])[] = [
  [[], {}],
  [['--may-lose', 'none'], { loses: 'none' }],
  [['--may-lose', '1s'], { loses: 'second' }],
  [['--may-lose', 'node', '--survives', 'zone'], { loses: 'node', survives: 'zone' }],
  [['--may-lose', 'all'], { loses: 'all' }],
  [['--sessions', '500k', '--rate', '2.3M'], { sessions: '500k', rate: '2.3M' }],
  [['--rate', '1k, 2e3,.3m'], { rate: '1k, 2e3,.3m' }],
  [
    ['--payload', '2k', '--budget', '1k', '--utilisation', '.5'],
    { payload: '2k', budget: '1k', utilisation: '.5' },
  ],
];
for (const [typed, filled] of alike)
  test(`the page wishes what the terminal does: ${typed.join(' ') || 'no more than the scale'}`, async () => {
    const read = wishesIn({ ...scaleFields, ...filled });
    assert.deepEqual(read, { status: 'wishes', wishes: await wishesFor(...scaledBy(typed)) });
  });

const bad: readonly (readonly [argv: readonly string[], mistake: string])[] = [
  [[], '--sessions 2e6'],
  [[], '--rate 5000'],
  [['--like', 'wikimdia'], 'Did you mean "wikimedia"'],
  [['--sessions', '0', '--rate', '100'], '--sessions'],
  [['--sessions', 'many', '--rate', '100'], '"many"'],
  [['--sessions', '1e99', '--rate', '100'], '--sessions'],
  [['--sessions', '-5', '--rate', '100'], '--sessions'],
  [['--sessions', '10', '--logins', '5', '--alive', '1h', '--rate', '1'], 'keep one'],
  [['--logins', '5', '--rate', '1'], '--alive'],
  [['--sessions', '1.5', '--rate', '100'], 'a whole number'],
  [['--sessions', '50,000', '--rate', '100'], 'write it without commas: 50000'],
  [['--logins', '0.1', '--alive', '1s', '--rate', '1'], 'come to 0.1 sessions'],
  [['--logins', '1e7', '--alive', '1d', '--rate', '1'], 'come to 864,000,000,000 sessions'],
  [['--sessions', '10', '--rate', '5,000'], 'write 5000 for one number'],
  [['--sessions', '10', '--rate', '1,000,000'], 'a comma separates low, likely and high'],
  [['--sessions', '10', '--rate', '1,x,3'], 'a comma separates low, likely and high'],
  [['--sessions', '10', '--rate', '1e-7'], '"1e-7"'],
  [['--logins', '5', '--alive', '1w', '--rate', '1'], 's, m, h or d'],
  [['--sessions', '10', '--rate', '5,4,3'], 'must rise'],
  [['--sessions', '10', '--rate', '5,6'], 'or three'],
  [['--sessions', '10', '--rate', 'NaN'], '"NaN"'],
  [[...scale, '--slo', 'p99>50ms'], '--slo'],
  [[...scale, '--budget', '0'], '--budget'],
  [[...scale, '--may-lose', '2s'], '--may-lose'],
  [[...scale, '--survives', 'flood'], '"flood"'],
  [[...scale, '--may-lose', 'all', '--survives', 'zone'], 'leave one of the two out'],
  [[...scale, '--has', 'postgres', '--hosting', 'managed'], 'leave one of the two out'],
  [[...scale, '--has', 'foo'], 'unknown strategy "foo"'],
  [[...scale, '--has', ''], 'Known: memcached, '],
  [[...scale, '--has', 'redis,Postgres'], 'Did you mean "postgres"'],
  [[...scale, '--has', 'sticky'], 'sessions live in the apps'],
  [[...scale, '--hosting', 'cloud'], '--hosting'],
  [[...scale, '--utilisation', '1.5'], '--utilisation'],
  [[...scale, '--core-factor', '0'], '--core-factor'],
  [[...scale, '--prices', '/no/such/book.json'], 'cannot be read'],
  [[...scale, '--run', 'no-such-run'], 'no-such-run'],
];
for (const [argv, mistake] of bad)
  test(`"${argv.join(' ')}" is refused: ${mistake}`, async () => {
    const found = await mistakesOf(...argv);
    assert.ok(
      found.some((each) => each.includes(mistake)),
      found.join('\n'),
    );
  });

const refused: readonly (readonly [option: string, field: keyof Fields, typed: readonly string[]])[] = [
  ['--sessions', 'sessions', ['0x3e8', '+1000', '1.5', '0', '1e11', '1,000', '']],
  ['--rate', 'rate', ['1e-7', '0x10', '5,000', '3,2,1', '1,2', 'Infinity', '']],
  ['--payload', 'payload', ['1e300', '-1', '2e6']],
  ['--budget', 'budget', ['0', '1e13', '1_000']],
  ['--utilisation', 'utilisation', ['1', '+0.5', '0.01']],
];
for (const [option, field, all] of refused)
  test(`the page refuses what the terminal does of ${option}, with the same words`, async () => {
    for (const typed of all) {
      const read = wishesIn({ ...scaleFields, [field]: typed });
      const told = read.status === 'mistakes' ? read.mistakes : assert.fail(typed);
      const found = await mistakesOf(...scaledBy([option, typed]));
      const words = found.map((each) => each.slice(`${option}: `.length));
      assert.ok(
        words.some((each) => told.join(' ').includes(each)),
        `${told}\n${found}`,
      );
    }
  });

test('servers that are there are those of a strategy or of its variant', async () => {
  const { has } = await wishesFor(...scale, '--has', 'redis,postgres@unlogged', '--has', 'redis');
  assert.deepEqual(has, ['redis', 'postgres@unlogged']);
});

test('all mistakes are told together', async () => {
  assert.equal((await mistakesOf('--rate', 'x', '--budget', '-1', '--hosting', 'cloud')).length, 4);
});

test('a strategy that a book names and nobody knows is a mistake, with the one that may be meant', async () => {
  const [text, strange] = [await readFile(usualBook, 'utf8'), await strangeStores()];
  const read = bookIn(text.replaceAll('"valkey"', '"valky"'), 'book', '2026-11-26', strange);
  assert.ok(read.status === 'mistakes' && read.mistakes.every((each) => each.includes('mean "valkey"')));
});

test('a book in a currency too dear to tell costs in is a mistake', async () => {
  const [text, strange] = [await readFile(usualBook, 'utf8'), await strangeStores()];
  const dear = text.replaceAll(/"price": ([\d.]+)/g, (_, price: string) => `"price": ${Number(price) / 1e5}`);
  const read = bookIn(dear, 'book', '2026-11-26', strange);
  assert.match(read.status === 'mistakes' ? read.mistakes.join() : '', /told in hundredths/);
});

test('a key that a book has twice is a mistake', async () => {
  const strange = await strangeStores();
  const text = await readFile(usualBook, 'utf8');
  assert.equal(bookIn(text, 'book', '2026-11-26', strange).status, 'ok');
  const read = bookIn(
    text.replace('"currency": "USD"', '"currency": "USD", "currency": "EUR"'),
    'book',
    '2026-11-26',
    strange,
  );
  assert.ok(read.status === 'mistakes' && read.mistakes.some((each) => each.includes('twice')));
  assert.equal(bookIn(text.slice(1), 'book', '2026-11-26', strange).status, 'mistakes');
});

test('the JSON Schema of price books in the repository is the one of the code', async () => {
  const file: unknown = JSON.parse(await readFile(priceSchemaFile, 'utf8'));
  assert.deepEqual(
    file,
    JSON.parse(JSON.stringify(priceJsonSchema())),
    'write it again with "node scripts/advise/price-schema.ts"',
  );
});
