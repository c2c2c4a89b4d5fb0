import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualBook } from '../../advice/prices/usual.ts';
import { inventedEvidence } from '../../advice/testing/evidence.ts';
import { wishPresets } from '../../advice/wishes/presets.ts';
import { sessionsAlive, usualWishes } from '../../advice/wishes/usual.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';
import { fixtures } from '../fixtures/index.ts';
import { reported } from '../fixtures/temporary.ts';
import { chooseScript } from '../render/html/choose/bundle.ts';
import { html } from '../render/html/index.ts';
import { terminal } from '../render/terminal.ts';
import { type Asked, answered } from './asked.ts';
import {
  addressOf,
  completed,
  fieldsIn,
  fieldsOf,
  isSame,
  slidNumber,
  slidText,
  wishesIn,
} from './inputs.ts';
import { advicePage } from './page.ts';

const asked: Asked = { evidence: inventedEvidence, book: usualBook, presets: wishPresets };
const wishes: Wishes = {
  ...usualWishes,
  sessions: { kind: 'alive', count: 50_000 },
  rate: { low: 500, likely: 500, high: 500 },
  mayLose: 'none',
  survives: ['app-restart', 'store-restart'],
  has: [],
};

const shown = (wished: Wishes): string =>
  terminal(advicePage({ ...answered(asked, wished), remarks: ['a remark'] }), { columns: 200 });

test('an advice tells its answer, costs by line, what is out, flips, grounds and what is missing', () => {
  const text = shown(wishes);
  for (const part of [
    'use postgres',
    'a remark',
    'What is left',
    'a month',
    'What is out',
    'What would flip it',
    'What it rests on',
    'on paper',
    'npm run bench -- --faults',
  ])
    assert.ok(text.includes(part), `${part}\n${text}`);
});

test('where nothing is left the page says so, with the wish and the nearest that would do', () => {
  const text = shown({ ...wishes, budget: 1 });
  assert.match(text, /nothing that was measured will do/);
  assert.match(text, /a budget of \d+ USD/);
});

test('every published workload comes to an answer', () => {
  for (const { wishes: each } of wishPresets) assert.ok(shown(each).length > 200);
});

test('the fields of the page wish what the wishes say, and the address restores them', () => {
  for (const { wishes: each } of wishPresets) {
    const fields = fieldsOf(each);
    const read = wishesIn(fields);
    assert.ok(read.status === 'wishes');
    // Nothing is rounded or left out on the way: the page answers as the terminal does.
    const { sessions: _, ...rest } = each;
    const { sessions: counted, ...others } = read.wishes;
    assert.deepEqual(others, rest);
    assert.equal(sessionsAlive({ sessions: counted }), sessionsAlive(each));
    assert.deepEqual(fieldsIn(addressOf(fields), fieldsOf(wishes), []), fields);
  }
  assert.equal(fieldsIn('#latency', fieldsOf(wishes), []), null);
  const part = fieldsIn('#choose?rate=7', fieldsOf(wishes), []);
  assert.deepEqual(part, { ...fieldsOf(wishes), rate: '7' });
});

test('all that is wished can be said in the fields', () => {
  const all: Wishes = {
    ...wishes,
    payloadBytes: 900,
    slo: {
      text: 'p99<20ms',
      terms: [{ kind: 'latency', operation: null, percentile: 99, limitMicros: 20_000 }],
    },
    budget: 400,
    endsAtOnce: true,
    endsAllOfAUser: true,
    has: ['postgres'],
    hosting: 'own',
    utilisation: 0.4,
  };
  const read = wishesIn(fieldsOf(all));
  assert.deepEqual(read, { status: 'wishes', wishes: all });
  assert.ok(isSame(fieldsOf(all), fieldsOf(all)) && !isSame(fieldsOf(all), fieldsOf(wishes)));
});

test('an address that says what there is no choice of is as if it had not', () => {
  const usual = fieldsOf(wishes);
  for (const said of [
    'loses=some&hosting=moon',
    'has=foo',
    'has=redis,postgres',
    'survives=bar',
    'survives=zone,bar',
    'ends=never',
  ])
    assert.deepEqual(fieldsIn(`#choose?${said}`, usual, ['redis', 'postgres']), usual, said);
  const chosen = fieldsIn('#choose?has=redis&survives=zone&ends=all', usual, ['redis']);
  assert.deepEqual(chosen, { ...usual, has: 'redis', survives: 'zone', ends: 'all' });
});

test('where a loss is chosen and no event is ticked, those that are meant show as ticked', () => {
  const none = { ...fieldsOf(wishes), survives: '' };
  const shows = completed(none);
  assert.equal(shows.survives, 'app-restart,store-restart');
  assert.deepEqual(wishesIn(none), wishesIn(shows));
  const all = { ...none, loses: 'all' };
  assert.deepEqual(completed(all), all);
});

const rates: readonly (readonly [typed: string, rate: Wishes['rate'] | null])[] = [
  ['5', { low: 5, likely: 5, high: 5 }],
  ['1, 2,3', { low: 1, likely: 2, high: 3 }],
  ['1,2', null],
  ['3,2,1', null],
  ['5,000', null],
  ['', null],
  ['Infinity', null],
];
for (const [typed, rate] of rates)
  test(`the rate "${typed}" is ${rate === null ? 'a mistake' : 'read'}`, () => {
    const read = wishesIn({ ...fieldsOf(wishes), rate: typed });
    assert.deepEqual(read.status === 'wishes' ? read.wishes.rate : null, rate);
  });

test('fields with mistakes say so, all of them', () => {
  const read = wishesIn({
    ...fieldsOf(wishes),
    sessions: 'x',
    rate: '0',
    payload: 'Infinity',
    p99: 'y',
    budget: '0',
    loses: 'all',
    utilisation: '2',
  });
  assert.equal(read.status === 'mistakes' && read.mistakes.length, 7);
});

test('a slider is read aloud as its number, and as its own place where the field has none', () => {
  assert.equal(slidText('sessions', '500k', 3), '500,000');
  assert.equal(slidText('rate', '1,2,3000', 3), '3,000');
  for (const typed of ['x', '', '1.5']) assert.equal(slidText('sessions', typed, 3.301), '2,000');
  assert.deepEqual([slidNumber('sessions', 'x'), slidNumber('rate', '1,2,3')], [null, 3]);
});

test('the script of the page holds the advice and nothing that a browser lacks', async () => {
  const script = await chooseScript();
  assert.ok(script.length < 120_000, `${script.length} bytes`);
  assert.ok(!/["'`]node:/.test(script) && !script.includes('</script'));
});

test('the report of a run has the section with a table that needs no scripts; that of a search has none', async () => {
  const { document } = await reported('good');
  const page = await html(document);
  assert.ok(page.includes('id="choose"') && page.includes('Advice for published workloads'));
  assert.ok(page.includes('id="choose-asked"'));
  assert.ok('capacity' in fixtures);
  assert.ok(!(await reported('capacity')).document.sections.some(({ id }) => id === 'choose'));
});
