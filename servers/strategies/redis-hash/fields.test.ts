import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionData } from '../../contract/store.ts';
import { changedFields, type Fields, fieldsOf, sessionOf } from './fields.ts';

function asFields(pairs: readonly string[]): Fields {
  const entries = pairs.flatMap((name, index) => (index % 2 === 0 ? [[name, pairs[index + 1] ?? '']] : []));
  return Object.fromEntries(entries);
}

test('each value has a field, and objects in the session are taken apart', () => {
  const session = {
    user: 'ann',
    version: 2,
    parts: { 0: 'x', 7: '' },
    list: [{ a: 1 }],
    deep: { in: { it: 1 } },
  };
  assert.deepEqual(asFields(fieldsOf(session)), {
    '/user': '"ann"',
    '/version': '2',
    '/parts/0': '"x"',
    '/parts/7': '""',
    '/list': '[{"a":1}]',
    '/deep/in': '{"it":1}',
  });
});

const sessions: Readonly<Record<string, SessionData>> = {
  'nothing at all': {},
  'empty objects and lists': { empty: {}, list: [], nothing: null },
  'keys with the marks of pointers': { 'a/b': 1, 'c~d': { 'e/f~1': 2 }, '': { '': 3 }, '~0': 4 },
  'keys that no UTF-8 can hold': { '\ud800': 1, 'a\u0000b': { '\udfff"\\': 2 } },
  'keys of every object': JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": 1, "x": {"__proto__": 2}}',
  ),
  'more values than a script takes': {
    many: Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [n, n])),
  },
};
for (const [what, session] of Object.entries(sessions)) {
  test(`${what}: a session comes back as JSON would bring it`, () => {
    const pairs = fieldsOf(session);
    assert.ok(
      pairs.length >= 2 && pairs.length <= 2_000,
      'a hash is never empty, and no script is given too much',
    );
    assert.equal(JSON.stringify(sortedDeep(sessionOf(asFields(pairs)))), JSON.stringify(sortedDeep(session)));
  });
}

/** By name, since a hash has no order. */
function sortedDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sortedDeep(inner)]);
}

test('what JSON leaves out or says in its own words is left out or said so', () => {
  const cookie = { toJSON: () => ({ path: '/' }) };
  const session = { gone: undefined, at: new Date(0), cookie, inside: { gone: undefined } };
  assert.deepEqual(sessionOf(asFields(fieldsOf(session))), JSON.parse(JSON.stringify(session)));
});

test('fields go before what a whole session says', () => {
  const found = sessionOf({
    '': '{"user":"ann","parts":{"0":"a","1":"b"}}',
    '/version': '3',
    '/parts/1': '"c"',
  });
  assert.deepEqual(found, { user: 'ann', version: 3, parts: { 0: 'a', 1: 'c' } });
});

for (const fields of [
  { '': '42' },
  { '': '["ann"]' },
  { '/user': '"an' },
  { user: '"ann"' },
  { '/a/b/c': '1' },
  { '/a"': '1' },
  { '': `{"user":"${'x'.repeat(2 ** 21)}"}` },
  Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`/${n}`, '1'])),
]) {
  test(`${JSON.stringify(fields).slice(0, 60)} is no session`, () => {
    assert.throws(() => sessionOf(fields));
  });
}

test('only what has changed is written', () => {
  const session = { user: 'ann', version: 3, parts: { 0: 'x', 1: 'y' } };
  const changed = changedFields(session, [['version'], ['parts', '1']]);
  assert.deepEqual(asFields(changed), { '/version': '3', '/parts/1': '"y"' });
});

for (const way of [
  ['parts'],
  ['absent'],
  ['parts', '9'],
  ['user', 'name'],
  ['parts', '0', 'deep'],
] as const) {
  test(`${way.join('.')} cannot be written by itself`, () => {
    const session = { user: 'ann', parts: { 0: 'x' } };
    assert.throws(() => changedFields(session, [way]), /cannot|can be written by itself/);
  });
}
