import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsOf, victimsIn } from './tables.ts';

const rows = [
  { id: 7, sid: 'key of one', owner: 'ann', data: Buffer.from('{"a":"long"}'), at: new Date(0) },
  { id: 8, sid: Buffer.from('key of two'), owner: null, data: '{}', at: null },
  { id: 9, sid: 'key of one alone', owner: null, data: null, at: null },
];

test('each value of a row is a text, bytes as Latin-1', () => {
  const texts = textsOf([{ n: 1, b: Buffer.from([0xff, 0x41]), d: new Date(0), z: null }]);
  assert.deepEqual(texts, ['1', '\u00ffA', '1970-01-01T00:00:00.000Z', 'null']);
});

test('what is overwritten is the longest text of a row with the name, and never its key', () => {
  assert.deepEqual(
    victimsIn(rows, ['one']).map(({ keyColumn, column }) => [keyColumn, column]),
    [['sid', 'data']],
  );
  assert.deepEqual(
    victimsIn(rows, ['two', 'nobody']).map(({ key, column }) => [String(key), column]),
    [['key of two', 'data']],
  );
  assert.deepEqual(victimsIn(rows, ['nobody']), []);
});
