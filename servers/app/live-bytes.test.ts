import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveBytes } from './live-bytes.ts';

const MIB = 2 ** 20;

test('what is held counts, on the heap and beside it, and garbage does not', () => {
  const before = liveBytes();
  for (let turn = 0; turn < 50; turn += 1) Buffer.alloc(MIB).fill(turn);
  assert.ok(liveBytes() - before < 5 * MIB, 'garbage');
  const buffer = Buffer.alloc(20 * MIB);
  const texts = Array.from({ length: 100_000 }, (_, at) => ({ text: `entry ${at}` }));
  assert.ok(liveBytes() - before > 22 * MIB, 'held');
  assert.equal(buffer.length + texts.length, 20 * MIB + 100_000);
});
