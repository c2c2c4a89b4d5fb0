import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeParts, partCount, payloadSize, replacePart } from './payload.ts';

test('a payload has the size asked for, shared out over all parts', () => {
  for (const bytes of [0, 1, 7, 8, 9, 400, 1700, 65_535, 65_536]) {
    const parts = makeParts('ann', bytes);
    assert.equal(payloadSize(parts), bytes);
    assert.equal(Buffer.byteLength(Object.values(parts).join('')), bytes);
    const sizes = Object.values(parts).map(({ length }) => length);
    assert.equal(sizes.length, partCount);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
});

test('the same user gets the same payload, another user another one', () => {
  assert.deepEqual(makeParts('ann', 500), makeParts('ann', 500));
  assert.notDeepEqual(makeParts('ann', 500), makeParts('bob', 500));
});

test('replacing a part changes that part and no size', () => {
  for (let part = 0; part < partCount; part += 1) {
    const before = makeParts('ann', 1001);
    const after = makeParts('ann', 1001);
    replacePart(after, part, 'ann', 2);
    assert.equal(payloadSize(after), 1001);
    const changed = Object.keys(before).filter((key) => before[key] !== after[key]);
    assert.deepEqual(changed, [String(part)]);
  }
});
