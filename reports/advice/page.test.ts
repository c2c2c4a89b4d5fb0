import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualBook } from '../../advice/prices/usual.ts';
import { inventedEvidence } from '../../advice/testing/evidence.ts';
import { wishPresets } from '../../advice/wishes/presets.ts';
import { usualWishes } from '../../advice/wishes/usual.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';
import { fixtures } from '../fixtures/index.ts';
import { reported } from '../fixtures/temporary.ts';
import { chooseScript } from '../render/html/choose/bundle.ts';
import { html } from '../render/html/index.ts';
import { terminal } from '../render/terminal.ts';
import { type Asked, answered } from './asked.ts';
import { addressOf, fieldsIn, fieldsOf, wishesIn } from './inputs.ts';
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
    assert.equal(wishesIn(fields).status, 'wishes');
    assert.deepEqual(fieldsIn(addressOf(fields), fieldsOf(wishes)), fields);
  }
  assert.equal(fieldsIn('#latency', fieldsOf(wishes)), null);
  const part = fieldsIn('#choose?rate=7', fieldsOf(wishes));
  assert.deepEqual(part, { ...fieldsOf(wishes), rate: '7' });
});

test('fields with mistakes say so, all of them', () => {
  const read = wishesIn({
    ...fieldsOf(wishes),
    sessions: 'x',
    rate: '0',
    payload: '-1',
    p99: 'y',
    budget: '0',
    loses: 'all',
  });
  assert.equal(read.status === 'mistakes' && read.mistakes.length, 6);
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
